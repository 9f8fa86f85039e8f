"""What texts are about, as concepts that are the same in Danish and English; the lists are in lexicon.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from magbot.answer.verification.signals import words_pattern
from magbot.schema import Language
from magbot.yaml_files import parse_yaml

Rule = Literal["strict", "context", "contrast", "heads"]
RULES: tuple[Rule, ...] = ("strict", "context", "contrast", "heads")


@dataclass(frozen=True)
class Mention:
    """A concept and where a text names it."""

    concept: str
    kind: str
    start: int
    end: int


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = parse_yaml((Path(__file__).parent / "lexicon.yaml").read_text(encoding="utf-8"))
    return lists


@cache
def rule_of(kind: str) -> Rule:
    """How strictly a kind of concept has to be in the quote."""
    return next(rule for rule in RULES if kind in _lists()[rule])


@cache
def implications() -> Mapping[str, frozenset[str]]:
    """What one concept also says."""
    return {concept: frozenset(others) for concept, others in _lists()["implies"].items()}


@cache
def restricting() -> frozenset[str]:
    """Concepts that a retelling of their quote may not leave out."""
    return frozenset(_lists()["restricting"])


@cache
def animals() -> frozenset[str]:
    """Concepts that are no people."""
    return frozenset(_lists()["animals"])


@cache
def _patterns(language: Language) -> list[tuple[str, str, re.Pattern[str]]]:
    found = [
        (concept, kind, re.compile(words_pattern(words[language])))
        for rule in RULES
        for kind, concepts in _lists()[rule].items()
        for concept, words in concepts.items()
    ]
    return [*found, ("human", "human", re.compile(words_pattern(_lists()["humans"][language])))]


def mentions(text: str, language: Language) -> list[Mention]:
    """Every concept that a prepared text names, each place once."""
    return [
        Mention(concept, kind, match.start(), match.end())
        for concept, kind, pattern in _patterns(language)
        for match in pattern.finditer(text)
    ]


def with_implied(concepts: set[str]) -> set[str]:
    """Concepts and what they also say."""
    return concepts.union(*(implications().get(concept, frozenset()) for concept in concepts))
