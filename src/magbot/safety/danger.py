"""Recognises danger: which urgent rule a message meets, and what kind of danger that is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from magbot.safety.concepts import Concepts, Reading
from magbot.safety.data import load

_NOT_PERSONAL = ("general", "research", "fiction", "writing", "past", "pet", "hearsay", "checked")
_SOMEBODY_ELSE = ("frame", "info", "research", "others", "fiction", "nonhuman", "pet", "hearsay", "question_general")
_OWN = (
    *("wish_death", "take_life", "suicide_have", "self_harm", "never_wake"),
    *("end_it", "give_up", "goodbye", "hoard", "farewell_signs"),
)
_CLAUSE = re.compile(r" (?:og|men|at|fordi|and|but|that|because) | (?=(?:jeg|i) )")
_TELEGRAM = 8  # words
PRIORITY = ("crisis", "poisoning", "stroke", "heart", "allergy", "pregnancy", "emergency")


class Danger(NamedTuple):
    """What kind of danger a message tells of, whether it is happening this minute, and whether to somebody else."""

    kind: str
    now: bool
    rule: str
    bystander: bool = False


class _Rule(NamedTuple):
    id: str
    kind: str
    when: tuple[str, ...]
    unless: tuple[str, ...]


@lru_cache(maxsize=1)
def concepts() -> Concepts:
    """The concepts of danger and of the notices."""
    return Concepts("rules", "notices")


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    rules = [_Rule(r["id"], r["kind"], tuple(r["when"]), tuple(r["unless"])) for r in load("rules")["urgent"]]
    return tuple(sorted(rules, key=lambda rule: PRIORITY.index(rule.kind)))


def windows(sentences: Sequence[str]) -> Iterator[Reading]:
    """Each sentence alone, then each pair of neighbours: danger is often told in two short sentences."""
    for sentence in sentences:
        yield _with_speaker(sentence)
    for first, second in itertools.pairwise(sentences):
        yield Reading(f"{first} . {second}", concepts())


def _with_speaker(sentence: str) -> Reading:
    """A short sentence without a subject is about the one who writes it: “chest pain and dizzy”."""
    reading = Reading(sentence, concepts())
    if len(sentence.split()) > _TELEGRAM or any(reading.has(concept) for concept in _SOMEBODY_ELSE):
        return reading
    return Reading(sentence, concepts(), {"me": True})


def _excepted(reading: Reading, exceptions: Sequence[str]) -> bool:
    for name in exceptions:
        if name == "general":
            hit = reading.has("frame") and not any(reading.has(c) for c in ("me", "family", "happened"))
        elif name == "past":
            hit = reading.has("past") and (reading.has("over") or not reading.has("strong_now"))
        elif name == "pet":
            hit = reading.has("pet") and not reading.has("child")
        elif name in ("info", "others"):
            hit = reading.has(name) and not (reading.has("me") or reading.has("family"))
        else:
            hit = reading.has(name)
        if hit:
            return True
    return False


def find(sentences: Sequence[str]) -> Danger | None:
    """The gravest danger that a message tells of, or None.

    Args:
        sentences: folded sentences, as `concepts.read` returns them.

    """
    best: Danger | None = None
    for reading in windows(sentences):
        for rule in _rules():
            if best is not None and PRIORITY.index(rule.kind) >= PRIORITY.index(best.kind):
                break
            if any(reading.holds(condition) for condition in rule.when) and not _excepted(reading, rule.unless):
                best = Danger(rule.kind, _is_now(rule.kind, sentences), rule.id)
                break
    return best


def is_excepted(sentences: Sequence[str]) -> bool:
    """Whether a message is about research, fiction, the past, an animal or people in general."""
    return _excepted(Reading(" . ".join(sentences), concepts()), _NOT_PERSONAL)


def may_be_personal(sentences: Sequence[str]) -> bool:
    """Whether a message is about the person or someone near, now."""
    whole = Reading(" . ".join(sentences), concepts())
    about = whole.has("me") or whole.has("family") or whole.has("alarm")
    return about and not is_excepted(sentences)


def is_told_of_another(sentences: Sequence[str]) -> bool:
    """Whether a message about a crisis is about somebody else, and nothing in it says that of the one who writes."""
    if not any(Reading(sentence, concepts()).has("another_in_crisis") for sentence in sentences):
        return False
    clauses = [clause for sentence in sentences for clause in _CLAUSE.split(sentence)]
    return not any(_is_own(Reading(clause, concepts())) for clause in clauses)


def _is_own(clause: Reading) -> bool:
    if clause.has("another_in_crisis"):
        return False
    if clause.has("me"):
        return any(clause.has(concept) for concept in _OWN)
    return clause.has("give_up") and not clause.has("family")


def second(kind: str, sentences: Sequence[str]) -> Danger:
    """The danger that a second opinion sees."""
    return Danger(kind, _is_now(kind, sentences), "second-opinion")


def _is_now(kind: str, sentences: Sequence[str]) -> bool:
    whole = Reading(" . ".join(sentences), concepts())
    if kind == "crisis":
        acted = whole.has("ingested") and whole.has("product")
        return acted or any(
            whole.has(c) for c in ("strong_now", "weapon", "hoard", "bleeding", "unconscious", "severe_sign")
        )
    if kind == "poisoning":
        return any(whole.has(c) for c in ("severe_sign", "unconscious", "seizure", "breathless", "fainted"))
    return True
