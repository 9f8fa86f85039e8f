"""Writes the evaluation as one HTML page that needs nothing else: scores, curves, what changed, the worst answers.

    python eval/report.py [--split test|dev|all] [--out FILE]

The figures are stored beside the page (`.json`); the next report shows the change since then.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from answers import percent
from metrics import calibration, figures, flat, risk_coverage, summary
from plots import bars, curve
from runs import Run, ask_all, baselines, cases_of, in_process_magbot

from magbot import __version__
from magbot.errors import MagbotError

_HERE = Path(__file__).parent
_WORST = 20
_LEAST_COVERAGE = 0.02
_TILES = (
    ("right, all", "right answers"), ("refusal recall", "unanswerable refused"),
    ("answerable not refused", "answerable answered"), ("citation_recall, all", "statements carried by their quotes"),
    ("verbatim, all", "verbatim quotes exact"), ("numbers, all", "numbers in their quotes"),
)  # fmt: skip


def page(runs: list[Run], simple: dict[str, list[Run]], before: dict[str, Any], split: str) -> str:
    """The whole page."""
    found = summary(runs)
    kinds = {kind: _by_language(found, kind) for kind in found["by_kind"]}
    earlier = before.get("kinds", {})
    bins = calibration(runs)
    # The first few answers say nothing about a share.
    risks = [point for point in risk_coverage(runs) if point[0] >= _LEAST_COVERAGE]
    parts = [
        "<h1>magbot: evaluation</h1>",
        f'<p class="lead">{found["all"]["n"]} cases ({split} part), version {__version__}, '
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC</p>",
        _tiles(found, before),
        "<h2>Right answers by kind and language</h2>",
        f'<div class="card">{bars(kinds, earlier)}<p class="soft">Per cent; '
        f"{'a tick marks the last report.' if earlier else 'there is no earlier report to compare with.'}</p></div>",
        "<h2>How sure, and how right</h2>",
        '<div class="pair"><div class="card"><h3>Calibration of the decision to answer</h3>',
        curve(
            [(p, true) for p, true, _ in bins], sizes=[n for *_, n in bins], diagonal=True,
            across="probability that the corpus answers, %", up="of these it does, %", title="Calibration",
        ),
        '<p class="soft">On the dashed line, expected and true agree; the larger the dot, the more questions.</p></div>',
        '<div class="card"><h3>Risk and coverage</h3>',
        curve(
            risks, across="questions answered, the surest first, %", up="wrong among these, %",
            title="Risk and coverage", top=max(0.2, 0.1 * -(-10 * max((risk for _, risk in risks), default=0) // 1)),
        ),
        '<p class="soft">What the answers would cost if only the surest share of them were given.</p></div></div>',
        "<h2>Against simple baselines</h2>", _lift(runs, simple),
        "<h2>All scores</h2>", _scores(found),
        "<h2>Change since the last report</h2>", _changes(found, before),
        f"<h2>The {_WORST} worst answers</h2>", *map(_worst, _badly(runs)),
    ]  # fmt: skip
    style = (_HERE / "report.css").read_text(encoding="utf-8")
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return (
        f'<!doctype html><html lang="en"><head>{head}<title>magbot: evaluation</title><style>{style}</style></head>'
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _by_language(found: dict[str, Any], kind: str) -> dict[str, float]:
    groups = found["by_kind_and_language"]
    return {lang: groups[f"{kind} {lang}"]["right"] for lang in ("da", "en") if f"{kind} {lang}" in groups}


def _difference(now: float, before: float | None) -> str:
    if before is None or abs(now - before) < 0.0005:
        return ""
    return f'<span class="{"up" if now > before else "down"}">{100 * (now - before):+.1f}</span>'


def _tiles(found: dict[str, Any], before: dict[str, Any]) -> str:
    values, earlier = flat(found), before.get("scores", {})
    tiles = [
        f'<div class="tile"><b>{percent(values[key][0])}</b><span>{name} </span>'
        f"{_difference(values[key][0], earlier.get(key))}</div>"
        for key, name in _TILES
    ]
    tiles.append(f'<div class="tile"><b>{found["all"]["words"]:.0f}</b><span>words in the median answer</span></div>')
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _table(head: list[str], rows: list[list[str]]) -> str:
    cells = "".join(f"<th>{name}</th>" for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="card"><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>'


def _lift(runs: list[Run], simple: dict[str, list[Run]]) -> str:
    everyone = {"magbot": runs, **simple}
    kinds = ("answerable", "table", "conflict", "multi_turn", "unanswerable")
    rows = []
    for name, its in everyone.items():
        scores = [run.score for run in its]
        by_kind = [figures([s for s in scores if s.kind == kind])["right"] for kind in kinds]
        rows.append([name, percent(figures(scores)["right"]), *map(percent, by_kind)])
    return _table(["", "right, all", *kinds], rows)


def _scores(found: dict[str, Any]) -> str:
    keys = [
        "right", "outcome", "groups_found", "groups_cited", "citation_precision", "citation_recall", "verbatim",
        "numbers",
    ]  # fmt: skip
    groups = {**found["by_kind_and_language"], **found["by_language"], "all": found["all"]}
    rows = [
        [name, str(its["n"]), *(percent(its[key]) for key in keys), f"{its['words']:.0f}"]
        for name, its in groups.items()
    ]
    names = ["right", "outcome", "facts", "facts cited", "citation precision", "citation recall", "verbatim", "numbers"]
    return _table(["", "cases", *names, "words"], rows)


def _changes(found: dict[str, Any], before: dict[str, Any]) -> str:
    earlier = before.get("scores", {})
    changed = [
        [name, percent(earlier[name]), percent(value), _difference(value, earlier[name])]
        for name, (value, _) in flat(found).items()
        if name in earlier and abs(value - earlier[name]) >= 0.0005
    ]
    if not changed:
        return f'<p class="soft">{"Nothing changed." if earlier else "This is the first report."}</p>'
    return _table(["score", f"on {before['when']}", "now", "change"], changed)


def _badly(runs: list[Run]) -> list[Run]:
    """The answers that are most wrong: surest first among those that say something they should not, then the rest."""

    def badness(run: Run) -> tuple[int, int, float]:
        said = run.answer.outcome == "answered" and not run.score.outcome_right
        return (not said, -len(run.score.reasons), -(run.probability or 0.0))

    return sorted((run for run in runs if not run.score.right), key=badness)[:_WORST]


def _worst(run: Run) -> str:
    case, answer = run.case, run.answer
    turns = "".join(
        f"<blockquote>{escape(turn['role'])}: {escape(turn['content'])}</blockquote>" for turn in case.history
    )
    sure = "" if run.probability is None else f", probability {run.probability:.2f}"
    extra = [*(c.text for c in answer.caveats), *(n.text for n in answer.notices)]
    sources = "".join(
        f"<blockquote>[{c.number}] {escape(c.title)}: “{escape(c.quote)}”</blockquote>" for c in answer.citations
    )
    return (
        f"<details><summary>{escape(case.question)}<small>{case.id}, {case.kind}</small></summary>"
        f'<div class="full">{turns}<p class="why">{escape("; ".join(run.score.reasons))}</p>'
        f"<p><b>{answer.outcome}</b>{sure}; searched for “{escape(answer.standalone_question)}”</p>"
        f'<p class="answer">{escape(answer.text)}</p>'
        f"{''.join(f'<p>{escape(text)}</p>' for text in extra)}{sources}</div></details>"
    )


def main() -> int:
    """Run everything and write the page and its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["dev", "test", "all"], default="test")
    parser.add_argument("--out", type=Path, default=_HERE / "out" / "report.html", help="where the page goes")
    arguments = parser.parse_args()
    magbot = in_process_magbot()
    runs = ask_all(cases_of(arguments.split), magbot)
    stored = arguments.out.with_suffix(".json")
    before = json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else {}
    if before.get("split") != arguments.split:
        before = {}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(page(runs, baselines(runs, magbot), before, arguments.split), encoding="utf-8")
    found = summary(runs)
    content = {
        "split": arguments.split,
        "cases": found["all"]["n"],
        "when": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        "scores": {name: value for name, (value, _) in flat(found).items()},
        "kinds": {kind: _by_language(found, kind) for kind in found["by_kind"]},
    }
    stored.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(f"{arguments.out} and {stored}")
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except MagbotError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from error
