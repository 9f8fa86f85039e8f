"""PDF: paragraphs in reading order, headings by size of type, and where each page begins.

pdfminer.six, since it groups lines into paragraphs and columns and gives their type sizes; pypdf and PDFium give lines.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTFigure, LTImage, LTPage, LTTextBox
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser

from magbot.corpus.formats.archive import check_streams
from magbot.corpus.formats.reading import Reading, Remark
from magbot.corpus.markdown import PlainText
from magbot.refusals import refused

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00ad": ""}
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|\(cid:\d+\)")
_SENTENCE_END = re.compile(r"[.!?:…][\"'»”’)\]]*$")
_JUNK_TITLE = re.compile(r"^(?:microsoft word|untitled|slide 1|\W*$)|\.(?:docx?|pdf|indd|tex|pptx?)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_PAGE_NUMBER = re.compile(r"\W*(?:page|side|pp?\.|s\.)?\s*#(?:\s*(?:of|af|/|\|)\s*#)?\W*", re.IGNORECASE)
# Type this much larger than the running text is a heading; headings are short.
_LARGER = 1.12
_MAX_HEADING_WORDS = 20
# Running heads and page numbers stand in this share of the page, at top and bottom.
_MARGIN = 0.09
_MIN_LETTERS_A_PAGE = 25
# Lines stand together up to this much more than the usual space between lines.
_SAME_SPACE = 1.25


@dataclass(frozen=True)
class _Line:
    """A line as it is laid out; `box` numbers the paragraph that pdfminer put it in."""

    words: str
    size: float
    bold: bool
    in_margin: bool
    page: int
    box: int
    left: float
    right: float
    top: float
    bottom: float

    def space_to(self, below: _Line) -> float | None:
        """Space to a line below it in the same column, in type sizes; None for one that stands elsewhere."""
        beside = below.left > self.right or below.right < self.left
        if below.page != self.page or beside or below.top > self.bottom + 0.3 * self.size:
            return None
        return (self.bottom - below.top) / self.size

    def looks_like(self, other: _Line) -> bool:
        """Whether both are set in the same type."""
        return self.bold == other.bold and abs(self.size - other.size) < 0.08 * self.size


@dataclass(frozen=True)
class _Block:
    """A paragraph or heading as it is laid out."""

    lines: tuple[str, ...]
    size: float
    bold: bool
    page: int
    in_margin: bool


def read_pdf(data: bytes, name: str) -> Reading:
    """A PDF with text in it. Raises DocumentError that names the file and the mend."""
    # pdfminer logs every oddity of a file, and what matters is raised or said below.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    _check_whole(data, name)
    check_streams(data, name)
    lines: list[_Line] = []
    pictures: list[bool] = []
    try:
        info = PDFDocument(PDFParser(io.BytesIO(data))).info
        # A page as pdfminer lays it out takes megabytes, so none is kept.
        for number, page in enumerate(extract_pages(io.BytesIO(data), laparams=LAParams())):
            lines += _lines(page, number)
            pictures.append(_has_picture(page))
    except PDFPasswordIncorrect as error:
        raise refused("locked-pdf", name=name) from error
    except MemoryError:
        raise
    except Exception as error:
        raise refused("damaged-pdf", name=name, reason=type(error).__name__) from error
    blocks = list(_blocks(lines))
    empty = _pages_without_text(pictures, blocks)
    if len(empty) == len(pictures):
        raise refused("scanned-pdf", name=name)
    plain, starts = _put_together(_without_running_heads(blocks, len(pictures)), len(pictures))
    remark: Remark | None = None
    if empty:
        remark = ("pages-without-text", {"pages": ", ".join(str(page + 1) for page in empty), "count": len(pictures)})
    return Reading(plain, hints=_hints(info), pages=starts, remark=remark)


def _check_whole(data: bytes, name: str) -> None:
    if b"%PDF-" not in data[:1024]:
        raise refused("not-pdf", name=name)
    if b"%%EOF" not in data[-2048:]:
        raise refused("cut-pdf", name=name)


def _hints(info: Sequence[dict[str, object]]) -> dict[str, object]:
    said: dict[str, str] = {}
    for part in info:
        for key, value in part.items():
            said[key] = _decoded(value)
    title, author = said.get("Title", "").strip(), said.get("Author", "").strip()
    return {
        "title": "" if _JUNK_TITLE.search(title) else title,
        # One word is the name that somebody logs in with.
        "authors": author if " " in author else "",
    }


def _decoded(value: object) -> str:
    if not isinstance(value, bytes):
        return ""
    if value.startswith((b"\xfe\xff", b"\xff\xfe")):
        return value.decode("utf-16", errors="replace")
    return value.decode("latin-1").replace("\x00", "")


def _lines(page: LTPage, number: int) -> Iterator[_Line]:
    margin = _MARGIN * page.height
    boxes = [box for box in page if isinstance(box, LTTextBox)]
    for place, box in enumerate(boxes):
        for line in box:
            letters = [char for char in line if isinstance(char, LTChar) and char.get_text().strip()]
            words = _clean(line.get_text())
            if not letters or not words:
                continue
            yield _Line(
                words=words,
                size=round(median(letter.size for letter in letters), 1),
                bold=all("bold" in letter.fontname.lower() for letter in letters),
                in_margin=line.y0 > page.height - margin or line.y1 < margin,
                page=number,
                box=place,
                left=line.x0,
                right=line.x1,
                top=line.y1,
                bottom=line.y0,
            )


def _blocks(lines: Sequence[_Line]) -> Iterator[_Block]:
    """Lines that stand together in the same type.

    pdfminer parts the lines of text that is set wide, so the usual space between this document's lines counts as well.
    """
    spaces = [
        space
        for line, below in pairwise(lines)
        if line.looks_like(below) and (space := line.space_to(below)) is not None
    ]
    usual = median(spaces) if spaces else 0.0
    group: list[_Line] = []
    for line in lines:
        if group:
            space = group[-1].space_to(line)
            near = space is not None and space <= max(usual, 0.1) * _SAME_SPACE
            same_box = (group[-1].page, group[-1].box) == (line.page, line.box)
            if not (line.looks_like(group[-1]) and (near or same_box)):
                yield _block(group)
                group = []
        group.append(line)
    if group:
        yield _block(group)


def _block(group: Sequence[_Line]) -> _Block:
    first = group[0]
    inside = all(line.in_margin for line in group)
    return _Block(tuple(line.words for line in group), first.size, first.bold, first.page, inside)


def _clean(line: str) -> str:
    return " ".join(_CONTROL.sub("", line.translate(_LIGATURES)).split())


def _pages_without_text(pictures: Sequence[bool], blocks: Sequence[_Block]) -> list[int]:
    """Pages with a picture and next to no text; wholly blank ones are nobody's loss."""
    letters = Counter[int]()
    for block in blocks:
        letters[block.page] += sum(len(line) for line in block.lines)
    return [
        number
        for number, has_picture in enumerate(pictures)
        if letters[number] < _MIN_LETTERS_A_PAGE and (has_picture or not any(letters.values()))
    ]


