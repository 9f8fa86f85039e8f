"""Mends misspelt words of a question with the corpus' own words, for search only; what is shown stays as typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from magbot.schema import Language
from magbot.text.analysis import fold

_WORD = re.compile(r"[^\W\d_]{4,}")
# One edit in short words, two in long ones: "wemon", "magnisium", "reccomended".
_LONG = 7
_VOWELS = frozenset("aeiouy")


class Vocabulary:
    """Words of a language with how often they occur, in folded spelling."""

    def __init__(self, texts: Iterable[str], language: Language) -> None:
        self._language = language
        self._counts = Counter(word for text in texts for word in _WORD.findall(fold(text, language)))
        self._words = [word for word, count in self._counts.items() if count > 1]

    def nearest(self, word: str) -> str | None:
        """The most frequent of the nearest known words to an unknown one; None when none is near enough."""
        folded = fold(word, self._language)
        if folded in self._counts:
            return None
        most = 2 if len(folded) >= _LONG else 1
        found = process.extract(folded, self._words, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=8)
        near = [
            (distance, -self._counts[known], known)
            for known, distance, _ in found
            if known[0] == folded[0] and _is_slip(folded, known)
        ]
        return min(near)[2] if near else None


def _is_slip(typed: str, meant: str) -> bool:
    """Whether the difference is one that people make: letters left out, doubled or swapped, one vowel for another.

    Another letter in place of a consonant mostly makes another word: "stones" is not "stores".
    """
    lost, gained = set(typed) - set(meant), set(meant) - set(typed)
    return not gained or lost <= _VOWELS


def mend_spelling(question: str, is_known: Callable[[str], bool], vocabulary: Callable[[], Vocabulary]) -> str:
    """The question with unknown words replaced by near ones that the corpus has.

    `is_known` tells whether the index has a word, so that the vocabulary is only made when there is something to mend.
    """

    def replace(match: re.Match[str]) -> str:
        word = match.group()
        if word[0].isupper() and match.start() > 0:
            # Names are not misspelt words; a name that nothing holds is a reason to refuse.
            return word
        return word if is_known(word) else vocabulary().nearest(word) or word

    return _WORD.sub(replace, question)
