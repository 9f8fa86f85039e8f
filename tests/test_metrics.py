"""Summing up scores, and the comparison that guards them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from metrics import calibration, drops, refusals, risk_coverage, summary, write_baseline
from runs import Run
from scoring import Case, Score, score

from magbot.schema import Answer, Citation, Kind, Outcome, Statement

CASE = Case(id="a", lang="en", kind="table", question="how much?", outcome="answered", must=[[r"\b56\b"]])
QUOTE = "A handful of nuts gives 56 mg of magnesium."


def answer(text: str = QUOTE, outcome: Outcome = Outcome.ANSWERED, verbatim: bool = True) -> Answer:
    citation = Citation(
        number=1, document_id="d", title="t", authors=(), year=None, kind=Kind.TABLE, evidence_level=None, url=None,
        doi=None, language="en", quote=QUOTE, passage=QUOTE, start=0, end=len(QUOTE),
    )  # fmt: skip
    statement = Statement(text=text, citations=(1,), verbatim=verbatim)
    answered = outcome is Outcome.ANSWERED
    return Answer(
        outcome=outcome, language="en", standalone_question="how much?", text=f"{text} [1]" if answered else "no",
        statements=(statement,) if answered else (), citations=(citation,) if answered else (), disclaimer="d",
    )  # fmt: skip


def run(case: Case, given: Answer, probability: float | None) -> Run:
    return Run(case, given, score(case, given), probability)


RIGHT = run(CASE, answer(), 0.9)
REFUSED = run(CASE, answer(outcome=Outcome.NOT_IN_CORPUS), 0.2)
UNANSWERABLE = replace(CASE, id="u", kind="unanswerable", outcome="not_in_corpus", must=[])
HELD_BACK = run(UNANSWERABLE, answer(outcome=Outcome.NOT_IN_CORPUS), 0.1)


@pytest.mark.parametrize(
    ("text", "verbatim", "recall", "numbers"),
    [
        (QUOTE, True, 1.0, 1.0),
        ("A handful of nuts gives magnesium, 56 mg.", False, 1.0, 1.0),
        ("A handful of nuts gives 65 mg of magnesium.", False, 0.0, 0.0),
        ("Two handfuls of nuts give magnesium: 2 × 56 mg = 112 mg.", False, 1.0, 1.0),
        ("Trains leave hourly.", False, 0.0, None),
    ],
)
def test_a_statement_is_carried_by_its_quote_or_not(
    text: str, verbatim: bool, recall: float, numbers: float | None
) -> None:
    judged = score(CASE, answer(text, verbatim=verbatim))
    assert (judged.citation_recall, judged.numbers) == (recall, numbers)


def test_refusals_are_counted_both_ways() -> None:
    found = refusals([RIGHT.score, REFUSED.score, HELD_BACK.score])
    assert found == {"refusal_recall": 1.0, "refusal_precision": 0.5, "answerable_refused": 0.5}


def test_the_surest_answers_come_first_in_risk_and_coverage() -> None:
    wrong = run(UNANSWERABLE, answer(), 0.95)
    assert risk_coverage([RIGHT, wrong]) == [(0.5, 1.0), (1.0, 0.5)]
    assert calibration([RIGHT, wrong]) == [(pytest.approx(0.925), 0.5, 2)]


def summed(right: int, wrong: int) -> dict[str, object]:
    scores: list[Score] = [RIGHT.score] * right + [REFUSED.score] * wrong
    return summary([replace(RIGHT, score=item) for item in scores])


def test_a_drop_beyond_the_tolerance_is_named(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(summed(200, 0), "test", path)
    assert json.loads(path.read_text())["scores"]["right, en"] == 1.0
    assert not drops(summed(197, 3), path)
    assert any(line.startswith("right, en: 0.950, was 1.000") for line in drops(summed(190, 10), path))
