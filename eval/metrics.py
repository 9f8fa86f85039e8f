"""Sums scores up: by kind and language, refusals, calibration, and against a baseline."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from runs import Run
from scoring import Score

BASELINE = Path(__file__).parent / "baseline.json"
REFUSALS = ("not_in_corpus", "off_topic")
# A score may drop by this share, or by two cases where a group is small, before the comparison fails.
TOLERANCE = 0.02
_CASES_ALLOWED = 2
_SHARES = (
    "groups_found", "groups_cited", "citation_precision", "citation_recall", "verbatim", "numbers",
)  # fmt: skip
_BINS = 10
Figures = dict[str, Any]


def figures(scores: Sequence[Score]) -> Figures:
    """The figures of one group of cases; None where no case of it has one."""
    words = [item.words for item in scores if item.outcome == "answered"]
    found: Figures = {
        "n": len(scores),
        "right": _mean(item.right for item in scores),
        "outcome": _mean(item.outcome_right for item in scores),
        **{name: _mean(value for item in scores if (value := getattr(item, name)) is not None) for name in _SHARES},
        "exact": _mean(item.exact for item in scores),
        "words": median(words) if words else 0,
    }
    return found


def summary(runs: Sequence[Run]) -> Figures:
    """Everything that is compared and shown."""
    scores = [run.score for run in runs]
    return {
        "all": figures(scores),
        "by_language": _grouped(scores, lambda item: item.lang),
        "by_kind": _grouped(scores, lambda item: item.kind),
        "by_kind_and_language": _grouped(scores, lambda item: f"{item.kind} {item.lang}"),
        "refusals": refusals(scores),
    }


def refusals(scores: Sequence[Score]) -> dict[str, float]:
    """Precision and recall of refusing, and how many answerable questions are refused."""
    should = [item for item in scores if item.expected in REFUSALS]
    did = [item for item in scores if item.outcome in REFUSALS]
    answerable = [item for item in scores if item.expected == "answered"]
    both = sum(item.outcome in REFUSALS for item in should)
    return {
        "refusal_recall": both / len(should) if should else 1.0,
        "refusal_precision": sum(item.expected in REFUSALS for item in did) / len(did) if did else 1.0,
        "answerable_refused": sum(item.outcome in REFUSALS for item in answerable) / max(1, len(answerable)),
    }


def calibration(runs: Sequence[Run]) -> list[tuple[float, float, int]]:
    """Bins of the decision's probability: mean probability, share that the corpus answers, number of cases."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for run in runs:
        if run.probability is not None and run.case.outcome != "urgent":
            place = min(_BINS - 1, int(run.probability * _BINS))
            bins[place].append((run.probability, run.case.outcome == "answered"))
    return [
        (sum(p for p, _ in items) / len(items), sum(yes for _, yes in items) / len(items), len(items))
        for _, items in sorted(bins.items())
    ]


def risk_coverage(runs: Sequence[Run]) -> list[tuple[float, float]]:
    """Share of all questions answered, and share of wrong ones among those, from the surest answer down."""
    asked = [run for run in runs if run.case.outcome != "urgent"]
    ordered = sorted(asked, key=lambda run: -(1.0 if run.probability is None else run.probability))
    points, wrong = [], 0
    for place, run in enumerate(ordered, 1):
        # What should have been refused is wrong if answered, whatever the answer says.
        wrong += not (run.score.groups_found == 1.0 if run.case.must else run.case.outcome == "answered")
        points.append((place / len(ordered), wrong / place))
    return points


def flat(found: Figures) -> dict[str, tuple[float, int]]:
    """Names of the scores that are kept from dropping, with value and number of cases."""
    kept: dict[str, tuple[float, int]] = {}
    for group in ("by_language", "by_kind"):
        for name, its in found[group].items():
            kept[f"right, {name}"] = (its["right"], its["n"])
    whole = found["all"]
    for name in ("right", "outcome", "groups_found", "citation_precision", "citation_recall", "verbatim", "numbers"):
        kept[f"{name}, all"] = (whole[name], whole["n"])
    refused = found["refusals"]
    unanswered = sum(found["by_kind"].get(kind, {"n": 0})["n"] for kind in ("unanswerable", "off_topic"))
    kept["refusal recall"] = (refused["refusal_recall"], unanswered)
    kept["answerable not refused"] = (1 - refused["answerable_refused"], whole["n"] - unanswered)
    return kept


def write_baseline(found: Figures, split: str, path: Path = BASELINE) -> None:
    """Store the scores that later runs are compared with."""
    scores = {name: round(value, 4) for name, (value, _) in flat(found).items()}
    content = {"split": split, "cases": found["all"]["n"], "tolerance": TOLERANCE, "scores": scores}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def drops(found: Figures, path: Path = BASELINE) -> list[str]:
    """Scores below the baseline by more than the tolerance, each as a line for a person."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    now = flat(found)
    lines = []
    for name, before in stored["scores"].items():
        value, cases = now.get(name, (0.0, 0))
        allowed = max(stored["tolerance"], _CASES_ALLOWED / cases if cases else 0.0)
        if value < before - allowed:
            lines.append(f"{name}: {value:.3f}, was {before:.3f} (may drop by {allowed:.3f})")
    return lines


def _grouped(scores: Sequence[Score], of: Callable[[Score], str]) -> dict[str, Figures]:
    groups: dict[str, list[Score]] = defaultdict(list)
    for item in scores:
        groups[of(item)].append(item)
    return {name: figures(items) for name, items in sorted(groups.items())}


def _mean(values: Iterable[float]) -> float | None:
    listed = [float(value) for value in values]
    return sum(listed) / len(listed) if listed else None
