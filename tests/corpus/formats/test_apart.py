from collections.abc import Iterator

import document_files as files
import pytest

from magbot.corpus.formats import read_bytes
from magbot.corpus.formats.apart import ReaderApart
from magbot.errors import DocumentError


@pytest.fixture(scope="module")
def apart() -> Iterator[ReaderApart]:
    with ReaderApart() as reader:
        yield reader


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", files.pdf([["# Kelp", "Kelp holds magnesium."], ["Dulse as well."]], title="On kelp")),
        ("a.pdf", files.scanned_pdf("Only the last page has text, about magnesium in kelp.")),
        ("a.docx", files.docx()),
        ("a.html", files.PAGE.encode()),
        ("a.csv", b"food;mg\nkelp;121\n"),
        ("a.md", b"---\nyear: 2020\ndate: 2020-01-02\n---\n# Kelp\n\n" + b"Kelp holds magnesium. " * 20_000),
        ("a.txt", b"Short text."),
    ],
)
def test_reads_as_it_is_read_here(apart: ReaderApart, name: str, data: bytes) -> None:
    suffix = name[name.index(".") :]
    here, there = read_bytes(data, name), apart.read(data, name, suffix)
    assert there.plain.text == here.plain.text
    assert there.plain.headings == here.plain.headings
    assert (there.pages, there.remark) == (here.pages, here.remark)
    for said, also_said in ((here.values, there.values), (here.hints, there.hints)):
        assert {key: str(value) for key, value in also_said.items()} == {key: str(value) for key, value in said.items()}


def test_what_is_wrong_is_told_as_here(apart: ReaderApart) -> None:
    for name, data in (("a.pdf", b"nonsense"), ("b.csv", b'a,b\n"x" y,2\n'), ("c.docx", files.docx()[:3000])):
        with pytest.raises(DocumentError) as here:
            read_bytes(data, name)
        with pytest.raises(DocumentError) as there:
            apart.read(data, name, name[1:])
        assert (there.value.message, there.value.help) == (here.value.message, here.value.help)


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    with ReaderApart() as reader:
        reader.seconds = 2.0
        with pytest.raises(DocumentError, match=r"slow\.pdf: reading it took more than 2 seconds"):
            reader.read(files.scattered_pdf(20_000), "slow.pdf", ".pdf")
        reader.seconds = 60.0
        assert "88 mg" in reader.read(files.docx(), "a.docx", ".docx").plain.text


def test_a_file_that_takes_too_much_memory_is_given_up() -> None:
    with ReaderApart() as reader:
        reader.memory = 150_000_000
        with pytest.raises(DocumentError, match=r"large\.pdf: reading it takes more memory"):
            reader.read(files.scattered_pdf(20_000), "large.pdf", ".pdf")


def test_nothing_is_left_running() -> None:
    with ReaderApart() as reader:
        reader.read(b"a,b\n1,2\n", "a.csv", ".csv")
        process = reader._process
        assert process is not None
    assert process.poll() is not None
