"""Decides from what search found whether the corpus answers a question.

Whether it does is the mean of what a logistic model and boosted trees say of the same features; a second logistic model
tells what is not in the corpus from other subjects. All are fitted by eval/fit_answerability.py and stored with where
they come from in answerability.json.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from magbot.question.form import Form
from magbot.retrieval.boosted import Trees
from magbot.retrieval.likeness import Likeness, likeness, marked
from magbot.retrieval.ranking import Ranked
from magbot.retrieval.search import Found
from magbot.retrieval.traits import traits
from magbot.schema import Kind, Outcome
from magbot.text.numbers import numbers_in

# Words that place a question in magbot's field.
_FIELD = re.compile(r"magn?e[sz]|\bmg\b|mineral|epsom|artikl|article", re.IGNORECASE)
# A capitalised word inside a question names something: a person, a brand, a place.
_NAME = re.compile(r"(?<=[\w,;:(] )[A-ZÆØÅ][\wé]{2,}|(?<=[\w,;:(])[A-ZÆØÅ]{4,}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Other nutrients: magbot knows them only beside magnesium.
_OTHER_NUTRIENT = re.compile(
    r"\b(?:protein\w*|kalori\w*|calori\w*|kulhydrat\w*|carb\w*|fedt\w*|fat|fats|sukker|sugar|kostfib\w*|fib(?:re|er)\w*|"
    r"calcium|kalk|kalium|potassium|natrium|sodium|jern|iron|zink|zinc|selen\w*|jod|iodine|kobber|copper|krom|chromium|"
    r"omega|fiskeolie|kollagen|collagen|koffein|caffeine|folat|folate|folsyre|b12|biotin|[abcdek]-?vitamin\w*|vitamin\w*)\b",
    re.IGNORECASE,
)
_NEAR = 8
_MANY = 20


def features(found: Found, ranked: Ranked, *, noticed: bool) -> dict[str, float]:
    """What the decision looks at; values lie between about -1 and 1. `noticed`: the person said something of health."""
    if not ranked:
        return {}
    worded = as_features(likeness(found, marked_words(found, ranked)))
    return features_without_wording(found, ranked, noticed=noticed) | worded


def features_without_wording(found: Found, ranked: Ranked, *, noticed: bool) -> dict[str, float]:
    """The features that need no fitted weights."""
    seen = _asked(found, noticed=noticed) | _matched(found, ranked) | _missing(found, ranked)
    return seen | _subjects(found, ranked) | _named(found, ranked)


def marked_words(found: Found, ranked: Ranked) -> tuple[str, ...]:
    """The words of the question, with marks for what is near does not hold."""
    comparable = ranked[0][0].metadata.language == found.language
    return marked(found, frozenset().union(*_held(found, ranked)) if comparable else None)


def as_features(worded: Likeness) -> dict[str, float]:
    """What the decision makes of a question's wording."""
    return {"like_answered": worded.answered, "like_off_topic": worded.off_topic}


def _held(found: Found, ranked: Ranked) -> list[frozenset[str]]:
    """Analysed terms of each sentence that is near, of its context and of the questions that it answers."""
    asked_with = {id(hit): signal.asked_with for hit, signal in zip(found.hits, found.signals, strict=True)}
    return [traits(hit, found.language).context | asked_with[id(hit)] for hit, _ in ranked[:_NEAR]]


def _asked(found: Found, *, noticed: bool) -> dict[str, float]:
    wanted = found.wanted
    return {
        "field": float(bool(_FIELD.search(found.question))),
        "noticed": float(noticed),
        "noticed_field": float(noticed and bool(_FIELD.search(found.question))),
        "long": min(1.0, len(found.question.split()) / 25),
        "single": float(len(found.weights) <= 1),
        "article": float(wanted.about_article),
        "other_nutrient": float(bool(_OTHER_NUTRIENT.search(found.question)) and not _FIELD.search(found.question)),
        **{f"form_{form.value}": float(wanted.form is form) for form in Form},
    }


def _matched(found: Found, ranked: Ranked) -> dict[str, float]:
    signals = {id(hit): signal for hit, signal in zip(found.hits, found.signals, strict=True)}
    first, best = ranked[0]
    its, near = signals[id(first)], [signals[id(hit)] for hit, _ in ranked[:_NEAR]]
    outside = 1.0 - float(bool(_FIELD.search(found.question)))
    matched = sorted((signal.matched for signal in found.signals), reverse=True)
    many = sorted((signal.dense for signal in found.signals), reverse=True)[:_MANY]
    dense_many = sum(many) / len(many)
    top = [hit for hit, _ in ranked[:3]]
    coverage = max(found.bridge(top), *(found.share(traits(hit, found.language).context) for hit in top))
    return {
        "dense_first": its.dense,
        "question_first": its.matched,
        "second_first": max(its.second, its.dense),
        "question_best": matched[0],
        "question_many": sum(matched[:_NEAR]) / len(matched[:_NEAR]),
        "dense_many": dense_many,
        "words_first": its.words,
        "asked_first": its.asked,
        "agreement": float(max(near, key=lambda s: s.matched) is max(near, key=lambda s: s.lexical)),
        "best": best / 20,
        "margin": min(1.0, (best - ranked[min(len(ranked), 10) - 1][1]) / 5),
        "document": sum(hit.metadata.id == first.metadata.id for hit, _ in ranked[:_NEAR]) / _NEAR,
        "article_first": float(first.metadata.kind is Kind.ARTICLE),
        "coverage": coverage,
        "question_outside": outside * matched[0],
        "dense_many_outside": outside * dense_many,
        "coverage_outside": outside * coverage,
    }


