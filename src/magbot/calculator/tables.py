"""The rows of the shipped tables, each with the sentence that stands for it in the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from magbot.corpus.tables import read_rows, read_sidecar, render_row
from magbot.schema import LANGUAGES, Language

_NAMES = ("foods", "salts", "recommended-intake", "upper-levels", "units", "laboratory-values", "salt-solubility")


@dataclass(frozen=True)
class Row:
    """A row: `table` is the document's id, `values` the cells, `sentences` its exact quote in each language."""

    table: str
    values: Mapping[str, str]
    sentences: Mapping[Language, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    @property
    def id(self) -> str:
        """The row's name."""
        return self["id"]

    def number(self, column: str) -> Decimal:
        """A cell as a number; the cell must hold one."""
        return Decimal(self[column])

    def cite(self, language: Language) -> tuple[str, str]:
        """Document id and exact sentence."""
        return self.table, self.sentences[language]


class Tables:
    """All rows by table, in the order of the files. A corpus without one of the tables simply has none of its rows."""

    def __init__(self, corpus: Path) -> None:
        self._rows = {name: _read(corpus / "tables" / f"{name}.csv") for name in _NAMES}
        self._by_id = {(row.table, row.id): row for rows in self._rows.values() for row in rows}

    def rows(self, table: str) -> list[Row]:
        """Rows of a table by its file's name."""
        return self._rows[table]

    def row(self, table: str, row_id: str) -> Row | None:
        """One row, if the table has it."""
        return self._by_id.get((table, row_id))

    def pick(self, table: str, *row_ids: str) -> list[Row]:
        """The rows of these names that there are, in this order."""
        return [row for row_id in row_ids if (row := self.row(table, row_id)) is not None]


def _read(path: Path) -> list[Row]:
    sidecar_path = path.with_suffix(".yaml")
    if not (path.exists() and sidecar_path.exists()):
        return []
    sidecar = read_sidecar(sidecar_path)
    return [
        Row(str(sidecar["id"]), row, {language: render_row(row, sidecar, language, path) for language in LANGUAGES})
        for row in read_rows(path, path.read_text(encoding="utf-8"))
    ]
