"""Decides from what search found whether the corpus answers a question.

Two logistic models over a few features, with weights fitted by eval/fit_answerability.py on the dev part of the cases
and stored with where they come from in answerability.json.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from magbot.retrieval.search import Found
from magbot.schema import Outcome
from magbot.text.numbers import numbers_in

# Words that place a question in magbot's field, as stems and in both languages.
_FIELD = re.compile(r"magnes|\bmg\b|hypomagnes|mineral|epsom", re.IGNORECASE)
# A capitalised word inside a question names something: a person, a brand, a place.
_NAME = re.compile(r"(?<=[a-zæøå,;:] )[A-ZÆØÅ][a-zæøåé]+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def features(found: Found) -> dict[str, float]:
    """What the decision looks at; every value lies between -1 and 1."""
    hits = found.hits
    if not hits:
        return {}
    best = hits[0]
    texts = [f"{hit.sentence.text} {hit.passage.heading} {hit.metadata.title}" for hit in hits[:3]]
    coverage = [found.coverage(text) for text in texts]
    near = " ".join(f"{hit.passage.text} {hit.metadata.title} {' '.join(hit.metadata.authors)}" for hit in hits[:8])
    names = [name for name in _NAME.findall(found.question) if name.lower() not in {"magnesium", "danmark", "denmark"}]
    numbers = set(numbers_in(found.question, found.language))
    held = set(numbers_in(near, found.language))
    return {
        "dense": max(hit.dense for hit in hits[:5]),
        "question_match": max(hit.question_match for hit in hits[:5]),
        "score": best.score,
        "coverage": max(coverage),
        "coverage_near": found.coverage(near),
        "agreement": float(best.lexical > 0.5),
        "margin": min(1.0, best.score - hits[min(len(hits), 10) - 1].score),
        "field": float(bool(_FIELD.search(found.question))),
        "names_missing": float(any(name.lower() not in near.lower() for name in names)),
        "numbers_missing": len(numbers - held) / len(numbers) if numbers else 0.0,
        "year": float(bool(_YEAR.search(found.question))),
        "rarest_missing": _rarest_missing(found, near),
    }


def _rarest_missing(found: Found, near: str) -> float:
    """Whether the question's rarest word occurs nowhere near the best sentences."""
    if not found.weights:
        return 0.0
    rarest = max(found.weights, key=lambda term: found.weights[term])
    from magbot.text.analysis import terms

    return float(rarest not in set(terms(near, found.language)))


@dataclass(frozen=True)
class Decision:
    """The outcome and how probable it is that the corpus answers."""

    outcome: Outcome
    probability: float


@dataclass(frozen=True)
class _Logistic:
    intercept: float
    weights: Mapping[str, float]

    def __call__(self, values: Mapping[str, float]) -> float:
        z = self.intercept + sum(weight * values.get(name, 0.0) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


@cache
def _models() -> tuple[_Logistic, float, _Logistic]:
    stored = json.loads((Path(__file__).parent / "answerability.json").read_text(encoding="utf-8"))
    answered, field = stored["answered"], stored["in_field"]
    return (
        _Logistic(answered["intercept"], answered["weights"]),
        float(answered["threshold"]),
        _Logistic(field["intercept"], field["weights"]),
    )


def decide(found: Found) -> Decision:
    """Answered, not in the corpus, or off topic."""
    values = features(found)
    if not values:
        return Decision(Outcome.NOT_IN_CORPUS, 0.0)
    answered, threshold, in_field = _models()
    probability = answered(values)
    if probability >= threshold:
        return Decision(Outcome.ANSWERED, probability)
    return Decision(Outcome.NOT_IN_CORPUS if in_field(values) >= 0.5 else Outcome.OFF_TOPIC, probability)
