"""What the checks are given and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from magbot.answer.verification.lexicon import with_implied
from magbot.answer.verification.reading import Clause, Match, Reading


class Problem(StrEnum):
    """Why a statement is dropped."""

    CITATION = "citation"
    NUMBER = "number"
    SUBJECT = "subject"
    POPULATION = "population"
    NEGATION = "negation"
    DIRECTION = "direction"
    STRENGTH = "strength"
    MEANING = "meaning"


@dataclass(frozen=True)
class Finding:
    """What is wrong, and with what."""

    problem: Problem
    detail: str


@dataclass(frozen=True)
class Evidence:
    """A statement, its quotes, and which clause of the quotes each of its clauses retells."""

    statement: Reading
    quotes: tuple[Reading, ...]
    names: str
    """Title, authors and headings of the cited documents, in lower case."""
    aligned: Mapping[Clause, Sequence[Match]]
    """For each clause of the statement those of the quotes, best match first."""

    @property
    def held(self) -> set[str]:
        """All concepts of the quotes and what they imply."""
        return with_implied({concept for quote in self.quotes for concept in quote.concepts})

    @property
    def quote_clauses(self) -> list[Clause]:
        """The clauses of all quotes."""
        return [clause for quote in self.quotes for clause in quote.clauses]

    @cached_property
    def inverted(self) -> str:
        """The dimension of a comparison that the statement rightly tells from its other side, or nothing."""
        said = self.statement.comparison
        for held in (quote.comparison for quote in self.quotes):
            if said and held and said.swaps(held) and said.sign != held.sign:
                return said.dimension
        return ""
