"""Expansion questions for table rows, from the `questions` templates of the sidecars: found by, never shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from magbot.corpus.tables import fitting, read_rows, read_sidecar, render_row
from magbot.errors import DocumentError
from magbot.schema import LANGUAGES, Language

_ALIAS = "{alias}"


def load_table_questions(folder: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """(document key, sentence of the row) → its questions, for every table of a folder. Raises DocumentError."""
    questions: dict[tuple[str, str], tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else []:
        sidecar_path = path.with_suffix(".yaml")
        if not sidecar_path.exists():
            continue
        sidecar = read_sidecar(sidecar_path)
        for row in read_rows(path, path.read_text(encoding="utf-8")):
            for language in LANGUAGES:
                key = f"{sidecar['id']}.{language}", render_row(row, sidecar, language, path)
                asked = tuple(dict.fromkeys(_questions(row, sidecar, language, path)))
                if asked:
                    questions[key] = questions.get(key, ()) + asked
    return questions


def _questions(row: Mapping[str, str], sidecar: Mapping[str, Any], language: Language, path: Path) -> Iterator[str]:
    """Questions of one row: `questions` is a template list a language, or cases with `when` of which the first fits."""
    given = sidecar.get("questions") or []
    case = fitting(row, given if isinstance(given, list) else [given]) or {}
    for template in case.get(language, ()):
        names = _aliases(row, language) if _ALIAS in template else [""]
        for name in names:
            try:
                yield " ".join(str(template).format_map({**row, "alias": name}).split())
            except (KeyError, ValueError, IndexError) as error:
                raise DocumentError(
                    f"{path.with_suffix('.yaml').name}: a {language} question needs {error}, which the table lacks."
                ) from error


def _aliases(row: Mapping[str, str], language: Language) -> list[str]:
    """Names of the row in a language; a name whose language cannot be told serves both."""
    names = [name.strip() for name in row.get("aliases", "").split(";") if name.strip()]
    half = len(names)
    known = [name.lower() for name in names]
    for column in ("food_en", "salt_en"):
        # Aliases stand Danish first; the first one that begins like the English name starts the English part.
        begin = row.get(column, "").lower().split(" (")[0]
        first = next((i for i, name in enumerate(known) if begin and (name in begin or begin in name)), None)
        if first is not None and first < half:
            half = first
    chosen = names[:half] if language == "da" else names[half:]
    return chosen or names
