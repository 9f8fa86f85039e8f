"""Ranks sentences by how well they answer, not only by how near they are to the question.

A linear model over the features below, fitted by eval/fit_ranking.py on the dev part of the cases (listwise softmax
loss) and stored with where it comes from in ranking.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from magbot.question.form import Form, question_form
from magbot.retrieval.search import Found
from magbot.schema import Hit, Kind
from magbot.text.analysis import terms
from magbot.text.numbers import numbers_in

Ranked = list[tuple[Hit, float]]

# Only this many of the hits are ranked; the right sentence is hardly ever further down.
CANDIDATES = 40

# House rules, not fitted: strong evidence before weak, opinion behind both unless it is asked for, and a document that
# nobody has reviewed behind all that have been.
_EVIDENCE = 0.3
_UNASKED_ARTICLE = -0.3
_UNREVIEWED = -1.5

_AMOUNT = re.compile(r"\d[\d.,]*\s*(?:%|mg|g|µg|mmol|mEq|procent|percent)", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\d[\d.,]*\s*(?:\w+\s){0,3}(?:deltager|participant|person|people|patient|voksne|adults|kvinder|women|studier|studies|trials|forsøg)",
    re.IGNORECASE,
)
_ASKS_PEOPLE = re.compile(
    r"(?:hvor mange|how many|antal|number of)\W+(?:\w+\W+){0,2}"
    r"(?:deltag|menneske|person|people|particip|patient|var med|took part|studi|trial|forsøg)",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\b\d+[\d.,-]*\s*(?:ugers?|dage?|døgn|timers?|måneder?|år|weeks?|days?|hours?|months?|years?|minut\w*)",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"\b(?:fordi|skyldes|derfor|because|due to|since|årsag|cause)", re.IGNORECASE)
_ABOUT_ARTICLE = re.compile(
    r"\b(?:artikl\w*|article\w*|taylor\w*|undersøgelsen|studiet|forfatteren|skribenten|"
    r"the (?:study|trial|review|author|text))\b",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"\b(?:viser (?:ikke|intet)|siger intet|dækker ikke|does not (?:show|cover)|says nothing|kun resuméet|"
    r"only the abstract)\b",
    re.IGNORECASE,
)
_COMMON_NAMES = frozenset({"magnesium", "health", "national", "institute", "danish", "center", "office"})


def features(hit: Hit, found: Found) -> dict[str, float]:
    """What the ranking looks at, each value about 0 to 1."""
    text = hit.sentence.text
    form = question_form(found.question)
    kind = hit.metadata.kind
    about_article = bool(_ABOUT_ARTICLE.search(found.question))
    asked_numbers = set(numbers_in(found.question, found.language))
    held_numbers = set(numbers_in(text, hit.metadata.language))
    own_terms = set(terms(text, found.language))
    context = own_terms | set(terms(f"{hit.passage.heading} {hit.metadata.title}", found.language))
    return {
        "dense": hit.dense,
        "question_match": max(hit.question_match, hit.dense),
        "lexical": hit.lexical,
        "coverage": max(found.share(own_terms), found.bridge([hit])),
        "coverage_context": max(found.share(context), found.bridge([hit])),
        "numbers_held": len(asked_numbers & held_numbers) / len(asked_numbers) if asked_numbers else 0.0,
        "numbers_missing": len(asked_numbers - held_numbers) / len(asked_numbers) if asked_numbers else 0.0,
        "amount_wanted": float(form is Form.QUANTITY and bool(_AMOUNT.search(text))),
        "amount_lacking": float(form is Form.QUANTITY and not held_numbers),
        "people_wanted": float(bool(_ASKS_PEOPLE.search(found.question)) and bool(_PEOPLE.search(text))),
        "duration_wanted": float(form is Form.TIME and bool(_DURATION.search(text))),
        "duration_lacking": float(form is Form.TIME and not _DURATION.search(text)),
        "reason_wanted": float(form is Form.REASON and bool(_BECAUSE.search(text))),
        "list_wanted": float(form is Form.LIST) * min(1.0, text.count(",") / 3),
        "verdict_wanted": float(form is Form.YES_NO and kind is Kind.FAQ),
        "article_wanted": float(about_article and kind is Kind.ARTICLE),
        "named": float(_is_named(hit, found.question)),
        "faq": float(kind is Kind.FAQ),
        "first_of_faq": float(
            kind is Kind.FAQ and hit.passage.sentences[0].start == hit.sentence.start == _body_start(hit)
        ),
        "table": float(kind is Kind.TABLE),
        "limit_sentence": float(bool(_DETAIL.search(text))),
        "length": min(1.0, len(text.split()) / 40),
    }


def _body_start(hit: Hit) -> int:
    """Where the first passage of a document with one heading begins."""
    return hit.passage.start if hit.passage.start <= len(hit.passage.heading) + 2 else -1


def _names(hit: Hit) -> Iterator[str]:
    for author in hit.metadata.authors:
        name = author.split()[0].lower().strip(",.")
        if len(name) > 3 and name not in _COMMON_NAMES:
            yield name
    yield from (part for part in hit.metadata.id.split("-") if len(part) > 3 and not part.isdigit())


def _is_named(hit: Hit, question: str) -> bool:
    """Whether the question names this document's study: its first author or a part of its id."""
    if hit.metadata.kind in {Kind.FAQ, Kind.TABLE}:
        return False
    lowered = question.lower()
    first = next((name for name in _names(hit)), "")
    year = str(hit.metadata.year or "")
    return bool(first) and first in lowered and (year in lowered or first not in {"", "taylor"})


@cache
def weights() -> Mapping[str, float]:
    """Fitted weights by feature."""
    stored = json.loads((Path(__file__).parent / "ranking.json").read_text(encoding="utf-8"))
    fitted: dict[str, float] = stored["weights"]
    return fitted


def rank(found: Found) -> Ranked:
    """Hits with the model's score, best first. A score is a logit: differences count, not its zero."""
    model = weights()
    scored = []
    for hit in found.hits[:CANDIDATES]:
        fitted = sum(model.get(name, 0.0) * value for name, value in features(hit, found).items())
        scored.append((hit, fitted + house_rules(hit, found)))
    return sorted(scored, key=lambda pair: -pair[1])


def house_rules(hit: Hit, found: Found) -> float:
    """What is added to the fitted score of a sentence by policy."""
    score = _EVIDENCE * (5 - (hit.metadata.evidence_level or 5)) / 4
    if hit.metadata.kind is Kind.ARTICLE and not _ABOUT_ARTICLE.search(found.question):
        score += _UNASKED_ARTICLE
    if not hit.metadata.reviewed:
        score += _UNREVIEWED
    return score
