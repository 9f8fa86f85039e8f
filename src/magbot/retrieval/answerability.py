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

from magbot.retrieval.ranking import Ranked
from magbot.retrieval.search import Found
from magbot.schema import Outcome
from magbot.text.analysis import terms
from magbot.text.numbers import numbers_in

# Words that place a question in magbot's field.
_FIELD = re.compile(r"magn?e[sz]|\bmg\b|mineral|epsom|artikl|article", re.IGNORECASE)
# A capitalised word inside a question names something: a person, a brand, a place.
_NAME = re.compile(r"(?<=[\w,;:(] )[A-ZÆØÅ][\wé]{2,}|(?<=[\w,;:(])[A-ZÆØÅ]{4,}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# What one buys, rates or looks up elsewhere: no health source holds it.
_SHOPPING = re.compile(
    r"\b(?:koster|pris|priser|købe|køb|billigst\w*|butik\w*|kr|kroner|rabat|mærke|mærker|adresse\w*|"
    r"costs?|price|prices|buy|cheap\w*|shop|store|brand|brands|address\w*|discount|rate)\b",
    re.IGNORECASE,
)
_NEAR = 8
_MANY = 20


def features(found: Found, ranked: Ranked) -> dict[str, float]:
    """What the decision looks at; values lie between about -1 and 1, scores excepted."""
    hits = [hit for hit, _ in ranked[:_NEAR]]
    if not hits:
        return {}
    best = ranked[0][1]
    field = float(bool(_FIELD.search(found.question)))
    dense = max(hit.dense for hit in hits)
    mean = sum(sorted((hit.dense for hit in found.hits), reverse=True)[:_MANY]) / _MANY
    bridge = found.bridge(hits[:3])
    coverage = max(bridge, *(found.coverage(hit.sentence.text) for hit in hits[:3]))
    near = " ".join(f"{hit.passage.text} {hit.metadata.title} {' '.join(hit.metadata.authors)}" for hit in hits)
    near_terms = set(terms(near, found.language))
    names = {name.lower() for name in _NAME.findall(found.question)} - {"magnesium"}
    numbers = set(numbers_in(found.question, found.language))
    held = set(numbers_in(near, found.language))
    total = sum(found.weights.values()) or 1.0
    rarest = max(found.weights, key=lambda term: found.weights[term], default="")
    return {
        "dense": dense,
        "question_match": max(hit.question_match for hit in hits),
        "best": best / 10,
        "margin": min(1.0, (best - ranked[min(len(ranked), 10) - 1][1]) / 5),
        "coverage": coverage,
        "coverage_near": max(bridge, found.share(near_terms)),
        "unknown": (1 - bridge) * sum(found.weights[term] for term in found.unknown) / total,
        "unknown_any": (1 - bridge) * float(bool(found.unknown)),
        "field": field,
        "dense_outside": (1 - field) * dense,
        # A question of the field has many near sentences; one from elsewhere has a single chance hit.
        "dense_mean": mean,
        "dense_mean_outside": (1 - field) * mean,
        "coverage_outside": (1 - field) * coverage,
        "names_missing": float(any(name not in near.lower() for name in names)),
        "numbers_missing": len(numbers - held) / len(numbers) if numbers else 0.0,
        "year": float(bool(_YEAR.search(found.question))),
        "rarest_missing": (1 - bridge) * float(bool(rarest) and rarest not in near_terms),
        "shopping": float(bool(_SHOPPING.search(found.question))),
    }


@dataclass(frozen=True)
class Decision:
    """The outcome and how probable it is that the corpus answers."""

    outcome: Outcome
    probability: float


@dataclass(frozen=True)
class Logistic:
    """A fitted logistic model."""

    intercept: float
    weights: Mapping[str, float]

    def __call__(self, values: Mapping[str, float]) -> float:
        """Probability for feature values."""
        z = self.intercept + sum(weight * values.get(name, 0.0) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


@cache
def _models() -> tuple[Logistic, float, Logistic]:
    stored = json.loads((Path(__file__).parent / "answerability.json").read_text(encoding="utf-8"))
    answered, field = stored["answered"], stored["in_field"]
    return (
        Logistic(answered["intercept"], answered["weights"]),
        float(answered["threshold"]),
        Logistic(field["intercept"], field["weights"]),
    )


def decide(found: Found, ranked: Ranked) -> Decision:
    """Answered, not in the corpus, or off topic."""
    values = features(found, ranked)
    if not values:
        return Decision(Outcome.NOT_IN_CORPUS, 0.0)
    answered, threshold, in_field = _models()
    probability = answered(values)
    if probability >= threshold:
        return Decision(Outcome.ANSWERED, probability)
    return Decision(Outcome.NOT_IN_CORPUS if in_field(values) >= 0.5 else Outcome.OFF_TOPIC, probability)
