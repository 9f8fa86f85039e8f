from __future__ import annotations

import codecs
import contextlib
import zlib

import document_files as files
import pytest

from magbot.corpus import formats
from magbot.corpus.formats import SUFFIXES, read_bytes
from magbot.corpus.formats.reading import Reading
from magbot.errors import DocumentError
from magbot.refusals import text_of

DANISH = (
    "Sukkertang rummer 88 mg magnesium på 100 gram. Æbler og ærter rummer mindre, så de gør mindre gavn – siger man."
)


def headings(reading: Reading) -> list[tuple[int, str]]:
    """Level and words of each heading."""
    return [(h.level, reading.plain.text[h.start : h.end]) for h in reading.plain.headings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_every_usual_encoding(encoding: str, end: str) -> None:
    data = f"{DANISH}{end}{end}Næste afsnit.".encode(encoding)
    assert read_bytes(data, "tang.txt").plain.text == f"{DANISH}\n\nNæste afsnit."


def test_latin_1_is_read() -> None:
    assert "på 100 gram. Æbler" in read_bytes(DANISH.replace("–", "-").encode("latin-1"), "tang.txt").plain.text


def test_the_name_ending_counts_in_any_case() -> None:
    assert read_bytes(b"# Kelp\n\nText.", "KELP.MD").plain.text == "Kelp\n\nText."


def test_an_unknown_ending_names_the_readable_ones() -> None:
    with pytest.raises(DocumentError, match=r"\.pptx") as caught:
        read_bytes(b"x", "slides.pptx")
    assert all(suffix in caught.value.help for suffix in SUFFIXES)


def test_pandoc_citations_in_added_markdown_are_just_text() -> None:
    assert "[@smith2020]" in read_bytes(b"Kelp holds magnesium [@smith2020].", "kelp.md").plain.text


def test_pdf_keeps_paragraphs_headings_and_pages() -> None:
    long = (
        "Supplementation with 320 mg magnesium a day for eight weeks was studied in 46 older adults with insomnia. " * 3
    )
    broken = "This paragraph goes on over the end of the page and is not"
    data = files.pdf(
        [
            ["# Magnesium and sleep", long, broken],
            ["finished before this page.", "# Results", "Sleep was 3.4 % better."],
        ],
        title="Magnesium and sleep in older adults",
        author="A. Author",
    )
    reading = read_bytes(data, "sleep.pdf")
    text = reading.plain.text
    assert headings(reading) == [(1, "Magnesium and sleep"), (1, "Results")]
    assert long.strip() in text
    assert f"{broken} finished before this page." in text
    assert [text[start:].split(" ")[0] for start in reading.pages] == ["Magnesium", "finished"]
    assert "Page 1" not in text
    assert reading.hints == {"title": "Magnesium and sleep in older adults", "authors": "A. Author"}


def test_pdf_words_broken_at_line_ends_are_whole_again() -> None:
    data = files.pdf([["The supplementa-\ntion was double-\nblind. A double-blind trial is fair."]])
    text = read_bytes(data, "a.pdf").plain.text
    assert "supplementation was double-blind" in text


def test_pdf_with_a_password_says_so() -> None:
    with pytest.raises(DocumentError, match="has a password"):
        read_bytes(files.pdf([["Secret text about magnesium."]], password="x"), "secret.pdf")


def test_scanned_pdf_names_text_recognition() -> None:
    with pytest.raises(DocumentError, match="scanned") as caught:
        read_bytes(files.scanned_pdf(), "scan.pdf")
    assert "ocrmypdf" in caught.value.help
    mixed = read_bytes(files.scanned_pdf("Magnesium is found in kelp, nuts and seeds."), "mixed.pdf")
    assert mixed.remark is not None
    assert text_of(*mixed.remark, "en")[0] == "No text on page 1, 2 of 3."


@pytest.mark.parametrize("cut", [100, 600, -40])
def test_a_pdf_that_is_cut_off_is_refused_wholly(cut: int) -> None:
    data = files.pdf([["Magnesium is found in kelp."]])[:cut]
    with pytest.raises(DocumentError, match="cut off"):
        read_bytes(data, "cut.pdf")


def test_a_damaged_pdf_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"damaged|no text"):
        read_bytes(b"%PDF-1.7\n" + b"1 0 obj <</Type /Catalog /Pages 9 0 R>>\n" * 20 + b"%%EOF", "bad.pdf")
    with pytest.raises(DocumentError, match="not a PDF"):
        read_bytes(b"just text", "text.pdf")


def test_docx_keeps_headings_and_tables_in_order() -> None:
    reading = read_bytes(files.docx(), "tang.docx")
    assert headings(reading) == [(1, "Tang og magnesium"), (2, "Indhold"), (3, "Forbehold")]
    assert reading.plain.text.split("\n\n") == [
        "Tang og magnesium",
        "Indledning om tang.",
        "Indhold",
        "Sukkertang rummer 88 mg magnesium pr. portion.",
        "Tang: Søl; mg: 121.",
        "Forbehold",
        "Indholdet svinger med årstiden.",
    ]
    assert reading.hints == {"title": "Tang og magnesium", "authors": "A. Forfatter"}


