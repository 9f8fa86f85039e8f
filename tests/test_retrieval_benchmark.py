"""eval/retrieval.py: what is chosen on one half of a benchmark is reported on the other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import retrieval

from magbot.errors import DocumentError


def _folder(folder: Path, queries: int) -> Path:
    rows = {
        "corpus.jsonl": [json.dumps({"_id": f"d{i}", "title": "", "text": f"text {i}"}) for i in range(queries)],
        "queries.jsonl": [json.dumps({"_id": f"q{i}", "text": f"question {i}"}) for i in range(queries)],
        "qrels.tsv": ["query-id\tcorpus-id\tscore", *(f"q{i}\td{i}\t1" for i in range(queries))],
    }
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_halves_share_no_query_and_leave_none_out(tmp_path: Path) -> None:
    whole = retrieval.read(_folder(tmp_path, 200))
    dev, test = (retrieval.half_of(whole, half).queries for half in ("dev", "test"))
    assert not dev.keys() & test.keys()
    assert dev | test == whole.queries
    assert min(len(dev), len(test)) > 70


def test_words_find_what_holds_them(tmp_path: Path) -> None:
    figures = retrieval.run(retrieval.read(_folder(tmp_path, 12)), None, "lexical")
    assert figures["ndcg@10"] == 1.0


def test_feedback_finds_what_only_the_best_document_names(tmp_path: Path) -> None:
    texts = ["Lemvig Museum ligger i Nordvestjylland.", "Nordvestjylland er en egn.", "Fisk lever i vand."]
    found = {
        mode: retrieval.Search(texts, None, mode, tmp_path / mode)("Hvor er Lemvig Museum?")
        for mode in ("lexical", "feedback")
    }
    assert found == {"lexical": [0], "feedback": [0, 1]}


def test_a_folder_without_queries_is_named(tmp_path: Path) -> None:
    (_folder(tmp_path, 2) / "queries.jsonl").unlink()
    with pytest.raises(DocumentError, match=r"queries\.jsonl"):
        retrieval.read(tmp_path)
