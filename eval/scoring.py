"""Reads cases and judges answers: the rules of eval/cases/README.md.

Citations are judged without a model. Citation recall is the share of statements that their citations carry together:
a verbatim statement must be one of its quotes; any other must share at least half of its words with them, and its
numbers must be theirs or come out of a working that starts from theirs. Citation precision is the share of citations
that carry part of their statement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from magbot.schema import Answer, Citation, Statement
from magbot.text.analysis import terms
from magbot.text.numbers import numbers_in

# Shares of a statement's words that its citations together, and a single one of them, must hold.
_TOGETHER = 0.5
_SINGLE = 0.2
_WORKING = re.compile(r"[×÷=/−]")


@dataclass(frozen=True)
class Case:
    """One evaluation case; the fields are those of the file."""

    id: str
    lang: str
    kind: str
    question: str
    outcome: str
    history: list[dict[str, Any]] = field(default_factory=list)
    must: list[list[str]] = field(default_factory=list)
    must_not: list[str] = field(default_factory=list)
    cites_any: list[str] = field(default_factory=list)
    split: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Score:
    """How one answer did. Shares are None where there is nothing to share."""

    id: str
    lang: str
    kind: str
    expected: str
    outcome: str
    right: bool
    outcome_right: bool
    groups_found: float | None
    groups_cited: float | None
    citation_precision: float | None
    citation_recall: float | None
    verbatim: float | None
    numbers: float | None
    exact: bool
    words: int
    reasons: tuple[str, ...]


def read_cases(path: Path) -> list[Case]:
    """All cases of a JSONL file; fields that judging does not need are ignored."""
    names = Case.__dataclass_fields__
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Case(**{k: v for k, v in json.loads(line).items() if k in names}) for line in lines if line.strip()]


def score(case: Case, answer: Answer) -> Score:
    """Judge an answer: outcome, facts, forbidden words, cited sources, exact quotes, disclaimer."""
    text = "\n".join([answer.text, *(c.text for c in answer.caveats), *(n.text for n in answer.notices)])
    reasons = []
    outcome_right = answer.outcome == case.outcome
    if not outcome_right:
        reasons.append(f"outcome {answer.outcome} instead of {case.outcome}")
    found = [any(re.search(pattern, text, re.IGNORECASE) for pattern in group) for group in case.must]
    reasons += [f"missing {group}" for group, there in zip(case.must, found, strict=True) if not there]
    reasons += [f"forbidden {pattern}" for pattern in case.must_not if re.search(pattern, text, re.IGNORECASE)]
    cited = "\n".join(f"{c.passage} {c.title} {c.document_id}" for c in answer.citations)
    if case.cites_any and not any(re.search(pattern, cited, re.IGNORECASE) for pattern in case.cites_any):
        reasons.append(f"cites none of {case.cites_any}")
    exact = all(citation.quote in citation.passage for citation in answer.citations)
    if not exact:
        reasons.append("a quote is not in its passage")
    if answer.outcome == "answered" and not answer.citations:
        reasons.append("no citation")
    if not answer.disclaimer:
        reasons.append("no disclaimer")
    quotes = "\n".join(c.quote for c in answer.citations)
    held = [any(re.search(pattern, quotes, re.IGNORECASE) for pattern in group) for group in case.must]
    by_number = {c.number: c for c in answer.citations}
    cited_by = [(s, [by_number[n] for n in s.citations if n in by_number]) for s in answer.statements]
    pairs = [(statement, citation) for statement, citations in cited_by for citation in citations]
    said = [(s, citations) for s, citations in cited_by if s.verbatim]
    counted = [(s, citations) for s, citations in cited_by if numbers_in(s.text, answer.language)]
    return Score(
        id=case.id,
        lang=case.lang,
        kind=case.kind,
        expected=case.outcome,
        outcome=answer.outcome,
        right=not reasons,
        outcome_right=outcome_right,
        groups_found=_share(found),
        groups_cited=_share(held) if answer.citations else None,
        citation_precision=_share([_carries(s, [c], answer, _SINGLE) for s, c in pairs]),
        citation_recall=_share([bool(cited) and _carries(s, cited, answer, _TOGETHER) for s, cited in cited_by]),
        verbatim=_share([any(s.text == c.quote for c in cited) for s, cited in said]),
        numbers=_share([_numbers_stand(s, cited, answer) for s, cited in counted]),
        exact=exact,
        words=len(answer.text.split()),
        reasons=tuple(reasons),
    )


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _carries(statement: Statement, cited: Sequence[Citation], answer: Answer, least: float) -> bool:
    """Whether citations hold a statement, or with a low `least` a part of it."""
    if any(statement.text == citation.quote for citation in cited):
        return True
    own = set(terms(statement.text, answer.language))
    theirs = {term for citation in cited for term in terms(citation.quote, citation.language)}
    enough = len(own & theirs) >= least * len(own)
    return enough and (least < _TOGETHER or _numbers_stand(statement, cited, answer))


def _numbers_stand(statement: Statement, cited: Sequence[Citation], answer: Answer) -> bool:
    """Whether a statement's numbers are those of its quotes, or come out of a working that starts from one of them."""
    said = set(numbers_in(statement.text, answer.language))
    held = {number for citation in cited for number in numbers_in(citation.quote, citation.language)}
    if not statement.verbatim and _WORKING.search(statement.text):
        return bool(said & held)
    return said <= held
