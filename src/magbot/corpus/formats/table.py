"""Tables as sentences: each row becomes “column: value; column: value.”, so that a row can be quoted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from zipfile import BadZipFile

from magbot.corpus.formats.archive import check_archive
from magbot.corpus.formats.encoding import decode
from magbot.corpus.formats.reading import Reading
from magbot.corpus.markdown import PlainText
from magbot.refusals import refused
from magbot.schema import Kind

_DELIMITERS = ";,\t|"
_SAMPLE = 20_000
# A spreadsheet may claim a million rows of nothing.
_MAX_ROWS = 200_000


def read_csv(data: bytes, name: str) -> Reading:
    """A CSV file, whatever its encoding and separator. Raises DocumentError that names the line."""
    text = decode(data, name)
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=True)
    plain = PlainText()
    try:
        add_rows(plain, reader)
    except csv.Error as error:
        raise refused("invalid-csv", name=name, line=reader.line_num, reason=str(error)) from error
    return Reading(plain, {"kind": Kind.TABLE})


def read_xlsx(data: bytes, name: str) -> Reading:
    """A workbook, sheet by sheet. Formulas are never computed: what counts is the value that was saved with them."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    check_archive(data, name, "xl/workbook.xml")
    plain = PlainText()
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            rows = ([_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True, max_row=_MAX_ROWS))
            add_rows(plain, rows, heading=sheet.title)
        properties = book.properties
    except (InvalidFileException, BadZipFile, KeyError, ValueError, TypeError, SyntaxError, AttributeError) as error:
        raise refused("damaged-xlsx", name=name, reason=str(error)) from error
    hints = {"title": properties.title or "", "authors": properties.creator or ""}
    return Reading(plain, {"kind": Kind.TABLE}, hints)


def add_rows(plain: PlainText, rows: Iterable[Sequence[str]], heading: str = "") -> None:
    """Append a table whose first filled row names the columns; a table without rows below it adds nothing."""
    filled = ([" ".join(cell.split()) for cell in row] for row in rows if any(cell.strip() for cell in row))
    header = next(filled, [])
    sentences = _sentences(header, filled)
    first = next(sentences, None)
    if first is None:
        return
    if heading:
        plain.add_heading(heading, 2)
    plain.add_paragraph(first)
    for sentence in sentences:
        plain.add_paragraph(sentence)


def _sentences(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        pairs = zip_longest(header, row, fillvalue="")
        cells = [f"{column}: {value}" if column else value for column, value in pairs if value]
        sentence = "; ".join(cells)
        yield sentence if sentence.endswith(".") else f"{sentence}."


def _delimiter(text: str) -> str:
    """The separator that splits the first lines into most and equally many cells."""
    lines = [line for line in text[:_SAMPLE].splitlines()[:20] if line.strip()]

    def fit(delimiter: str) -> tuple[bool, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        return len(set(counts)) == 1 and counts[0] > 1, min(counts, default=0)

    return max(_DELIMITERS, key=fit)


def _shown(value: object) -> str:
    """A cell as a person sees it: whole numbers without .0, dates without a midnight."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")
