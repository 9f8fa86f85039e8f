"""Reads eval/phrases/decision: questions that people might ask, and what should be decided about each.

A line stands for several questions: `(a|b)` is any one of its parts. `# topic` begins a group that stays together in
cross-validation, in both languages. `[word]` is what the corpus does not know; once it does, the line no longer counts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from magbot.schema import Language

FOLDER = Path(__file__).parent / "phrases" / "decision"
OUTCOMES = {"answerable": "answered", "unanswerable": "not_in_corpus", "off-topic": "off_topic"}
# Questions written out of one line at most; they share the weight of one.
_MOST = 8
# As near to a case as this in spelling counts as the case itself.
_NEAR = 88
_PARTS = re.compile(r"\(([^()]*)\)")
_MARKED = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True)
class Phrase:
    """One question, its language, what should be decided, and what it belongs to in cross-validation."""

    text: str
    language: Language
    outcome: str
    group: str
    """Its topic and the how-manieth line of it: mostly the same in the other language."""
    weight: float


def phrases(known: Callable[[str, Language], bool], cases: Sequence[str]) -> list[Phrase]:
    """All questions, without those that are near to a case, and without what the corpus knows by now.

    Args:
        known: whether the corpus holds what a line says that it does not.
        cases: questions of the evaluation.
    """
    seen = [utils.default_process(case) for case in cases]
    found = [phrase for path in sorted(FOLDER.glob("*.txt")) for phrase in _read(path, known)]
    return [
        phrase
        for phrase in found
        if not process.extractOne(utils.default_process(phrase.text), seen, scorer=fuzz.ratio, score_cutoff=_NEAR)
    ]


def _read(path: Path, known: Callable[[str, Language], bool]) -> Iterator[Phrase]:
    kind, name = path.stem.split(".")
    language: Language = "da" if name == "da" else "en"
    chance = random.Random(path.stem)  # noqa: S311 - repeatable, not secret
    topic, number = "", 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            topic, number = line.removeprefix("#").strip(), 0
        elif line.strip():
            number += 1
            written = _written_out(line, chance)
            texts = [text for text in written if not any(known(word, language) for word in _MARKED.findall(text))]
            for text in texts:
                yield Phrase(
                    _MARKED.sub(r"\1", text), language, OUTCOMES[kind], f"{kind} {topic} {number}", 1 / len(texts)
                )


def _written_out(line: str, chance: random.Random) -> list[str]:
    """Up to `_MOST` of the questions that a line stands for."""
    parts = _PARTS.split(line)
    found: dict[str, None] = {}
    for _ in range(_MOST * 3):
        found["".join(chance.choice(part.split("|")) if i % 2 else part for i, part in enumerate(parts))] = None
        if len(found) == _MOST:
            break
    return list(found)
