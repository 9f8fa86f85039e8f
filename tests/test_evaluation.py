"""Keeps the evaluation honest: its cases and the corpus' expansion questions may not be worded alike."""

import json
from pathlib import Path

from magbot.corpus.check_questions import check_cases, near_identical
from magbot.corpus.questions import load_questions
from magbot.settings import shipped_corpus

CASES = Path(__file__).parent.parent / "eval" / "cases"


def test_no_reporting_case_is_worded_like_an_expansion_question() -> None:
    assert not list(check_cases(load_questions(shipped_corpus() / "questions"), CASES))


def test_a_copied_case_is_caught_and_a_reworded_one_is_not() -> None:
    written = {"hvor meget magnesium må jeg tage om dagen"}
    cases = [
        ("a", "Hvor meget magnesium må jeg tage om dagen?"),
        ("b", "Hvad er loftet for piller med magnesium i døgnet?"),
    ]
    assert [case_id for case_id, _, _ in near_identical(cases, written)] == ["a"]


def test_ids_are_unique_and_every_kind_is_in_both_parts_and_languages() -> None:
    cases = [
        json.loads(line) for path in CASES.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len({case["id"] for case in cases}) == len(cases)
    spread = {(case["kind"], case["lang"], case["split"]) for case in cases}
    kinds = {case["kind"] for case in cases}
    assert spread == {(kind, lang, split) for kind in kinds for lang in ("da", "en") for split in ("dev", "test")}
