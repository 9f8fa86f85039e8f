"""Measures the verifier on pairs of statement and quote: what it lets through, and what it drops.

python eval/verification.py                    the test part
python eval/verification.py --split dev        the part that may be tuned on
python eval/verification.py --split dev --show what went wrong, pair by pair; the test part is never shown
python eval/verification.py --json             one JSON line, for programs
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from magbot.answer.verification.verifier import Source, Verdict, Verifier
from magbot.encoder.factory import load_encoder

PAIRS = Path(__file__).parent / "verification" / "pairs.jsonl"
# Bars of the test part: shares let through and dropped, and how many wrong numbers or units may pass.
MOST_LET_THROUGH = 0.03
MOST_DROPPED = 0.10
MOST_WRONG_NUMBERS = 0


@dataclass(frozen=True)
class Result:
    """A pair and what the verifier said."""

    pair: dict[str, Any]
    verdict: Verdict

    @property
    def right(self) -> bool:
        """Whether the verdict is the pair's."""
        return self.verdict.supported == self.pair["supported"]


def read_pairs(split: str) -> list[dict[str, Any]]:
    """The pairs of one part."""
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    return [pair for pair in map(json.loads, lines) if pair["split"] == split]


def run(verifier: Verifier, pairs: Iterable[dict[str, Any]]) -> list[Result]:
    """Check every pair; an invented citation names no quote of the turn."""
    results = []
    for pair in pairs:
        sources = [] if pair["broken"] == "citation" else [Source(pair["quote"], pair["quote_language"])]
        results.append(Result(pair, verifier.check(pair["statement"], pair["language"], sources)))
    return results


def figures(results: list[Result]) -> dict[str, float]:
    """The figures that have a bar, and precision and recall of dropping."""
    broken = [r for r in results if not r.pair["supported"]]
    supported = [r for r in results if r.pair["supported"]]
    passed = [r for r in broken if r.verdict.supported]
    dropped = [r for r in supported if not r.verdict.supported]
    caught = len(broken) - len(passed)
    return {
        "pairs": len(results),
        "let_through": len(passed) / len(broken),
        "dropped": len(dropped) / len(supported),
        "wrong_numbers_let_through": sum(r.pair["broken"] in {"number", "unit", "dose"} for r in passed),
        "precision": caught / max(1, caught + len(dropped)),
        "recall": caught / len(broken),
    }


def table(results: list[Result], title: str, of: Callable[[Result], str]) -> list[str]:
    """Lines with one row a group: how many pairs, how many right, what share."""
    lines = [f"{title:<26} {'pairs':>6} {'right':>6} {'share':>7}"]
    for name in sorted({of(r) for r in results}):
        group = [r for r in results if of(r) == name]
        right = sum(r.right for r in group)
        lines.append(f"{name:<26} {len(group):>6} {right:>6} {right / len(group):>7.1%}")
    return lines


def direction(result: Result) -> str:
    """Languages of statement and quote."""
    return f"{result.pair['language']} on {result.pair['quote_language']}"


def main() -> int:
    """Print the tables; exit code 1 when the test part misses a bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--show", action="store_true", help="list what went wrong (dev part only)")
    parser.add_argument("--json", action="store_true", help="one JSON line")
    options = parser.parse_args()
    if options.show and options.split == "test":
        parser.error("--show is for the dev part: whoever has read the test part's failures cannot measure with it")
    results = run(Verifier(load_encoder()), read_pairs(options.split))
    measured = figures(results)
    met = (
        measured["let_through"] <= MOST_LET_THROUGH
        and measured["dropped"] <= MOST_DROPPED
        and measured["wrong_numbers_let_through"] <= MOST_WRONG_NUMBERS
    )
    if options.json:
        breaks = {}
        for name in sorted({str(r.pair["broken"]) for r in results}):
            group = [r for r in results if str(r.pair["broken"]) == name]
            breaks[name] = {"pairs": len(group), "right": sum(r.right for r in group)}
        print(json.dumps({"split": options.split, "met": met, **measured, "by_break": breaks}, ensure_ascii=False))
        return 0 if met or options.split == "dev" else 1
    for line in table(results, "what is broken", lambda r: r.pair["broken"] or "nothing (supported)"):
        print(line)
    print()
    for line in table(results, "statement on quote", direction):
        print(line)
    print()
    print(f"unsupported let through   {measured['let_through']:.1%} (bar {MOST_LET_THROUGH:.0%})")
    print(f"supported dropped         {measured['dropped']:.1%} (bar {MOST_DROPPED:.0%})")
    print(f"wrong numbers let through {measured['wrong_numbers_let_through']} (bar {MOST_WRONG_NUMBERS})")
    print(f"dropping: precision {measured['precision']:.1%}, recall {measured['recall']:.1%}")
    if options.show:
        for result in (r for r in results if not r.right):
            pair, why = result.pair, "; ".join(f"{f.problem}: {f.detail}" for f in result.verdict.findings)
            print(f"\n{pair['id']} {pair['broken'] or 'supported'} cos {result.verdict.similarity:.2f} {why}")
            print(f"  {pair['statement']}\n  » {pair['quote']}")
    return 0 if met or options.split == "dev" else 1


if __name__ == "__main__":
    sys.exit(main())
