"""Reads cases and judges answers: the rules of eval/cases/README.md."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from magbot.schema import Answer


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


@dataclass(frozen=True)
class Score:
    """How one answer did. `groups_found` is the share of `must` groups, None without any."""

    id: str
    lang: str
    kind: str
    expected: str
    outcome: str
    right: bool
    outcome_right: bool
    groups_found: float | None
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
    return Score(
        id=case.id,
        lang=case.lang,
        kind=case.kind,
        expected=case.outcome,
        outcome=answer.outcome,
        right=not reasons,
        outcome_right=outcome_right,
        groups_found=sum(found) / len(found) if found else None,
        exact=exact,
        words=len(answer.text.split()),
        reasons=tuple(reasons),
    )
