r"""The patterns of `rules.yaml`: plain words in normal spelling, with a little notation.

`..` stands for up to six words in the same sentence, `~` for up to two, and the rest is a Python regular expression.
A pattern matches whole words; `selvmord\\w*` also matches what begins so. A doubled letter must not be parted by a
bracket, because folding makes it single.

There are thousands of them, and compiling all takes longer than everything else at a start. So a pattern is compiled
only once a text holds the letters that every match of it must hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from magbot.safety.literals import needed
from magbot.safety.normalise import fold

_ESCAPE = re.compile(r"\\(.)")
_HIDDEN_ESCAPE = re.compile("[\ue000-\ue0ff]")
_FIRST_HIDDEN = 0xE000
_GAPS = {" .. ": r"(?: \S+){0,6}? ", " ~ ": r"(?: \S+){0,2}? "}


def alternatives(words: Mapping[str, str] | str) -> list[str]:
    """The patterns of a concept, Danish and English together; people mix the languages in one sentence."""
    texts = [words] if isinstance(words, str) else list(words.values())
    return [part.strip() for text in texts for part in re.split(r"\s+\|\s+", text.strip()) if part.strip()]


def expression(pattern: str) -> str:
    """Source of the regular expression for one pattern, folded as the text will be."""
    for sign, regex in _GAPS.items():
        pattern = pattern.replace(sign, regex)
    # Escapes are no letters of a word, so they must come through the folding as they are.
    hidden = _ESCAPE.sub(lambda match: chr(_FIRST_HIDDEN + ord(match[1])), pattern)
    return _HIDDEN_ESCAPE.sub(lambda match: "\\" + chr(ord(match[0]) - _FIRST_HIDDEN), fold(hidden))


@cache
def _compiled(expressions: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(expressions) + r")\b")


class _Word(NamedTuple):
    expression: str
    needed: tuple[str, ...]  # one of these is in every match; none known: ("",)


class Words:
    """Patterns that are looked for together."""

    def __init__(self, patterns: Sequence[str]) -> None:
        # Joined, because folding has a price for each call; no pattern holds a line break.
        expressions = expression("\n".join(patterns)).split("\n") if patterns else []
        self._words = [_Word(source, needed(source)) for source in expressions]

    def _possible(self, text: str) -> Iterator[str]:
        for word in self._words:
            for letters in word.needed:
                if letters in text:
                    yield word.expression
                    break

    def found_in(self, text: str) -> bool:
        """Whether any of the patterns is in a folded text, as whole words."""
        return any(_compiled((source,)).search(text) for source in self._possible(text))

    def replaced(self, text: str, by: str) -> str:
        """The folded text with `by` in place of every match."""
        possible = tuple(self._possible(text))
        return _compiled(possible).sub(by, text) if possible else text
