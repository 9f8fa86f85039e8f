"""Which concepts of the rules a message holds, sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extractOne

from magbot.safety.data import load
from magbot.safety.normalise import fold, sentences
from magbot.safety.patterns import Words, alternatives

_FUZZY_FROM = 6  # letters: in shorter words one slip may make another word


class Concepts:
    """The concepts of some data files; each is read when it is first asked for."""

    def __init__(self, *names: str) -> None:
        self._sources: dict[str, dict[str, str]] = {}
        for name in names:
            self._sources |= load(name)["concepts"]
        self._words: dict[str, Words] = {}

    def search(self, concept: str, sentence: str) -> bool:
        """Whether a folded sentence holds the concept."""
        words = self._words.get(concept)
        if words is None:
            words = self._words[concept] = Words(alternatives(self._sources[concept]))
        return words.found_in(sentence)


class Reading:
    """One sentence, or two neighbouring ones, in which concepts are looked for once and remembered."""

    def __init__(self, text: str, concepts: Concepts, known: Mapping[str, bool] | None = None) -> None:
        self.text = text
        self._concepts = concepts
        self._found: dict[str, bool] = dict(known or {})

    def has(self, concept: str) -> bool:
        """Whether the concept is there."""
        known = self._found.get(concept)
        if known is None:
            known = self._found[concept] = self._concepts.search(concept, self.text)
        return known

    def holds(self, condition: str) -> bool:
        """Whether all concepts of a condition are there, and none that it forbids with `!`."""
        return all(not self.has(name[1:]) if name[0] == "!" else self.has(name) for name in condition.split())


@lru_cache(maxsize=1)
def _short_forms() -> dict[str, str]:
    return {fold(short.replace("'", "")): fold(long) for short, long in load("rules")["short_forms"].items()}


@lru_cache(maxsize=1)
def _removals() -> tuple[Words, Words, Words]:
    idioms, crisis, other = (Words(alternatives(load("rules")[n])) for n in ("idioms", "denied_crisis", "denied"))
    return idioms, crisis, other


@lru_cache(maxsize=1)
def _key_words() -> tuple[str, ...]:
    return tuple(fold(word) for word in load("rules")["key_words"])


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """A key word in which there is one slip, as it should be; any other word as it is."""
    if len(word) < _FUZZY_FROM or word.startswith(_key_words()):
        return word
    hit = extractOne(word, _key_words(), scorer=DamerauLevenshtein.distance, score_cutoff=1)
    return hit[0] if hit else word


def read(text: str) -> tuple[list[str], bool]:
    """Folded sentences of a message without idioms and denied dangers, and whether a crisis was denied."""
    idioms, crisis, other = _removals()
    found = []
    was_denied = False
    for sentence in sentences(text, _short_forms()):
        without = idioms.replaced(" ".join(map(_mended, sentence.split())), " _ ")
        rest = crisis.replaced(without, " _ ")
        was_denied = was_denied or rest != without
        found.append(" ".join(other.replaced(rest, " _ ").split()))
    return found, was_denied
