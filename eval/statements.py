"""Whether the right statement is found first, or among the first three or five; with and without expansion questions.

python eval/statements.py                       test part of the cases, index with expansion questions
python eval/statements.py --without-questions   the same cases on a temporary index made without them
python eval/statements.py --split dev --json    another part; one JSON line for programs

A statement is right when it alone satisfies the first `must` group of the case, which is the direct fact. Cases with a
history, safety cases and refusals are left out: there is no single statement to find. “found” is search alone, “ranked”
is search and the fitted ranking, as answers use it. A topic page's own title stays a question of its first sentence.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from scoring import Case, read_cases

from magbot.corpus.load import load_corpus
from magbot.corpus.questions import load_questions
from magbot.corpus.table_questions import load_table_questions
from magbot.encoder.factory import load_encoder
from magbot.errors import MagbotError
from magbot.index.index import Index
from magbot.retrieval.memory import Memory
from magbot.retrieval.ranking import rank
from magbot.retrieval.search import Retriever
from magbot.schema import Hit, Language
from magbot.settings import load_settings

CASES = Path(__file__).parent / "cases"
KINDS = {"answerable", "table", "caution", "conflict"}
CUTS = (1, 3, 5)
NOWHERE = 10**6


def asked(paths: Iterable[Path], split: str) -> list[Case]:
    """Cases of one part for which a single statement holds the direct fact."""
    return [
        case
        for path in paths
        if not path.name.startswith("safety-")
        for case in read_cases(path)
        if case.split == split and case.kind in KINDS and case.must and case.outcome == "answered" and not case.history
    ]


def is_right(case: Case, text: str) -> bool:
    """Whether one statement holds the case's direct fact."""
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in case.must[0])


def measure(retriever: Retriever, cases: Iterable[Case]) -> dict[str, dict[str, float]]:
    """Share of cases with the right statement among the first 1, 3 and 5, by language and over all."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for case in cases:
        language: Language = "da" if case.lang == "da" else "en"
        found = retriever.search(case.question, language)
        by_search = _place(case, found.hits)
        by_rank = _place(case, [hit for hit, _ in rank(found)])
        for group in (language, "all"):
            places[group].append((by_search, by_rank))
    return {
        group: {"cases": len(pairs)}
        | {
            f"{name}@{cut}": round(sum(pair[which] < cut for pair in pairs) / len(pairs), 4)
            for which, name in enumerate(("found", "ranked"))
            for cut in CUTS
        }
        for group, pairs in sorted(places.items())
    }


def _place(case: Case, hits: Sequence[Hit]) -> int:
    """How many statements come before the right one."""
    return next((place for place, hit in enumerate(hits) if is_right(case, hit.sentence.text)), NOWHERE)


def main() -> int:
    """Run the command line; the exit code is 0, or 1 when something is wrong with the input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, nargs="*", help="case files (JSONL); all of eval/cases")
    parser.add_argument("--split", choices=["dev", "test"], default="test", help="part of the cases")
    parser.add_argument("--without-questions", action="store_true", help="index sentences only, in a temporary folder")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    args = parser.parse_args()
    try:
        settings = load_settings()
        corpus = settings.corpus_dir
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) if args.without_questions else settings.data_dir
            questions = load_questions(corpus / "questions") | load_table_questions(corpus / "tables")
            index = Index(folder, load_encoder(settings.embedding_model))
            index.sync(load_corpus(corpus), origin="shipped", questions={} if args.without_questions else questions)
            figures = measure(
                Retriever(index, Memory(index)), asked(args.cases or sorted(CASES.glob("*.jsonl")), args.split)
            )
    except MagbotError as error:
        print(error, file=sys.stderr)
        return 1
    result = {"split": args.split, "questions": not args.without_questions, **figures}
    print(json.dumps(result) if args.json else "\n".join(f"{name:>10} {value}" for name, value in result.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