def test_xlsx_rows_are_sentences_and_formulas_are_not_computed() -> None:
    data = files.xlsx([["Food", "mg", "Sum"], ["Kelp", 121, "=1+1"], [None, None, None], ["Dulse", 79.5, None]])
    assert read_bytes(data, "foods.xlsx").plain.text == "Foods\n\nFood: Kelp; mg: 121.\n\nFood: Dulse; mg: 79.5."


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_csv_of_any_separator(delimiter: str, encoding: str) -> None:
    rows = [["Føde", "mg, pr. 100 g"], ["Tang", "121"], ["Rød søl; tørret", "79"]]
    data = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)
    assert read_bytes(data, "tang.csv").plain.text == (
        "Føde: Tang; mg, pr. 100 g: 121.\n\nFøde: Rød søl; tørret; mg, pr. 100 g: 79."
    )


def test_a_broken_csv_names_its_line() -> None:
    with pytest.raises(DocumentError, match="line 2"):
        read_bytes(b'a,b\n"x" y,2\n', "bad.csv")


def test_formulas_in_cells_are_text_behind_their_column() -> None:
    cells = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)"]
    text = read_bytes(("name,n\n" + "".join(f'"{cell}",1\n' for cell in cells)).encode(), "evil.csv").plain.text
    assert text.split("\n\n") == [f"name: {cell}; n: 1." for cell in cells]
    assert not any(line.startswith(("=", "+", "-", "@")) for line in text.splitlines())


def test_html_keeps_the_text_and_drops_scripts_menus_and_styles() -> None:
    reading = read_bytes(files.PAGE.encode(), "mad.html")
    assert headings(reading) == [(1, "Magnesium i mad"), (2, "Mængder"), (3, "Forbehold")]
    text = reading.plain.text
    assert "Magnesium findes i mandler, frø og fuldkorn. Det er målt" in text
    assert "Mandler rummer 270 mg pr. 100 g." in text
    assert "Mad: Spinat; mg: 79." in text
    for dropped in ("alert", "stjålet", "color", "Forside", "onclick", "<", "javascript"):
        assert dropped not in text
    assert dict(reading.values) == {"title": "Magnesium i mad", "authors": ["A Forfatter"]}


def test_html_is_decoded_by_what_it_says() -> None:
    page = files.PAGE.replace('charset="utf-8"', 'charset="windows-1252"')
    assert "frø og fuldkorn" in read_bytes(page.encode("cp1252"), "mad.html").plain.text
    marked = codecs.BOM_UTF8 + page.encode()
    assert "frø og fuldkorn" in read_bytes(marked, "mad.html").plain.text


def test_a_page_of_scripts_only_says_what_to_do() -> None:
    with pytest.raises(DocumentError, match="no text") as caught:
        read_bytes(b"<html><body><script>render()</script><div id=root></div></body></html>", "app.html")
    assert "browser" in caught.value.help


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_bombs_are_refused_by_what_they_say_and_by_what_they_are(name: str) -> None:
    member = {"a.docx": "word/document.xml", "a.xlsx": "xl/workbook.xml"}[name]
    with pytest.raises(DocumentError, match="unpacks to more than 200 MB"):
        read_bytes(files.bomb(member, 1, said=300_000_000), name)
    with pytest.raises(DocumentError, match="damaged"):
        read_bytes(files.bomb(member, 1, said=10), name)
    with pytest.raises(DocumentError, match="unpacks to more than 200 MB"):
        read_bytes(files.bomb(member, 201), name)


@pytest.mark.parametrize("parts", [1, 3])
def test_a_bomb_in_a_pdf_is_refused(parts: int) -> None:
    packed = zlib.compress(bytes(201_000_000 // parts + 1), 1)
    stream = b"1 0 obj <</Filter /FlateDecode>> stream\n" + packed + b"\nendstream endobj\n"
    with pytest.raises(DocumentError, match="unpacks to more than 200 MB"):
        read_bytes(b"%PDF-1.7\n" + stream * parts + b"%%EOF", "bomb.pdf")


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_damaged_and_wrong_archives_are_refused(name: str) -> None:
    whole = files.docx() if name == "a.docx" else files.xlsx([["a"], ["b"]])
    with pytest.raises(DocumentError, match="damaged"):
        read_bytes(whole[: len(whole) // 2], name)
    with pytest.raises(DocumentError, match="not what its name says"):
        read_bytes(files.xlsx([["a"]]) if name == "a.docx" else files.docx(), name)
    with pytest.raises(DocumentError, match="password"):
        read_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), name)


def test_entities_in_office_xml_are_not_expanded(tmp_path: object) -> None:
    document = files.docx()
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;">]>'
    data = files.with_member(
        document,
        "word/document.xml",
        lambda old: evil + old.split(b"?>", 1)[1].replace(b"Indledning", b"&b;Indledning"),
    )
    try:
        text = read_bytes(data, "evil.docx").plain.text
    except DocumentError:
        return
    assert "boom" not in text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("open.csv", b'a,b\n"' + b"x" * 300_000),
        ("deep.html", b"<html><body>" + b"<div>" * 20_000 + b"Magnesium" + b"</div>" * 20_000),
        ("deep.md", b"> " * 5000 + b"Magnesium"),
        ("deep.md", b"- " * 5000 + b"Magnesium"),
        ("deep.md", b"[" * 50_000 + b"Magnesium"),
        ("wide.html", b"<table>" + b"<tr><td>Magnesium" * 3000),
    ],
)
def test_odd_files_are_read_or_refused_and_nothing_else(name: str, data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        assert "Magnesium" in read_bytes(data, name).plain.text


def test_a_library_that_fails_refuses_the_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> Reading:
        raise RecursionError

    monkeypatch.setitem(formats._READERS, ".odd", failing)
    with pytest.raises(DocumentError, match="damaged or odd"):
        read_bytes(b"x", "a.odd")
