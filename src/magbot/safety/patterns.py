r"""The patterns of `rules.yaml`: plain words in normal spelling, with a little notation.

`..` stands for up to six words in the same sentence, `~` for up to two, and the rest is a Python regular expression.
A pattern matches whole words; `selvmord\\w*` also matches what begins so. A doubled letter must not be parted by a
bracket, because folding makes it single.

There are thousands of them, and compiling all takes longer than everything else at a start. So a pattern is compiled
only once a text holds the letters that every match of it must hold.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from magbot.safety.literals import needed
from magbot.safety.normalise import fold

_ESCAPE = re.compile(r"\\(.)")
_HIDDEN_ESCAPE = re.compile("[\ue000-\ue0ff]")
_FIRST_HIDDEN = 0xE000
_BEGINNING = 3  # letters
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
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{source})\b")


class Words:
    """Patterns that are looked for together."""

    def __init__(self, patterns: Sequence[str]) -> None:
        # Joined, because folding has a price for each call; no pattern holds a line break.
        self._expressions = expression("\n".join(patterns)).split("\n") if patterns else []
        # By their beginning, the letters of which one is in every match of a pattern, with the pattern's place.
        self._needed: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for place, source in enumerate(self._expressions):
            for letters in needed(source):
                self._needed[letters[:_BEGINNING]].append((letters, place))
        self._beginnings = frozenset(self._needed)

    def _possible(self, text: str) -> set[int]:
        pieces = {text[at : at + size] for size in range(_BEGINNING + 1) for at in range(len(text) + 1)}
        begun = self._beginnings & pieces
        return {place for piece in begun for letters, place in self._needed[piece] if letters in text}

    def places(self, text: str) -> list[int]:
        """Which of the patterns are in a folded text, as whole words."""
        return [place for place in sorted(self._possible(text)) if _compiled(self._expressions[place]).search(text)]

    def found_in(self, text: str) -> bool:
        """Whether any of the patterns is in a folded text, as whole words."""
        return bool(self.places(text))

    def replaced(self, text: str, by: str) -> str:
        """The folded text with `by` in place of every match."""
        found = [self._expressions[place] for place in self.places(text)]
        return _compiled("|".join(found)).sub(by, text) if found else text