def _missing(found: Found, ranked: Ranked) -> dict[str, float]:
    """What the question names and what is near does not hold, in a sentence, its context or its questions."""
    hits = [hit for hit, _ in ranked[:_NEAR]]
    near = " ".join(f"{hit.passage.text} {hit.metadata.title} {' '.join(hit.metadata.authors)}" for hit in hits).lower()
    held = _held(found, ranked)
    names = {name.lower() for name in _NAME.findall(found.question)} - {"magnesium"}
    numbers = set(numbers_in(found.question, found.language))
    numbers_near = set(numbers_in(near, found.language))
    total = sum(found.weights.values()) or 1.0
    bridge = found.bridge(hits[:3])
    near_terms = frozenset().union(*held)
    gone = [weight for term, weight in found.weights.items() if term not in near_terms]
    gone_first = [weight for term, weight in found.weights.items() if term not in held[0]]
    own = traits(hits[0], found.language).terms
    outside = 1.0 - float(bool(_FIELD.search(found.question)))
    return {
        "coverage_first": max(bridge, found.share(held[0])),
        "coverage_own": max(bridge, found.share(own)),
        "rarest_own": max(bridge, float(found.rarest in own)),
        "rarest_first": max(bridge, float(found.rarest in held[0])),
        "uncovered_outside": outside * (1 - max(bridge, found.share(own))),
        "coverage_best": max(bridge, max(found.share(its) for its in held)),
        "coverage_near": max(bridge, found.share(near_terms)),
        "gone": (1 - bridge) * max(gone, default=0.0) / 8,
        "gone_first": (1 - bridge) * max(gone_first, default=0.0) / 8,
        "unknown": (1 - bridge) * sum(found.weights[term] for term in found.unknown) / total,
        "unknown_any": (1 - bridge) * float(bool(found.unknown)),
        "mended": (1 - bridge) * sum(found.weights[term] for term in found.mended) / total,
        "year_missing": float(any(year not in near for year in _YEAR.findall(found.question))),
        "names_missing": float(any(name not in near for name in names)),
        "numbers_missing": len(numbers - numbers_near) / len(numbers) if numbers else 0.0,
        "article_uncovered": float(found.wanted.about_article) * (1 - found.share(own)),
    }


def _subjects(found: Found, ranked: Ranked) -> dict[str, float]:
    """Whether what is near is about the illness, medicine, salt or group that the question is about."""
    asked = found.wanted.subjects
    near = [traits(hit, found.language).subjects for hit, _ in ranked[:_NEAR]]
    pairs = [(named, [its[kind] for its in near]) for kind, named in asked.items() if named]
    return {
        "subjects": min(1.0, len(pairs) / 2),
        "subjects_met": min((float(bool(named & about[0])) for named, about in pairs), default=0.0),
        "subjects_missed": max((float(not any(named & its for its in about)) for named, about in pairs), default=0.0),
    }


def _named(found: Found, ranked: Ranked) -> dict[str, float]:
    """What a question asks of the documents that it names, and what of it they do not hold."""
    if found.named is None:
        return {"named": 0.0, "named_gone": 0.0, "named_uncovered": 0.0}
    documents, names, held = found.named
    near = zip((hit for hit, _ in ranked[:_NEAR]), _held(found, ranked), strict=False)
    held = held.union(
        *(
            its
            for hit, its in near
            if hit.metadata.id in documents or any(name in hit.sentence.text.lower() for name in names)
        )
    )
    gone = [weight for term, weight in found.weights.items() if term not in held]
    return {"named": 1.0, "named_gone": max(gone, default=0.0) / 8, "named_uncovered": 1 - found.share(held)}


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

    def logit(self, values: Mapping[str, float]) -> float:
        """What the weights say of feature values."""
        return self.intercept + sum(weight * values.get(name, 0.0) for name, weight in self.weights.items())


class _Models(NamedTuple):
    answered: Logistic
    trees: Trees
    threshold: float
    in_field: Logistic


@cache
def _models() -> _Models:
    stored = json.loads((Path(__file__).parent / "answerability.json").read_text(encoding="utf-8"))
    answered, field = stored["answered"], stored["in_field"]
    return _Models(
        Logistic(answered["intercept"], answered["weights"]),
        Trees(tuple(answered["weights"]), answered["trees"]),
        float(answered["threshold"]),
        Logistic(field["intercept"], field["weights"]),
    )


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def decide(found: Found, ranked: Ranked, *, noticed: bool = False) -> Decision:
    """Answered, not in the corpus, or off topic."""
    values = features(found, ranked, noticed=noticed)
    if not values:
        return Decision(Outcome.NOT_IN_CORPUS, 0.0)
    models = _models()
    probability = _probability((models.answered.logit(values) + models.trees.logit(values)) / 2)
    if probability >= models.threshold:
        return Decision(Outcome.ANSWERED, probability)
    near = models.in_field.logit(values) >= 0
    return Decision(Outcome.NOT_IN_CORPUS if near else Outcome.OFF_TOPIC, probability)
