"""Lay questions on the article alone: whether a sentence that answers is among the first three, as magbot searches.

    python -m training.article --data DIR

The index holds the Danish article only, so that English questions have to find Danish sentences; once without and once
with the expansion questions of the corpus.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from magbot.corpus.load import load_corpus
from magbot.corpus.questions import load_questions
from magbot.encoder.factory import load_encoder
from magbot.index.index import Index
from magbot.retrieval.ranking import rank
from magbot.retrieval.search import Retriever
from magbot.schema import Hit, Kind, Language
from training.data import open_text

LANGUAGES: tuple[Language, Language] = ("da", "en")
FIRST = 3


def answers(hits: Sequence[Hit], wanted: Sequence[str]) -> bool:
    """Whether a sentence among the first holds an answer or lies inside it."""
    texts = [_plain(hit.sentence.text) for hit in hits[:FIRST]]
    return any(
        answer in text or (text in answer and len(text) > 20) for answer in map(_plain, wanted) for text in texts
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    """Print hit@3 by language as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    args = parser.parse_args()
    rows = [json.loads(line) for line in open_text(args.data / "article_questions.jsonl")]
    article = [d for d in load_corpus(args.corpus) if d.metadata.kind is Kind.ARTICLE and d.metadata.language == "da"]
    for questions in ({}, load_questions(args.corpus / "questions")):
        with tempfile.TemporaryDirectory() as folder:
            index = Index(Path(folder), load_encoder())
            index.sync(article, origin="shipped", questions=questions)
            retriever = Retriever(index)
            for language in LANGUAGES:
                asked = [row for row in rows if row["lang"] == language]
                found = [retriever.search(row["question"], language) for row in asked]
                wanted = [row["sentences"] for row in asked]
                ways = {
                    "dense": [sorted(f.hits, key=lambda hit: -hit.dense) for f in found],
                    "hybrid": [list(f.hits) for f in found],
                    "ranked": [[hit for hit, _ in rank(f)] for f in found],
                }
                shares = {n: sum(map(answers, hits, wanted)) / len(asked) for n, hits in ways.items()}
                print(json.dumps({"language": language, "questions": bool(questions), "asked": len(asked), **shares}))


if __name__ == "__main__":
    main()
