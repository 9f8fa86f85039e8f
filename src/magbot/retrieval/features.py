"""What the ranking looks at: one row of numbers for each sentence that search found, most between 0 and 1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from magbot.question.form import Form
from magbot.retrieval.search import Found, Signals
from magbot.retrieval.traits import SECTIONS, Traits, Wanted, names_study, opens_page, traits
from magbot.schema import Hit, Kind

Values = NDArray[np.float64]
_TRIALS = {Kind.RANDOMISED_TRIAL, Kind.SYSTEMATIC_REVIEW, Kind.COHORT, Kind.OBSERVATIONAL, Kind.ANIMAL_STUDY}
_OFFICIAL = {Kind.GUIDELINE, Kind.FACT_SHEET, Kind.DATA_SET, Kind.PRODUCT_LABEL}


def _nearness(signal: Signals) -> dict[str, float]:
    return {
        "dense": signal.dense,
        "question": signal.matched,
        "second": max(signal.second, signal.dense),
        "words": signal.words,
        "asked": signal.asked,
    }


def _fit(hit: Hit, signal: Signals, found: Found, wanted: Wanted, its: Traits) -> dict[str, float]:
    """How the sentence's make fits what is asked."""
    kind, form = hit.metadata.kind, wanted.form
    numbers = len(wanted.numbers)
    held = len(wanted.numbers & its.numbers)
    bridge = found.bridge((hit,)) if hit.metadata.language != found.language else 0.0
    opens = float(opens_page(hit))
    return {
        "coverage": max(bridge, found.share(its.terms)),
        "coverage_context": max(bridge, found.share(its.context)),
        "coverage_all": max(bridge, found.share(its.context | signal.asked_with)),
        "numbers_held": held / numbers if numbers else 0.0,
        "numbers_missing": 1 - held / numbers if numbers else 0.0,
        "has_amount": float(its.amount),
        "has_numbers": float(bool(its.numbers)),
        "amount_wanted": float(form is Form.QUANTITY and its.amount),
        "amount_lacking": float(form is Form.QUANTITY and not its.numbers),
        "people_wanted": float(wanted.people and its.people),
        "people_unasked": float(not wanted.people and its.people),
        "duration_wanted": float(wanted.duration and its.duration),
        "duration_lacking": float(wanted.duration and not its.duration),
        "person_wanted": float(wanted.person and its.person),
        "date_wanted": float(wanted.date and its.date),
        "rarest": float(found.rarest in its.context),
        "reason_wanted": float(form is Form.REASON and its.because),
        "list_wanted": float(form is Form.LIST) * min(1.0, its.commas / 3),
        "verdict_wanted": float(form is Form.YES_NO) * opens,
        "article_wanted": float(wanted.about_article and kind is Kind.ARTICLE),
        "named": float(names_study(hit, wanted.lowered)),
        "faq": float(kind is Kind.FAQ),
        "first_of_faq": opens,
        "table": float(kind is Kind.TABLE),
        "trial": float(kind in _TRIALS),
        "official": float(kind in _OFFICIAL),
        "limit_sentence": float(its.limit),
        "length": min(1.0, its.words / 40),
        "advice": float(its.advice),
        "settles": float(its.settles),
        "settles_wanted": float(wanted.verdict and its.settles),
        "study_unasked": float(bool(its.studies) and not wanted.studies & its.studies),
    }


def _subject(wanted: Wanted, its: Traits) -> dict[str, float]:
    """Whether it is about what is asked about: about something else, about nothing of the kind, or more than asked."""
    values = {}
    for kind, asked in wanted.subjects.items():
        about = its.subjects[kind]
        values[f"{kind}_other"] = float(bool(asked) and bool(about) and not asked & about)
        values[f"{kind}_none"] = float(bool(asked) and not about)
        values[f"{kind}_more"] = float(bool(asked & about) and not about <= asked)
        values[f"{kind}_unasked"] = float(not asked and bool(about))
    return values


def _section(its: Traits) -> dict[str, float]:
    return {f"section_{name}": float(its.section == name) for name in SECTIONS}


def features(found: Found) -> tuple[list[str], Values]:
    """Names of the features and their values, a row for each hit."""
    wanted = found.wanted
    rows = [
        _nearness(signal) | _fit(hit, signal, found, wanted, its) | _subject(wanted, its) | _section(its)
        for hit, signal in zip(found.hits, found.signals, strict=True)
        for its in [traits(hit, found.language)]
    ]
    if not rows:
        return [], np.zeros((0, 0))
    others = _of_document(found, [signal.matched for signal in found.signals])
    return [*rows[0], "document"], np.column_stack([[list(row.values()) for row in rows], others])


def _of_document(found: Found, nearness: Sequence[float]) -> list[float]:
    """The nearest other sentence of each sentence's document."""
    by_document: dict[str, list[float]] = defaultdict(list)
    for hit, near in zip(found.hits, nearness, strict=True):
        by_document[hit.metadata.id].append(near)
    best = {document_id: sorted(values, reverse=True)[:2] for document_id, values in by_document.items()}
    floor = min(nearness)
    others = []
    for hit, near in zip(found.hits, nearness, strict=True):
        first, *second = best[hit.metadata.id]
        others.append(first if near < first else next(iter(second), floor))
    return others
