"""Fits how near in meaning a statement must be to its quote, on the dev part of the pairs.

Writes src/magbot/answer/verification/threshold.json. A threshold lies half way between the supported statement that
is furthest from its quote and almost all statements beside a quote of another topic; one for a statement in its
quote's language, and one for the other language, since the encoder puts those a little further apart.

    python eval/fit_verification.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from verification import read_pairs

from magbot.answer.verification import support
from magbot.answer.verification.verifier import Source, Verifier
from magbot.encoder.factory import load_encoder

TARGET = Path(support.__file__).parent / "threshold.json"
ALMOST_ALL = 0.99


def main() -> None:
    """Fit, print what the thresholds alone would do, write."""
    encoder = load_encoder()
    verifier = Verifier(encoder)
    pairs = read_pairs("dev")
    fitted: dict[str, float] = {}
    for name in ("same", "other"):
        supported = [p for p in pairs if p["supported"] and (p["language"] == p["quote_language"]) == (name == "same")]
        own = [similarity(verifier, pair, pair) for pair in supported]
        foreign = [
            similarity(verifier, pair, other) for pair in supported for other in supported if foreign_to(pair, other)
        ]
        fitted[name] = round((min(own) + float(np.quantile(foreign, ALMOST_ALL))) / 2, 3)
        stopped = float(np.mean(np.array(foreign) < fitted[name]))
        kept = float(np.mean(np.array(own) >= fitted[name]))
        print(f"{name} language: {fitted[name]}; keeps {kept:.1%} of {len(own)}, stops {stopped:.1%} of {len(foreign)}")
    content = {
        "fitted_on": f"dev part of eval/verification/pairs.jsonl, {len(pairs)} pairs, by eval/fit_verification.py",
        "encoder": encoder.id,
        "thresholds": fitted,
    }
    TARGET.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def foreign_to(pair: dict[str, str], other: dict[str, str]) -> bool:
    """Whether another pair's quote is of another topic, in the same language as the pair's own."""
    return pair["topic"] != other["topic"] and pair["quote_language"] == other["quote_language"]


def similarity(verifier: Verifier, pair: dict[str, str], quoted: dict[str, str]) -> float:
    """Cosine of a pair's statement to the quote of this or another pair."""
    source = Source(quoted["quote"], quoted["quote_language"])  # type: ignore[arg-type]
    return verifier.check(pair["statement"], pair["language"], [source]).similarity  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
