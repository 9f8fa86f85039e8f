"""Which concepts of the rules a message holds, sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extractOne

from magbot.safety.data import load
from magbot.safety.normalise import fold, sentences
from magbot.safety.patterns import Words, alternatives

_REMEMBERED = 64  # texts
_FUZZY_FROM = 6  # letters: in shorter words one slip may make another word


class Concepts:
    """The concepts of some data files."""

    def __init__(self, *names: str) -> None:
        sources = {concept: words for name in names for concept, words in load(name)["concepts"].items()}
        patterns = [(concept, pattern) for concept, words in sources.items() for pattern in alternatives(words)]
        self._owners = [concept for concept, _ in patterns]
        self._words = Words([pattern for _, pattern in patterns])
        self._none = dict.fromkeys(sources, False)
        self._latest: dict[bytes, Mapping[str, bool]] = {}

    def held(self, text: str) -> Mapping[str, bool]:
        """For each concept, whether a folded text holds it."""
        # Several rules read the same sentences. By a digest: what people asked is kept nowhere.
        key = blake2b(text.encode(), digest_size=16).digest()
        held = self._latest.get(key)
        if held is None:
            if len(self._latest) >= _REMEMBERED:
                self._latest.clear()
            found = self._words.places(text)
            held = self._latest[key] = self._none | {self._owners[place]: True for place in found}
        return held


class Reading:
    """One sentence, or several, in which concepts are looked for."""

    def __init__(self, text: str, concepts: Concepts, known: Mapping[str, bool] | None = None) -> None:
        self.text = text
        held = concepts.held(text)
        self._held = {**held, **known} if known else held

    def has(self, concept: str) -> bool:
        """Whether the concept is there."""
        return self._held[concept]

    def holds(self, condition: str) -> bool:
        """Whether all concepts of a condition are there, and none that it forbids with `!`."""
        held = self._held
        return all(not held[name[1:]] if name[0] == "!" else held[name] for name in condition.split())


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
