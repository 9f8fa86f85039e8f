"""Runs evaluation cases against magbot and two simple baselines, and says how many answers are right.

python eval/answers.py                               all case files, test part
python eval/answers.py --cases FILE --split dev      one file, the part that may be tuned on
python eval/answers.py --url http://127.0.0.1:7860   against a running service
python eval/answers.py --json                        one JSON line at the end, for programs
python eval/answers.py --compare eval/baseline.json  exit code 1 when a score has dropped
python eval/answers.py --write eval/baseline.json    make today's scores the baseline
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from dataclasses import asdict
from pathlib import Path

from metrics import Figures, drops, figures, summary, write_baseline
from runs import CASES, Run, ask_all, baselines, cases_of, in_process_magbot, over_http
from scoring import score

from magbot.errors import MagbotError

_COLUMNS = (
    ("right", "right"), ("outcome", "outcome"), ("facts", "groups_found"), ("cited", "groups_cited"),
    ("c.prec", "citation_precision"), ("c.rec", "citation_recall"), ("verbat", "verbatim"), ("numb", "numbers"),
    ("exact", "exact"),
)  # fmt: skip


def table(title: str, groups: dict[str, Figures]) -> str:
    """A table with one row a group."""
    lines = [f"{title:<22} {'n':>4} " + " ".join(f"{head:>7}" for head, _ in _COLUMNS) + f" {'words':>6}"]
    for name, found in groups.items():
        shown = " ".join(f"{percent(found[key]):>7}" for _, key in _COLUMNS)
        lines.append(f"{name:<22} {found['n']:>4} {shown} {found['words']:>6.0f}")
    return "\n".join(lines)


def percent(value: float | None) -> str:
    """A share as a percentage with one decimal."""
    return "–" if value is None else f"{100 * value:.1f}%"


def show(runs: list[Run]) -> None:
    """Print answers in full."""
    for run in runs:
        mark = "✓" if run.score.right else "✗"
        print(f"\n{mark} {run.case.id} ({run.case.kind}): {run.case.question}\n  {'; '.join(run.score.reasons)}")
        print(f"  → {run.answer.outcome} | {run.answer.standalone_question}\n  {run.answer.text}")


def main() -> int:
    """Run, print, and return 0; 1 when a score has dropped, 2 when there are no cases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--cases",
        type=Path,
        nargs="*",
        default=[],
        help=f"case files (JSONL); those of eval/{CASES.name} that are about answers",
    )
    parser.add_argument("--split", choices=["dev", "test", "all"], default="test", help="part of the cases")
    parser.add_argument("--url", help="a running service instead of the library; no baselines then")
    parser.add_argument("--no-baselines", action="store_true", help="leave the two simple baselines out")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N wrong answers in full")
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="print N answers a language, drawn by chance"
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="fail when a score is below this baseline")
    parser.add_argument("--write", type=Path, metavar="FILE", help="store the scores as a baseline")
    arguments = parser.parse_args()

    cases = cases_of(arguments.split, arguments.cases)
    if not cases:
        print("No cases: check --cases and --split.", file=sys.stderr)
        return 2
    simple: dict[str, list[Run]] = {}
    started = time.perf_counter()
    if arguments.url:
        ask = over_http(arguments.url)
        answers = [(case, ask(case)) for case in cases]
        runs = [Run(case, answer, score(case, answer), None) for case, answer in answers]
    else:
        magbot = in_process_magbot()
        started = time.perf_counter()
        runs = ask_all(cases, magbot, sure=False)
        if not arguments.no_baselines:
            simple = baselines(runs, magbot)
    seconds = time.perf_counter() - started

    found = summary(runs)
    whole = {f"magbot ({arguments.split})": found["all"]}
    whole |= {name: figures([run.score for run in its]) for name, its in simple.items()}
    print(table("kind", found["by_kind_and_language"]), table("language", found["by_language"]), sep="\n\n", end="\n\n")
    print(table("all", whole), end="\n\n")
    print(", ".join(f"{name.replace('_', ' ')} {percent(value)}" for name, value in found["refusals"].items()))
    print(f"{len(cases)} cases in {seconds:.1f} s")
    show([run for run in runs if not run.score.right][: arguments.show])
    for language in ("da", "en"):
        spoken = [run for run in runs if run.case.lang == language]
        # A fixed seed, so that everybody reads the same answers.
        show(random.Random(0).sample(spoken, min(arguments.sample, len(spoken))))  # noqa: S311

    if arguments.write:
        write_baseline(found, arguments.split, arguments.write)
    worse = drops(found, arguments.compare) if arguments.compare else []
    for line in worse:
        print(f"dropped: {line}", file=sys.stderr)
    if arguments.json:
        wrong = [asdict(run.score) for run in runs if not run.score.right]
        content = {"cases": len(cases), "split": arguments.split, "right": found["all"]["right"], **found["refusals"]}
        content |= {"summary": found, "baselines": whole, "dropped": worse, "wrong": wrong}
        print(json.dumps(content, ensure_ascii=False))
    return 1 if worse else 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except MagbotError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from error
