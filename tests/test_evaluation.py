"""Keeps the evaluation honest: its cases and the corpus' expansion questions may not be worded alike."""

import json
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Indel

from magbot.corpus.questions import load_questions
from magbot.settings import shipped_corpus

CASES = Path(__file__).parent.parent / "eval" / "cases"
# Short questions ("magnesium og søvn") are alike by nature; from this many words on, alike means copied.
FEWEST_WORDS = 6
ALIKE = 0.93


def normal(question: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in question.lower()).split())


def test_no_case_is_worded_like_an_expansion_question() -> None:
    asked = {normal(text) for texts in load_questions(shipped_corpus() / "questions").values() for text in texts}
    written = [text for text in asked if len(text.split()) >= FEWEST_WORDS]
    alike = []
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            question = normal(case["question"])
            if len(question.split()) >= FEWEST_WORDS and case.get("split") == "test":
                best = process.extractOne(question, written, scorer=Indel.normalized_similarity, score_cutoff=ALIKE)
                if best:
                    alike.append((case["id"], best[0]))
    assert not alike


def test_ids_are_unique_and_every_kind_is_in_both_parts_and_languages() -> None:
    cases = [json.loads(line) for path in CASES.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({case["id"] for case in cases}) == len(cases)
    spread = {(case["kind"], case["lang"], case["split"]) for case in cases}
    kinds = {case["kind"] for case in cases}
    assert spread == {(kind, lang, split) for kind in kinds for lang in ("da", "en") for split in ("dev", "test")}
