"""Word documents: paragraphs, headings by their styles, and tables row by row, in the order of the document."""

from __future__ import annotations

import io
import re
from zipfile import BadZipFile

from docx import Document as WordFile
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError

from magbot.corpus.formats.archive import check_archive
from magbot.corpus.formats.reading import Reading
from magbot.corpus.formats.table import add_rows
from magbot.corpus.markdown import PlainText
from magbot.refusals import refused

_HEADING = re.compile(r"^heading (\d)$", re.IGNORECASE)


def read_docx(data: bytes, name: str) -> Reading:
    """A Word document. Raises DocumentError that names the file and the mend."""
    check_archive(data, name, "word/document.xml")
    plain = PlainText()
    try:
        document = WordFile(io.BytesIO(data))
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                add_rows(plain, _rows(block))
            else:
                _add(plain, block)
        properties = document.core_properties
        hints = {"title": properties.title or "", "authors": properties.author or ""}
    except (OpcError, LxmlError, BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        raise refused("damaged-docx", name=name, reason=str(error)) from error
    return Reading(plain, hints=hints)


def _add(plain: PlainText, paragraph: Paragraph) -> None:
    words = " ".join(paragraph.text.split())
    if not words:
        return
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    heading = _HEADING.match(style)
    if heading:
        plain.add_heading(words, int(heading[1]) + 1)
    elif style.lower() == "title":
        plain.add_heading(words, 1)
    else:
        plain.add_paragraph(words)


def _rows(table: Table) -> list[list[str]]:
    """Cells of a table; a cell that spans several columns counts once."""
    rows = []
    for row in table.rows:
        cells = {id(cell._tc): cell.text for cell in row.cells}
        rows.append(list(cells.values()))
    return rows