def _has_picture(container: Iterable[object]) -> bool:
    return any(isinstance(item, LTImage) or (isinstance(item, LTFigure) and _has_picture(item)) for item in container)


def _without_running_heads(blocks: Sequence[_Block], pages: int) -> list[_Block]:
    """Leave out page numbers, and what stands in the margin of most pages."""

    def shape(block: _Block) -> str:
        return _DIGITS.sub("#", " ".join(block.lines))

    often = Counter(shape(block) for block in blocks if block.in_margin)
    return [
        block
        for block in blocks
        if not (block.in_margin and (_PAGE_NUMBER.fullmatch(shape(block)) or often[shape(block)] > max(2, pages / 2)))
    ]


def _put_together(blocks: Sequence[_Block], pages: int) -> tuple[PlainText, tuple[int, ...]]:
    """Paragraphs and headings as plain text, with the offset at which each page begins."""
    body = _body_size(blocks)
    sizes = sorted({block.size for block in blocks if _is_larger(block, body)}, reverse=True)
    together = "\n".join(line for block in blocks for line in block.lines).lower()
    plain = PlainText()
    starts = [0] * pages
    waiting: tuple[str, dict[int, int]] | None = None  # a paragraph, and where in it each page begins

    def flush() -> None:
        nonlocal waiting
        if waiting:
            first, _ = plain.add_paragraph(waiting[0])
            for page, offset in waiting[1].items():
                starts[page] = first + offset
            waiting = None

    page_of_last = -1
    for block in blocks:
        words = _joined(block.lines, together)
        new_pages = {} if block.page == page_of_last else {block.page: 0}
        page_of_last = block.page
        if _is_heading(block, body):
            flush()
            level = sizes.index(block.size) + 1 if block.size in sizes else len(sizes) + 1
            start, _ = _add_heading(plain, words, min(level, 6))
            starts[block.page] = start if new_pages else starts[block.page]
        elif waiting and not _SENTENCE_END.search(waiting[0]) and words[:1].islower():
            joined = _joined((waiting[0], words), together)
            waiting = (joined, waiting[1] | {page: len(joined) - len(words) for page in new_pages})
        else:
            flush()
            waiting = (words, new_pages)
    flush()
    return plain, _filled(starts)


def _add_heading(plain: PlainText, words: str, level: int) -> tuple[int, int]:
    plain.add_heading(words, level)
    return plain.headings[-1].start, plain.headings[-1].end


def _filled(starts: Sequence[int]) -> tuple[int, ...]:
    """Offsets that never fall: a page without text begins where the one before it does."""
    filled: list[int] = []
    for start in starts:
        filled.append(max(start, filled[-1] if filled else 0))
    return tuple(filled)


def _body_size(blocks: Sequence[_Block]) -> float:
    letters = Counter[float]()
    for block in blocks:
        letters[block.size] += sum(len(line) for line in block.lines)
    return letters.most_common(1)[0][0] if letters else 0.0


def _is_larger(block: _Block, body: float) -> bool:
    return block.size > body * _LARGER and sum(len(line.split()) for line in block.lines) <= _MAX_HEADING_WORDS


def _is_heading(block: _Block, body: float) -> bool:
    short = len(block.lines) == 1 and len(block.lines[0].split()) <= 10
    if not any(letter.isalpha() for line in block.lines for letter in line):
        return False
    bold = block.bold and short and not block.lines[0].endswith((".", ":", ","))
    return _is_larger(block, body) or bold


def _joined(lines: Sequence[str], together: str) -> str:
    """Lines as one; a hyphen at a line's end goes unless the word is written with it elsewhere in the document."""
    text = lines[0]
    for line in lines[1:]:
        word, rest = text.split()[-1] if text.split() else "", line.split()[0] if line.split() else ""
        if len(word) > 1 and word.endswith("-") and word[-2].isalpha() and rest[:1].islower():
            ending = _WORD.match(rest)
            bare = word[:-1] + (ending[0] if ending else rest)
            hyphened = word + (ending[0] if ending else rest)
            keep = hyphened.lower() in together and bare.lower() not in together
            text = (text if keep else text[:-1]) + line
        else:
            text = f"{text} {line}"
    return text
