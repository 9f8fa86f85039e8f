"""What each part of retrieval is worth: questions on documents that were held back, in all four directions.

Prints the share of questions whose right statement comes first, and among the first three and five, of all statements
of the corpus in one language, as a Markdown table.

    python -m training.ablation --data DIR

Right are the statement that a question was written for, those it rests on and those that rest on it. A question that is
asked is no expansion question of its statement meanwhile, nor is its translation. “Dense” looks at
the statement alone, “questions” also at its nearest expansion question; the weights are those of magbot's own search.
Its learned ranking knows more than this (headings, numbers, kinds of sources) and is measured by eval/statements.py.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from magbot.index.lexical import LexicalIndex, Row
from magbot.retrieval.search import DENSE_WEIGHT, LEXICAL_WEIGHT, QUESTION_WEIGHT
from magbot.schema import Language
from magbot.text.analysis import terms
from training.data import Item, prepare
from training.evaluate import Encode, named
from training.rerank_data import supported

LANGUAGES: tuple[Language, Language] = ("da", "en")
CUTS = (1, 3, 5)
Scores = dict[str, np.ndarray]


@dataclass(frozen=True)
class Side:
    """Statements and questions in one language; which statement a question belongs to, and its place there."""

    statements: list[str]
    questions: list[str]
    statement_of: np.ndarray
    place: np.ndarray


def side(items: Sequence[Item], language: Language) -> Side:
    """One language of the items."""
    asked = [
        (text, number, place)
        for number, item in enumerate(items)
        for place, text in enumerate(item.questions_in(language))
    ]
    return Side(
        [item.danish if language == "da" else item.english for item in items],
        [text for text, _, _ in asked],
        np.array([number for _, number, _ in asked]),
        np.array([place for _, _, place in asked]),
    )


def words(asked: Side, told: Side, language: Language, rows: Sequence[int]) -> np.ndarray:
    """BM25 of every statement, divided by the best of the question."""
    scores = np.zeros((len(rows), len(told.statements)))
    with tempfile.TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder), create=True)
        index.write(Row(str(number), language, text, "") for number, text in enumerate(told.statements))
        for row, question in enumerate(rows):
            found = index.search(terms(asked.questions[question], language), language, 200, {"text": 1.0})
            for number, score in found:
                scores[row, int(number)] = score / found[0][1]
    return scores


def matched(near: np.ndarray, asked: Side, told: Side, rows: Sequence[int]) -> np.ndarray:
    """Nearest expansion question of every statement, but for the one that is asked and its translation."""
    own = told.statement_of[None, :] == asked.statement_of[rows][:, None]
    near = np.where(own & (told.place[None, :] == asked.place[rows][:, None]), -1.0, near)
    best = np.full((len(rows), len(told.statements)), -1.0)
    for number in range(len(told.statements)):
        best[:, number] = near[:, told.statement_of == number].max(1, initial=-1.0)
    return best


def systems(
    sides: dict[Language, Side], encoders: dict[str, Encode], seen: int, right: np.ndarray
) -> Iterator[tuple[str, Scores]]:
    """Each direction with the places that every system gives to what is `right`; `seen` items are not asked about."""
    vectors = {
        name: {language: (encode(its.statements), encode(its.questions)) for language, its in sides.items()}
        for name, encode in encoders.items()
    }
    for asking in LANGUAGES:
        asked = sides[asking]
        rows = np.flatnonzero(asked.statement_of >= seen)
        for telling in LANGUAGES:
            told = sides[telling]
            lexical = words(asked, told, telling, [int(row) for row in rows])
            dense = {n: v[asking][1][rows] @ v[telling][0].T for n, v in vectors.items()}
            near = matched(vectors["bundled"][asking][1][rows] @ vectors["bundled"][telling][1].T, asked, told, rows)
            plain = (DENSE_WEIGHT + QUESTION_WEIGHT) * dense["bundled"] + LEXICAL_WEIGHT * lexical
            best = np.maximum(dense["bundled"], near)
            asked_too = DENSE_WEIGHT * dense["bundled"] + QUESTION_WEIGHT * best + LEXICAL_WEIGHT * lexical
            own = right[asked.statement_of[rows]]
            yield (
                f"{asking}→{telling}",
                {
                    "words alone (BM25)": _places(lexical, own),
                    "dense, teacher": _places(dense["teacher"], own),
                    "dense, bundled encoder": _places(dense["bundled"], own),
                    "dense and words": _places(plain, own),
                    "dense, words and questions": _places(asked_too, own),
                },
            )


def _places(scores: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Place of the best right statement of each row, 1 for the first; of equals it is the last."""
    best = np.where(right, scores, -np.inf).max(1, keepdims=True)
    return 1 + ((scores >= best) & ~right).sum(1)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--encoder", default="bundled")
    args = parser.parse_args()
    data = prepare(args.data, corpus_folder=args.corpus)
    items = [*data.corpus, *data.dev_corpus]
    sides = {language: side(items, language) for language in LANGUAGES}
    right = np.eye(len(items), dtype=bool)
    for number, others in supported(args.corpus, items).items():
        right[number, list(others)] = True
    encoders = {"teacher": named("teacher"), "bundled": named(args.encoder)}
    table = dict(systems(sides, encoders, len(data.corpus), right))
    count = sum(len(its.statement_of[its.statement_of >= len(data.corpus)]) for its in sides.values())
    print(f"{count} questions on {len({i.topic for i in data.dev_corpus})} documents, {len(items)} statements\n")
    print(f"| | {' | '.join(table)} |\n|---|{'---|' * len(table)}")
    for system in next(iter(table.values())):
        cells = (" / ".join(f"{(places[system] <= cut).mean():.3f}" for cut in CUTS) for places in table.values())
        print(f"| {system} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
