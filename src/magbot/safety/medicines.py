"""Medicines that a message names, and what the corpus says, or does not say, about each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extractOne

from magbot.safety.assessment import NoticeDraft, NoticeSupport
from magbot.safety.concepts import Reading
from magbot.safety.danger import concepts
from magbot.safety.data import load
from magbot.safety.normalise import fold
from magbot.safety.patterns import Words, alternatives
from magbot.schema import Language

_MOST_POINTS = 3
_FUZZY_FROM = 7  # letters: a shorter name is too close to ordinary words to forgive a slip
_SUFFIXES = ("erne", "ene", "en", "et", "er", "s")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Folded name to its group; "" for a product that the corpus does not cover."""
    content = load("medicines")
    found = {fold(name): "" for entry in content["other"] for name in entry["names"]}
    for group, entry in content["groups"].items():
        found |= dict.fromkeys((fold(name) for name in entry["names"]), group)
    return found


@lru_cache(maxsize=1)
def _endings() -> tuple[tuple[str, str], ...]:
    content = load("medicines")
    known = [(fold(end), group) for group, entry in content["groups"].items() for end in entry.get("endings", ())]
    return (*known, *((fold(end), "") for end in content["endings"]))


@lru_cache(maxsize=1)
def _with_magnesium() -> dict[str, str]:
    groups = load("medicines")["groups"].items()
    return {fold(name): group for group, entry in groups for name in entry.get("with_magnesium", ())}


@lru_cache(maxsize=1)
def _general() -> Words:
    return Words(alternatives(load("medicines")["general"]))


@lru_cache(maxsize=1)
def _fuzzy_choices() -> tuple[str, ...]:
    return tuple(name for name in _names() if len(name) >= _FUZZY_FROM and " " not in name)


@lru_cache(maxsize=1)
def _not_medicines() -> frozenset[str]:
    return frozenset(map(fold, load("medicines")["not_medicines"]))


@lru_cache(maxsize=4096)
def _group_of(word: str) -> str | None:
    names = _names()
    if word in names:
        return names[word]
    if word in _not_medicines():
        return None
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and word.removesuffix(suffix) in names and len(word) > len(suffix) + 3:
            return names[word.removesuffix(suffix)]
    for ending, group in _endings():
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            return group
    if len(word) >= _FUZZY_FROM:
        limit = 1 if len(word) < 10 else 2
        hit = extractOne(word, _fuzzy_choices(), scorer=DamerauLevenshtein.distance, score_cutoff=limit)
        if hit and hit[0][0] == word[0]:
            return names[hit[0]]
    return None


def named(sentence: str) -> Iterator[tuple[str, str]]:
    """Words of a folded sentence that name a medicine, each with its group ("" when the corpus does not cover it)."""
    words = sentence.split()
    names = _names()
    for first, second in itertools.pairwise(words):
        pair = f"{first} {second}"
        if pair in names:
            yield pair, names[pair]
    for word in words:
        group = _group_of(word)
        if group is not None:
            yield word, group


def points(sentences: Sequence[str], told: Sequence[Sequence[str]], language: Language) -> list[NoticeDraft]:
    """Notices about the medicines named now, or named earlier when the question is about taking something.

    Args:
        sentences: the message, folded.
        told: the person's earlier messages, folded.
        language: of the notices.
    """
    whole = Reading(" . ".join(sentences), concepts())
    if whole.has("pets_health") or (whole.has("research") and not whole.has("me")):
        return []
    found = dict.fromkeys(hit for sentence in sentences for hit in named(sentence))
    if whole.has("mg"):
        together = whole.has("together")
        found |= dict.fromkeys(
            (word, group)
            for sentence in sentences
            for word, group in ((w, _with_magnesium().get(w)) for w in sentence.split())
            if group and together
        )
    if whole.has("frame") and not any(whole.has(concept) for concept in ("mg", "me", "family", "take_person")):
        found = {}
    if not found and whole.has("take"):
        found = dict.fromkeys(hit for turn in told for sentence in turn for hit in named(sentence))
    groups = list(dict.fromkeys(group for _, group in found if group))
    drafts = [_interaction(groups[:_MOST_POINTS], language)] if groups else []
    unknown = list(dict.fromkeys(word for word, group in found if not group))
    if unknown:
        drafts.append(_unknown(unknown, language))
    elif not groups and whole.has("mg") and _general().found_in(whole.text):
        drafts.append(_plain("interaction", language))
    return drafts


def _interaction(groups: Sequence[str], language: Language) -> NoticeDraft:
    content = load("medicines")
    entries: list[dict[str, Any]] = [content["groups"][group] for group in groups]
    text = " ".join([*(entry[language] for entry in entries), content["ask"][language]])
    return NoticeDraft(kind="interaction", text=text, support=tuple(s for e in entries for s in _support(e, language)))


def _support(entry: dict[str, Any], language: Language) -> tuple[NoticeSupport, ...]:
    return tuple(NoticeSupport(document_id=s["id"], quote=s[language]) for s in entry.get("support", ()))


def _unknown(words: Sequence[str], language: Language) -> NoticeDraft:
    joined = {"da": " og ", "en": " and "}[language].join(_display(word) for word in words[:2])
    entry: dict[str, Any] = load("notices")["texts"]["unknown-medicine"]
    text: str = entry[language]
    return NoticeDraft(kind="unknown-medicine", text=text.format(name=joined), support=_support(entry, language))


@lru_cache(maxsize=1)
def _spelling() -> dict[str, str]:
    content = load("medicines")
    return {fold(name): name for entry in content["other"] for name in entry["names"]}


def _display(word: str) -> str:
    return _spelling().get(word, word)


def _plain(kind: str, language: Language) -> NoticeDraft:
    entry: dict[str, Any] = load("notices")["texts"][kind]
    return NoticeDraft(kind=kind, text=entry[language], support=_support(entry, language))
