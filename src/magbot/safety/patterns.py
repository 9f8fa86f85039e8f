r"""Compiles the patterns of `rules.yaml`: plain words in normal spelling, with a little notation.

`..` stands for up to six words in the same sentence, `~` for up to two, and the rest is a Python regular expression.
A pattern matches whole words; `selvmord\\w*` also matches what begins so. A doubled letter must not be parted by a
bracket, because folding makes it single.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from magbot.safety.normalise import fold

_TOKEN = re.compile(r"\\.|[^\W\d_]+|.", re.DOTALL)
_GAPS = {" .. ": r"(?: \S+){0,6}? ", " ~ ": r"(?: \S+){0,2}? "}


def alternatives(words: Mapping[str, str] | str) -> list[str]:
    """The patterns of a concept, Danish and English together; people mix the languages in one sentence."""
    texts = [words] if isinstance(words, str) else list(words.values())
    return [part.strip() for text in texts for part in re.split(r"\s+\|\s+", text.strip()) if part.strip()]


def expression(pattern: str) -> str:
    """Source of the regular expression for one pattern, folded as the text will be."""
    for sign, regex in _GAPS.items():
        pattern = pattern.replace(sign, regex)
    return "".join(token if token[0] == "\\" else fold(token) for token in _TOKEN.findall(pattern))


def compile_words(patterns: Sequence[str]) -> re.Pattern[str]:
    """One expression that finds any of the patterns as whole words."""
    return re.compile(r"\b(?:" + "|".join(expression(pattern) for pattern in patterns) + r")\b")
