"""How near a statement is in meaning to its quotes, and which clause of theirs each of its clauses retells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from magbot.answer.verification.lexicon import mentions
from magbot.answer.verification.quantities import quantities_in
from magbot.answer.verification.reading import Clause, Match, Reading
from magbot.encoder.base import Encoder

# What naming the same things adds to the cosine of two clauses when they are matched.
_SAME_THINGS = 0.4
_REMEMBERED = 2000


@cache
def thresholds() -> Mapping[str, float]:
    """Least cosine for `same` and for `other` languages; fitted by eval/fit_verification.py."""
    stored = json.loads((Path(__file__).parent / "threshold.json").read_text(encoding="utf-8"))
    fitted: dict[str, float] = stored["thresholds"]
    return fitted


class Meaning:
    """Compares texts by the encoder; remembers what it has encoded."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def similarity(self, statement: str, texts: Iterable[str]) -> float:
        """Cosine of a statement to the nearest of some texts, -1 when there are none."""
        listed = list(texts)
        if not listed:
            return -1.0
        own, *others = self._encode([statement, *listed])
        return max(float(own @ other) for other in others)

    def align(self, statement: Reading, quotes: Sequence[Reading]) -> dict[Clause, list[Match]]:
        """For each clause of the statement the clauses of the quotes, the one that it retells first."""
        held = [clause for quote in quotes for clause in quote.clauses]
        vectors = self._encode([clause.text for clause in (*statement.clauses, *held)])
        own, others = vectors[: len(statement.clauses)], vectors[len(statement.clauses) :]
        aligned = {}
        for clause, vector in zip(statement.clauses, own, strict=True):
            scores = [
                float(vector @ other) + _SAME_THINGS * _shared(clause, held_clause)
                for other, held_clause in zip(others, held, strict=True)
            ]
            matches = [Match(held_clause, score) for held_clause, score in zip(held, scores, strict=True)]
            aligned[clause] = sorted(matches, key=lambda match: -match.score)
        return aligned

    def _encode(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if len(self._vectors) + len(new) > _REMEMBERED:
            self._vectors.clear()
            new = list(dict.fromkeys(texts))
        if new:
            self._vectors.update(zip(new, self._encoder.encode_passages(new), strict=True))
        return [self._vectors[text] for text in texts]


def _things(clause: Clause) -> set[object]:
    named: set[object] = {mention.concept for mention in mentions(clause.text, clause.language)}
    return named | {quantity.value for quantity in quantities_in(clause.text, clause.language)}


def _shared(first: Clause, second: Clause) -> float:
    """Share of the things that the smaller of two clauses names which the other names too."""
    own, other = _things(first), _things(second)
    smaller = min(len(own), len(other))
    return len(own & other) / smaller if smaller else 0.0
