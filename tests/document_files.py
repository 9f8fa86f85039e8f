"""Files of every format, made by the tests themselves."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence

from docx import Document
from fpdf import FPDF
from openpyxl import Workbook
from PIL import Image


def pdf(pages: Sequence[Sequence[str]], *, title: str = "", author: str = "", password: str = "") -> bytes:
    """A PDF of pages of lines; a line that begins with # is set larger."""
    made = FPDF()
    made.set_auto_page_break(False)
    made.set_title(title or None)
    made.set_author(author or None)
    if password:
        made.set_encryption(owner_password=password, user_password=password)
    for number, lines in enumerate(pages, 1):
        made.add_page()
        for line in lines:
            made.set_font("Helvetica", size=18 if line.startswith("#") else 11)
            made.multi_cell(0, 6, line.lstrip("# "), new_x="LMARGIN", new_y="NEXT")
            made.ln(4)
        made.set_y(-15)
        made.set_font("Helvetica", size=8)
        made.cell(0, 5, f"Page {number}", align="C")
    return bytes(made.output())


def scanned_pdf(text_on_last: str = "") -> bytes:
    """A PDF of two pictures of pages, and perhaps one page of text."""
    made = FPDF()
    for _ in range(2):
        made.add_page()
        made.image(Image.new("L", (80, 120), 200), x=0, y=0, w=210, h=297)
    if text_on_last:
        made.add_page()
        made.set_font("Helvetica", size=11)
        made.multi_cell(0, 6, text_on_last)
    return bytes(made.output())


def docx() -> bytes:
    """A Word document with title, headings, paragraphs and a table."""
    document = Document()
    document.core_properties.title = "Tang og magnesium"
    document.core_properties.author = "A. Forfatter"
    document.add_heading("Tang og magnesium", 0)
    document.add_paragraph("Indledning om tang.")
    document.add_heading("Indhold", 1)
    document.add_paragraph("Sukkertang rummer 88 mg magnesium pr. portion.")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip([*table.rows[0].cells, *table.rows[1].cells], ["Tang", "mg", "Søl", "121"], strict=True):
        cell.text = words
    document.add_heading("Forbehold", 2)
    document.add_paragraph("Indholdet svinger med årstiden.")
    return _saved(document)


def xlsx(rows: Sequence[Sequence[object]], sheet: str = "Foods") -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    return _saved(book)


def _saved(made: object) -> bytes:
    file = io.BytesIO()
    made.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def bomb(member: str, megabytes: int, said: int | None = None) -> bytes:
    """An archive that unpacks to so many megabytes of zeros, and says that it unpacks to `said` bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, bytes(megabytes * 1_000_000))
    if said is None:
        return file.getvalue()
    return file.getvalue().replace((megabytes * 1_000_000).to_bytes(4, "little"), said.to_bytes(4, "little"))


PAGE = """<!doctype html><html lang="da"><head><meta charset="utf-8"><title>Magnesium i mad | Et sted</title>
<meta name="author" content="A. Forfatter"></head><body>
<nav><ul><li><a href="/">Forside</a></li><li><a href="/om">Om os</a></li></ul></nav>
<script>document.title = "stjålet"; alert("script")</script><style>p { color: red }</style>
<main><article><h1>Magnesium i mad</h1>
<p>Magnesium findes i <b>mandler</b>, <a href="javascript:alert(1)">frø</a> og fuldkorn.
Det er målt i mange <i>fødevarer</i> gennem årene, og tallene svinger.</p>
<h2>Mængder</h2><ul><li>Mandler rummer 270 mg pr. 100 g.</li><li>Tang rummer 121 mg pr. 100 g.</li></ul>
<table><tr><th>Mad</th><th>mg</th></tr><tr><td>Spinat</td><td>79</td></tr></table>
<h3>Forbehold</h3><p onclick="alert(2)">Ved nyresygdom spørger man lægen først.<img src=x onerror="alert(3)"></p>
</article></main><footer><p>Kontakt os. Privatlivspolitik.</p></footer></body></html>"""


def with_member(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one member changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, change(old.read(member)) if member == name else old.read(member))
    return file.getvalue()


def scattered_pdf(letters: int) -> bytes:
    """A PDF of some kilobytes that looks harmless: finding lines among its letters takes time and memory by the square."""
    chance = random.Random(1)
    shown = (f"1 0 0 1 {chance.uniform(0, 600):.0f} {chance.uniform(0, 800):.0f} Tm (a) Tj" for _ in range(letters))
    content = f"BT /F1 6 Tf {' '.join(shown)} ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    made, offsets = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(made))
        made += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return (made + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}").encode()
