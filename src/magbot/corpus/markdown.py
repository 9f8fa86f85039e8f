"""Markdown to the plain text that quotes point into: headings, paragraphs, and the sources of topic pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from magbot.errors import DocumentError
from magbot.safety.sanitise import strip_hidden
from magbot.schema import Heading, Support

# A Pandoc citation at the end of a sentence says which sentence of which document it rests on:
#   Magnesium oxide is poorly absorbed. [@absorption-trials, "about 4 %"]
_CITATION = re.compile(r"[ \t]*\[@(?P<id>[a-z0-9-]+),\s*[\"“»](?P<quote>[^\]]+?)[\"”«]\]")
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass
class PlainText:
    """Text under construction, with what is known about its parts."""

    headings: list[Heading] = field(default_factory=list)
    supports: list[Support] = field(default_factory=list)
    _blocks: list[str] = field(default_factory=list)
    _length: int = 0

    @classmethod
    def made(cls, text: str, headings: Sequence[Heading]) -> PlainText:
        """Text that is complete already."""
        return cls(headings=list(headings), _blocks=[text], _length=len(text))

    @property
    def text(self) -> str:
        """All blocks, with a blank line between them."""
        return "\n\n".join(self._blocks)

    def add_paragraph(self, words: str) -> tuple[int, int]:
        """Append a paragraph after a blank line; return where it starts and ends.

        Marks that nobody sees, such as direction overrides, are left out: a quote would carry them onto the page.
        """
        words = strip_hidden(words)
        start = self._length + 2 if self._blocks else 0
        self._blocks.append(words)
        self._length = start + len(words)
        return start, self._length

    def add_heading(self, words: str, level: int) -> None:
        """Append a heading as a paragraph of its own."""
        start, end = self.add_paragraph(words)
        self.headings.append(Heading(start=start, end=end, level=level))


def read_markdown(markdown: str, source: str, *, supports: bool = True) -> PlainText:
    """Turn CommonMark into plain text, one blank line between blocks.

    With `supports`, markers like `[@id, "quote"]` are taken out of the text and become `PlainText.supports`.

    Raises DocumentError when a sentence's source marker is malformed.
    """
    plain = PlainText()
    level = 0
    for token in _PARSER.parse(markdown):
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline":
            words = _inline_text(token).strip()
            if level:
                plain.add_heading(words, level)
            elif words:
                _add_with_supports(plain, words, source, supports)
        elif token.type in {"fence", "code_block"} and token.content.strip():
            plain.add_paragraph(token.content.strip())
    return plain


def _inline_text(token: Token) -> str:
    parts = []
    for child in token.children or []:
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type in {"text", "code_inline"} or child.type == "image":
            parts.append(child.content)
    return "".join(parts)


def _add_with_supports(plain: PlainText, words: str, source: str, supports: bool) -> None:
    if "[@" not in words or not supports:
        plain.add_paragraph(words)
        return
    kept = ""
    cited: list[tuple[int, int, str, str]] = []
    position = 0
    sentence_start = 0
    for match in _CITATION.finditer(words):
        between = words[position : match.start()]
        if between.strip():
            sentence_start = len(kept) + len(between) - len(between.lstrip()) if kept else 0
        kept += between
        cited.append((sentence_start, len(kept), match["id"], match["quote"].strip()))
        position = match.end()
    kept += words[position:]
    if "[@" in kept:
        raise DocumentError(
            f"{source}: a source marker cannot be read near “{kept[kept.index('[@') :][:60]}”.",
            help='Write it as [@document-id, "part of the sentence"] at the end of the sentence.',
        )
    start, _ = plain.add_paragraph(kept.rstrip())
    plain.supports.extend(
        Support(start=start + first, end=start + last, document_id=document_id, quote=quote)
        for first, last, document_id, quote in cited
    )
