"""Questions that a statement answers (document expansion, Nogueira and others 2019): found by, never shown.

One JSONL file a document in corpus/questions/, each line an object with "document", "language", "quote" (the sentence)
and "questions".
"""

from __future__ import annotations

import json
from pathlib import Path

from magbot.errors import DocumentError


def load_questions(folder: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """(document key, sentence with single spaces) → its questions; empty without a folder. Raises DocumentError."""
    questions: dict[tuple[str, str], tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else []:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                key = f"{entry['document']}.{entry['language']}", " ".join(entry["quote"].split())
                questions[key] = questions.get(key, ()) + tuple(entry["questions"])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise DocumentError(
                    f"questions/{path.name}: line {number} cannot be read ({error}).",
                    help="Each line is a JSON object with document, language, quote and questions.",
                ) from error
    return questions
