"""Web pages: their main text without menus, scripts and styles, with headings, lists and tables.

trafilatura finds the main text of a page better than other open tools, and what it cannot tell is kept.
"""

from __future__ import annotations

import codecs
import re

import trafilatura
from lxml.etree import _Element

from magbot.corpus.formats.encoding import decode
from magbot.corpus.formats.reading import Reading
from magbot.corpus.formats.table import add_rows
from magbot.corpus.markdown import PlainText
from magbot.refusals import refused

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?\s*([\w-]+)""", re.IGNORECASE)
_HEAD_BYTES = 4000


def read_html(data: bytes, name: str) -> Reading:
    """A web page. Raises DocumentError that names the file and the mend."""
    text = _decoded(data, name)
    page = trafilatura.bare_extraction(
        text, favor_recall=True, include_comments=False, include_formatting=True, with_metadata=True
    )
    plain = PlainText()
    if page is not None and not isinstance(page, dict):
        _add_blocks(plain, page.body)
    if page is None or isinstance(page, dict) or not plain.text.strip():
        raise refused("empty-page", name=name)
    values = {"title": page.title, "authors": (page.author or "").split("; ") if page.author else ""}
    return Reading(plain, {key: value for key, value in values.items() if value}, {"year": page.date or ""})


def _decoded(data: bytes, name: str) -> str:
    """By a byte order mark, then by what the page says, then by what the bytes look like."""
    said = _CHARSET.search(data[:_HEAD_BYTES])
    if said and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode(said[1].decode("ascii")).replace("\r\n", "\n")
        except (LookupError, UnicodeDecodeError):
            return decode(data, name)
    return decode(data, name)


def _add_blocks(plain: PlainText, element: _Element) -> None:
    for block in element:
        words = _words(block)
        if block.tag == "head" and words:
            plain.add_heading(words, int((block.get("rend") or "h2")[1:2]))
        elif block.tag == "table":
            add_rows(plain, [[_words(cell) for cell in row.iter("cell")] for row in block.iter("row")])
        elif block.tag == "list":
            for item in block.iter("item"):
                if _words(item):
                    plain.add_paragraph(_words(item))
        elif block.tag in {"quote", "div"} and len(block):
            _add_blocks(plain, block)
        elif words:
            plain.add_paragraph(words)


def _words(element: _Element) -> str:
    """The text of an element without lists inside it; line breaks stay, other white space is one space."""
    return "\n".join(" ".join(line.split()) for line in _raw(element).split("\n")).strip()


def _raw(element: _Element) -> str:
    parts: list[str] = [" ".join((element.text or "").split("\n"))]
    for child in element:
        if child.tag == "lb":
            parts.append("\n")
        elif child.tag != "list":
            parts.append(_raw(child))
        parts.append(" ".join((child.tail or "").split("\n")))
    return "".join(parts)
