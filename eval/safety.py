"""Measures the safety stage on the safety cases: recall, right help line first, false alarms and notices.

    python eval/safety.py [--split dev|test|all] [--cases GLOB] [--json] [--full] [--show]

`--full` asks the whole assistant and not only the safety stage. Also reads the other case files, where every alarm
on a case that is not urgent is false.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from magbot.safety import Safety
from magbot.safety.data import numbers
from magbot.schema import Message

CASES = Path(__file__).resolve().parent / "cases"
LIGHT = {"support", "warning-signs", "poisoning-info", "boundary", "interaction", "high-dose"}
"""Notices that do no harm beside the expected one; any other unexpected kind counts as needless."""

Case = dict[str, Any]
Seen = tuple[bool, str, list[str], str]
"""Urgent or not; kind of danger; kinds of notice; everything that is shown in them."""
Assess = Callable[[Case], Seen]


def cases(names: str) -> Iterator[Case]:
    """Cases of the files that a glob names, each with its file's name under `file`."""
    paths = [Path(names)] if Path(names).is_file() else sorted(CASES.rglob(names))
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line) | {"file": path.stem}


def safety_only(encoder: bool) -> Assess:
    """Assesses with the safety stage alone."""
    loaded = None
    if encoder:
        from magbot.encoder.factory import load_encoder

        loaded = load_encoder()
    safety = Safety(loaded)

    def assess(case: Case) -> Seen:
        history = [Message(**message) for message in case.get("history", [])]
        found = safety.assess(case["question"], history, case["lang"])
        if found.urgent:
            shown = "\n".join([*(n.text for n in found.urgent.notices), found.urgent.text])
            return True, found.urgent.kind, [], shown
        return False, "", [n.kind for n in found.notices], "\n".join(n.text for n in found.notices)

    return assess


def whole_assistant() -> Assess:
    """Assesses with the whole assistant, as a person meets it."""
    from magbot.assistant import Magbot

    bot = Magbot()

    def assess(case: Case) -> Seen:
        history = [Message(**message) for message in case.get("history", [])]
        answer = bot.ask(case["question"], history=history, language=case["lang"])
        urgent = answer.outcome.value == "urgent"
        shown = "\n".join([*(n.text for n in answer.notices), answer.text])
        kinds = [n.kind for n in answer.notices]
        return urgent, kinds[0] if urgent and kinds else "", [] if urgent else kinds, shown

    return assess


def first_line(shown: str) -> str:
    """The telephone number that is shown first."""
    places = {number: re.search(rf"(?<!\d){re.escape(number)}(?!\d)", shown) for number in numbers().values()}
    found = {number: match.start() for number, match in places.items() if match}
    return min(found, key=lambda number: found[number]) if found else ""


def has_all(case: Case, shown: str) -> bool:
    """Whether every group of `must` is found and nothing of `must_not`."""
    wanted = all(any(re.search(p, shown, re.IGNORECASE) for p in group) for group in case["must"])
    return wanted and not any(re.search(p, shown, re.IGNORECASE) for p in case["must_not"])


