"""Checks tables: every number has a unit, every row a source, and nothing unverified is stated as a fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from magbot.corpus.tables import read_rows, read_sidecar
from magbot.errors import MagbotError

# 12.4, <0.70 or 54-56
_NUMBER = re.compile(r"^[<>]?\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?$")
# How a row can have been checked; a figure that was not may not stand in a table.
_STATUSES = frozenset({"verified", "verified-secondary", "computed"})


def check_tables(folder: Path) -> Iterator[str]:
    """Problems with the tables of a folder that have a sidecar."""
    for path in sorted(folder.rglob("*.csv")):
        if not path.with_suffix(".yaml").exists():
            continue
        try:
            rows = read_rows(path, path.read_text(encoding="utf-8"))
            sidecar = read_sidecar(path.with_suffix(".yaml"))
        except MagbotError:
            continue  # loading the corpus has said so
        yield from _units(path, sidecar)
        for number, row in enumerate(rows, 2):
            yield from _row(f"{path.name}: line {number}", row, sidecar)


def _units(path: Path, sidecar: Mapping[str, Any]) -> Iterator[str]:
    columns = sidecar.get("columns", {})
    own_unit = any(name == "unit" or name.endswith("_unit") for name in columns)
    for name in sidecar.get("number_columns", ()):
        if not own_unit and not columns.get(name, {}).get("unit"):
            yield f"{path.stem}.yaml: the number column “{name}” has no unit; give it one, or add a column “unit”."


def _row(where: str, row: Mapping[str, str], sidecar: Mapping[str, Any]) -> Iterator[str]:
    numbers = [name for name in sidecar.get("number_columns", ()) if row.get(name)]
    for name in numbers:
        if not _NUMBER.match(row[name]):
            yield f"{where}: “{row[name]}” in “{name}” is not a number; write it with a point, without a unit."
    for name, value in row.items():
        if numbers and not value and (name == "unit" or name.endswith("_unit")):
            yield f"{where}: the column “{name}” is empty."
    if not (row.get("source_id") or row.get("url")):
        yield f"{where}: the row has no source; fill in “source_id” or “url”."
    if row.get("status") not in _STATUSES:
        yield f"{where}: the status “{row.get('status', '')}” is not one of {', '.join(sorted(_STATUSES))}."
