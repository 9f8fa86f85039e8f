"""Runs evaluation cases against magbot and says how many answers are right.

python eval/answers.py                               all case files, test part
python eval/answers.py --cases FILE --split dev      one file, the part that may be tuned on
python eval/answers.py --url http://127.0.0.1:7860   against a running service
python eval/answers.py --json                        one JSON line at the end, for programs
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from statistics import median

from scoring import Case, Score, read_cases, score

from magbot.assistant import Magbot
from magbot.schema import Answer, Message
from magbot.settings import load_settings

CASES = Path(__file__).parent / "cases"
Ask = Callable[[Case], Answer]


def in_process_magbot() -> Magbot:
    """The library with an index of its own, which later runs find again."""
    return Magbot(load_settings(data_dir=Path(tempfile.gettempdir()) / "magbot-eval"))


def in_process() -> Ask:
    """Ask the library."""
    magbot = in_process_magbot()
    return lambda case: magbot.ask(case.question, [Message.model_validate(m) for m in case.history])


def over_http(url: str) -> Ask:
    """Ask a running service through its API."""
    import httpx

    client = httpx.Client(base_url=url, timeout=60)

    def ask(case: Case) -> Answer:
        response = client.post("/api/ask", json={"question": case.question, "history": case.history})
        response.raise_for_status()
        return Answer.model_validate(response.json())

    return ask


def table(scores: Iterable[Score], title: str, of: Callable[[Score], str]) -> list[str]:
    """Lines of a table with one row a group."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for item in scores:
        groups[of(item)].append(item)
    lines = [f"{title:<22} {'n':>4} {'right':>7} {'outcome':>8} {'facts':>7} {'exact':>7} {'words':>6}"]
    for name, items in sorted(groups.items()):
        facts = [item.groups_found for item in items if item.groups_found is not None]
        words = [item.words for item in items if item.outcome == "answered"]
        lines.append(
            f"{name:<22} {len(items):>4} {share(i.right for i in items):>7} {share(i.outcome_right for i in items):>8} "
            f"{percent(sum(facts) / len(facts)) if facts else '–':>7} {share(i.exact for i in items):>7} "
            f"{median(words) if words else 0:>6.0f}"
        )
    return lines


def share(values: Iterable[bool]) -> str:
    """Percentage of true values."""
    listed = list(values)
    return percent(sum(listed) / len(listed)) if listed else "–"


def percent(value: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{100 * value:.1f}%"


def refusals(scores: list[Score]) -> dict[str, float]:
    """Precision and recall of refusing, and how many answerable questions are refused."""
    should = [s for s in scores if s.expected in {"not_in_corpus", "off_topic"}]
    did = [s for s in scores if s.outcome in {"not_in_corpus", "off_topic"}]
    answerable = [s for s in scores if s.expected == "answered"]
    both = sum(s.outcome in {"not_in_corpus", "off_topic"} for s in should)
    return {
        "refusal_recall": both / len(should) if should else 1.0,
        "refusal_precision": both / len(did) if did else 1.0,
        "answerable_refused": sum(s.outcome in {"not_in_corpus", "off_topic"} for s in answerable)
        / max(1, len(answerable)),
    }


def main() -> int:
    """Run, print, and return 0; 2 when there are no cases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, nargs="*", help="case files (JSONL); all of eval/cases by default")
    parser.add_argument("--split", choices=["dev", "test", "all"], default="test", help="part of the cases")
    parser.add_argument("--url", help="a running service instead of the library")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N wrong answers in full")
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    arguments = parser.parse_args()

    files = arguments.cases or sorted(CASES.glob("*.jsonl"))
    cases = [case for file in files for case in read_cases(file)]
    if arguments.split != "all":
        cases = [case for case in cases if case.split in {arguments.split, ""}]
    if not cases:
        print("No cases: check --cases and --split.", file=sys.stderr)
        return 2

    ask = over_http(arguments.url) if arguments.url else in_process()
    started = time.perf_counter()
    pairs = [(case, ask(case)) for case in cases]
    seconds = time.perf_counter() - started
    scores = [score(case, answer) for case, answer in pairs]

    for lines in (
        table(scores, "kind", lambda s: f"{s.kind} {s.lang}"),
        table(scores, "language", lambda s: s.lang),
        table(scores, f"all ({arguments.split})", lambda _: "all"),
    ):
        print("\n".join(lines), end="\n\n")
    refused = refusals(scores)
    print(", ".join(f"{name.replace('_', ' ')} {percent(value)}" for name, value in refused.items()))
    print(f"{len(cases)} cases in {seconds:.1f} s, {1000 * seconds / len(cases):.1f} ms a question")

    wrong = [(case, answer, s) for (case, answer), s in zip(pairs, scores, strict=True) if not s.right]
    for case, answer, item in wrong[: arguments.show]:
        print(f"\n✗ {case.id} ({case.kind}): {case.question}\n  {'; '.join(item.reasons)}")
        print(f"  → {answer.outcome} | {answer.standalone_question}\n  {answer.text}")
    if arguments.json:
        right = sum(s.right for s in scores) / len(scores)
        print(
            json.dumps(
                {
                    "cases": len(cases),
                    "split": arguments.split,
                    "right": right,
                    **refused,
                    "wrong": [asdict(s) for _, _, s in wrong],
                },
                ensure_ascii=False,
            )
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
