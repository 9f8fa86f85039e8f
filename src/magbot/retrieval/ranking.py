"""Ranks sentences by how well they answer, not only by how near they are to the question.

A linear model over features.py, fitted by eval/fit_ranking.py (listwise softmax loss) and stored with where it comes
from in ranking.json.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

from magbot.retrieval.features import Values, features
from magbot.retrieval.search import Found
from magbot.retrieval.traits import asks_about_article
from magbot.schema import Hit, Kind

Ranked = list[tuple[Hit, float]]

# House rules, not fitted: strong evidence before weak, opinion behind both unless it is asked for, and a document that
# nobody has reviewed behind all that have been.
_EVIDENCE = 0.6
_UNASKED_ARTICLE = -1.5
_UNREVIEWED = -2.15


@cache
def weights(names: tuple[str, ...]) -> Values:
    """Fitted weights in the order of `names`."""
    stored = json.loads((Path(__file__).parent / "ranking.json").read_text(encoding="utf-8"))["weights"]
    return np.array([stored.get(name, 0.0) for name in names])


def rank(found: Found) -> Ranked:
    """Hits with the model's score, best first. A score is a logit: differences count, not its zero."""
    names, values = features(found)
    if not names:
        return []
    about_article = asks_about_article(found.question)
    scores = values @ weights(tuple(names))
    scored = [
        (hit, float(score) + house_rules(hit, about_article=about_article))
        for hit, score in zip(found.hits, scores, strict=True)
    ]
    return sorted(scored, key=lambda pair: -pair[1])


def house_rules(hit: Hit, *, about_article: bool) -> float:
    """What is added to the fitted score of a sentence by policy."""
    score = _EVIDENCE * (5 - (hit.metadata.evidence_level or 5)) / 4
    if hit.metadata.kind is Kind.ARTICLE and not about_article:
        score += _UNASKED_ARTICLE
    if not hit.metadata.reviewed:
        score += _UNREVIEWED
    return score
