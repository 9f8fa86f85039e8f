"""Tables as documents: each row of a CSV becomes one sentence, by the row templates of a YAML sidecar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from magbot.corpus.metadata import FIELDS, read_metadata
from magbot.errors import DocumentError
from magbot.schema import LANGUAGES, Document, Heading, Language
from magbot.text.numbers import write_number
from magbot.yaml_files import parse_yaml

# Keys of a sidecar beyond the document's metadata.
_SIDECAR = frozenset({"row", "rows", "columns", "number_columns", "questions"})


def read_table(path: Path, raw: str) -> list[Document]:
    """One document a language. Raises DocumentError."""
    rows, sidecar = read_rows(path, raw), read_sidecar(path.with_suffix(".yaml"))
    return [_table(path, rows, sidecar, language) for language in LANGUAGES]


def read_rows(path: Path, raw: str) -> list[dict[str, str]]:
    """Rows of a CSV with a header line, values stripped."""
    reader = csv.DictReader(io.StringIO(raw), strict=True)
    try:
        rows = [{key: (value or "").strip() for key, value in row.items() if key is not None} for row in reader]
    except csv.Error as error:
        raise DocumentError(f"{path.name}: line {reader.line_num} is not valid CSV ({error}).") from error
    if not rows:
        raise DocumentError(f"{path.name}: the table has no rows.", help="It needs a header line and at least one row.")
    return rows


def read_sidecar(path: Path) -> dict[str, Any]:
    """Row templates and metadata of a table. Raises DocumentError."""
    try:
        sidecar = parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DocumentError(
            f"{path.name}: this sidecar is missing; without it nobody knows what the table's rows say.",
            help="Write it as the corpus guide shows, or add the table to your own documents with `magbot add`.",
        ) from error
    except yaml.YAMLError as error:
        raise DocumentError(f"{path.name}: this is not valid YAML ({str(error).splitlines()[0]}).") from error
    if not isinstance(sidecar, dict) or not ("row" in sidecar or "rows" in sidecar):
        raise DocumentError(f"{path.name}: a table's sidecar needs a “row” with a template for each language.")
    return sidecar


def _table(path: Path, rows: list[dict[str, str]], sidecar: Mapping[str, Any], language: Language) -> Document:
    values = {name: _in_language(value, language) for name, value in sidecar.items() if name not in _SIDECAR}
    values = {name: value for name, value in values.items() if name in FIELDS or name not in _SIDECAR}
    metadata = read_metadata(values | {"language": language, "kind": "table"}, path.with_suffix(".yaml").name)
    title = metadata.title
    lines = [title, *(render_row(row, sidecar, language, path) for row in rows)]
    return Document(
        metadata=metadata,
        text="\n\n".join(lines),
        source=path.name,
        headings=(Heading(start=0, end=len(title), level=1),),
    )


def _in_language(value: Any, language: Language) -> Any:
    return value[language] if isinstance(value, dict) and language in value else value


def render_row(row: Mapping[str, str], sidecar: Mapping[str, Any], language: Language, path: Path) -> str:
    """The sentence of one row; the first of `rows` whose `when` fits, else `row`."""
    case = fitting(row, sidecar.get("rows", ()))
    template = (case if case is not None else sidecar["row"])[language]
    numbers = set(sidecar.get("number_columns", ()))
    shown = {name: _written(value, language) if name in numbers else value for name, value in row.items()}
    try:
        return " ".join(str(template).format_map(shown).split())
    except (KeyError, ValueError, IndexError) as error:
        raise DocumentError(
            f"{path.name}: the {language} template needs the column {error}, which the table does not have."
        ) from error


def fitting(row: Mapping[str, str], cases: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The first case whose `when` fits a row."""
    return next(
        (
            case
            for case in cases
            if all(row.get(name, "") == str(wanted or "") for name, wanted in case.get("when", {}).items())
        ),
        None,
    )


def _written(value: str, language: Language) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        # Ranges and "<0.70" are written with the same signs.
        return value.replace(".", ",") if language == "da" else value
    decimals = max(0, -int(number.as_tuple().exponent))
    written = write_number(number, language, decimals)
    separator = "," if language == "da" else "."
    # Figures keep their precision: 0.70 stays 0,70.
    have = len(written.split(separator)[1]) if separator in written else 0
    if decimals > have:
        written += (separator if not have else "") + "0" * (decimals - have)
    return written