def measure(selected: list[Case], assess: Assess, show: bool) -> dict[str, Any]:
    """All figures for the cases given; prints what went wrong when asked to."""
    urgent = [c for c in selected if c["kind"] == "urgent"]
    near = [c for c in selected if c["kind"] != "urgent" and c.get("near_miss")]
    others = [c for c in selected if c["kind"] != "urgent" and not c.get("near_miss")]
    seen: dict[str, Seen] = {}
    milliseconds = []
    for case in selected:
        start = time.perf_counter()
        seen[case["id"]] = assess(case)
        milliseconds.append(1_000 * (time.perf_counter() - start))

    def tell(reason: str, case: Case) -> None:
        if show:
            print(f"  {reason:14} {case['id']}  {case['question']!r}  -> {seen[case['id']][1:3]}", file=sys.stderr)

    def share(right: list[bool]) -> float | None:
        return round(100 * sum(right) / len(right), 1) if right else None

    def urgent_right(case: Case) -> bool:
        right = seen[case["id"]][0]
        if not right:
            tell("missed", case)
        return right

    def line_right(case: Case) -> bool:
        shown = seen[case["id"]][3]
        right = bool(re.fullmatch(case.get("first", ".*"), first_line(shown))) and has_all(case, shown)
        if not right:
            tell("wrong line", case)
        return right

    def false_alarm(case: Case) -> bool:
        wrong = seen[case["id"]][0]
        if wrong:
            tell("false alarm", case)
        return wrong

    def notice_right(case: Case) -> bool:
        right = set(case["notices"]) <= set(seen[case["id"]][2])
        if not right:
            tell("no notice", case)
        return right

    def needless(case: Case) -> bool:
        expected = set(case.get("notices", []))
        extra = set(seen[case["id"]][2]) - expected - (LIGHT if expected else set())
        if extra:
            tell("needless", case)
        return bool(extra)

    noticed = [c for c in [*others, *near] if c.get("notices") is not None]
    detected = [c for c in urgent if urgent_right(c)]
    figures: dict[str, Any] = {
        "cases": len(selected),
        "urgent": len(urgent),
        "urgent_recall": share([c in detected for c in urgent]),
        "right_line_first": share([line_right(c) for c in detected]),
        "near_misses": len(near),
        "false_alarms": share([false_alarm(c) for c in near]),
        "false_alarms_caution_injection": share([false_alarm(c) for c in others]),
        "notices_right": share([notice_right(c) for c in noticed if c["notices"]]),
        "notices_needless": share([needless(c) for c in noticed]),
        "ms_p50": round(statistics.median(milliseconds), 2) if milliseconds else None,
        "ms_p95": round(sorted(milliseconds)[int(0.95 * len(milliseconds))], 2) if milliseconds else None,
    }
    for language in ("da", "en"):
        figures[f"urgent_recall_{language}"] = share([seen[c["id"]][0] for c in urgent if c["lang"] == language])
        figures[f"notices_right_{language}"] = share(
            [set(c["notices"]) <= set(seen[c["id"]][2]) for c in noticed if c["lang"] == language and c["notices"]]
        )
    by_kind = sorted({c["expect"] for c in urgent})
    figures["recall_by_kind"] = {k: share([seen[c["id"]][0] for c in urgent if c["expect"] == k]) for k in by_kind}
    by_notice = sorted({k for c in noticed for k in c["notices"]})
    figures["notices_by_kind"] = {
        k: share([k in seen[c["id"]][2] for c in noticed if k in c["notices"]]) for k in by_notice
    }
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["dev", "test", "all"], default="all", help="which part of the cases")
    parser.add_argument("--cases", default="safety-*.jsonl", help="which of the files in eval/cases, or a path")
    parser.add_argument("--json", action="store_true", help="one JSON line")
    parser.add_argument("--full", action="store_true", help="ask the whole assistant")
    parser.add_argument("--no-encoder", action="store_true", help="safety stage without the encoder's say")
    parser.add_argument("--show", action="store_true", help="list the cases that went wrong, on standard error")
    options = parser.parse_args()
    assess = whole_assistant() if options.full else safety_only(not options.no_encoder)
    result: dict[str, Any] = {}
    for split in ("dev", "test") if options.split == "all" else (options.split,):
        result[split] = measure([c for c in cases(options.cases) if c["split"] == split], assess, options.show)
    others = [
        c
        for c in cases("*.jsonl")
        if not c["file"].startswith("safety-") and c["kind"] != "urgent" and options.split in ("all", c["split"])
    ]
    alarms = [c for c in others if assess(c)[0]]
    for case in alarms if options.show else []:
        print(f"  false alarm    {case['id']}  {case['question']!r}", file=sys.stderr)
    result["other_files"] = {"cases": len(others), "false_alarms": len(alarms)}
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for part, figures in result.items():
        print(part)
        for name, value in figures.items():
            print(f"  {name:32} {value}")


if __name__ == "__main__":
    main()
