"""Ranks sentences by how well they answer, not only by how near they are to the question.

A linear model over features.py, fitted by eval/fit_ranking.py (listwise softmax loss) and stored with where it comes
from in ranking.json.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

from magbot.question.studies import STUDY
from magbot.retrieval.features import Values, features
from magbot.retrieval.policy import Policy
from magbot.retrieval.search import Found
from magbot.schema import Hit, Kind

_STUDIES = {Kind.RANDOMISED_TRIAL, Kind.SYSTEMATIC_REVIEW, Kind.COHORT, Kind.OBSERVATIONAL, Kind.REVIEW}
_NEAR = 8
Ranked = list[tuple[Hit, float]]


@cache
def weights(names: tuple[str, ...]) -> Values:
    """Fitted weights in the order of `names`."""
    stored = json.loads((Path(__file__).parent / "ranking.json").read_text(encoding="utf-8"))["weights"]
    return np.array([stored.get(name, 0.0) for name in names])


def study_behind(found: Found) -> str | None:
    """Name of the study that the answer to a question rests on most; None when it rests on none."""
    for hit, _ in rank(found)[:_NEAR]:
        if hit.metadata.kind in _STUDIES and (study := STUDY.search(f"{hit.sentence.text} {hit.passage.heading}")):
            return study.group()
    return None


def rank(found: Found) -> Ranked:
    """Hits with the model's score, best first. A score is a logit: differences count, not its zero."""
    names, values = features(found)
    if not names:
        return []
    policy = Policy.of(found.wanted)
    scores = values @ weights(tuple(names))
    scored = [(hit, float(score) + policy.score(hit)) for hit, score in zip(found.hits, scores, strict=True)]
    return sorted(scored, key=lambda pair: -pair[1])
