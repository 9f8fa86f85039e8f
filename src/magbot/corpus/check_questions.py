"""Checks the expansion questions: each belongs to a sentence, each sentence has some, and no evaluation case is copied."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Indel

from magbot.schema import Kind

# (document key, sentence) → its questions
Questions = Mapping[tuple[str, str], Sequence[str]]

FEWEST = 3
# Short questions ("magnesium og søvn") are alike by nature; from this many words on, alike means copied.
CASE_WORDS = 6
ALIKE = 0.93


def check_questions(
    questions: Questions, sentences: Mapping[str, Sequence[str]], kinds: Mapping[str, Kind]
) -> Iterator[str]:
    """Problems with the questions, given the sentences and the kind of each document by key.

    A table's rows have their questions from templates. A corpus without any question works without them.
    """
    for (key, quote), texts in questions.items():
        if quote not in sentences.get(key, ()):
            yield f"questions: not a sentence of {key}: “{quote[:60]}”; write the sentence as it is now."
        twice = [text for text, count in Counter(text.casefold() for text in texts).items() if count > 1]
        if twice:
            yield f"questions: “{twice[0]}” stands twice for “{quote[:50]}” of {key}."
    for key, texts in sentences.items() if questions else ():
        few = (
            [] if kinds[key] is Kind.TABLE else [text for text in texts if len(questions.get((key, text), ())) < FEWEST]
        )
        if few:
            yield f"questions: {len(few)} sentences of {key} have fewer than {FEWEST} questions, as “{few[0][:60]}”."


def check_cases(questions: Questions, cases: Path) -> Iterator[str]:
    """Expansion questions worded like a reporting case would make the evaluation measure memory."""
    written = {_normal(text) for texts in questions.values() for text in texts}
    for case_id, question, alike in near_identical(_reporting(cases), written):
        yield f"eval/cases: {case_id} (“{question}”) is worded like the expansion question “{alike}”; reword that."


def near_identical(cases: Iterable[tuple[str, str]], written: Set[str]) -> Iterator[tuple[str, str, str]]:
    """(case id, its question, the question that is worded alike)."""
    long_enough = [text for text in written if len(text.split()) >= CASE_WORDS]
    for case_id, question in cases:
        asked = _normal(question)
        if len(asked.split()) >= CASE_WORDS:
            best = process.extractOne(asked, long_enough, scorer=Indel.normalized_similarity, score_cutoff=ALIKE)
            if best:
                yield case_id, question, best[0]


def _reporting(cases: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(cases.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if case.get("split") == "test":
                yield case["id"], case["question"]


def _normal(question: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in question.lower()).split())
