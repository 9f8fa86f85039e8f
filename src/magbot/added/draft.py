"""From the bytes of a source to a document: text, metadata that is given, stated or guessed, and an id."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from magbot.added.fetch import Fetched
from magbot.added.report import Details
from magbot.corpus.formats.reading import Reading, Remark
from magbot.corpus.load import slug
from magbot.corpus.metadata import FIELDS, read_metadata
from magbot.refusals import refused
from magbot.schema import ADDED_PREFIX, Document, Kind
from magbot.text.language import detect_language, other_language
from magbot.text.sentences import sentence_spans

ReadBytes = Callable[[bytes, str, str], Reading]
_LANGUAGE_SUFFIX = re.compile(r"\.(da|en)$")
# Several pages without a full stop.
MAX_SENTENCE_CHARS = 20_000
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# How other programs call what magbot knows under another name.
_OTHER_NAMES = {"author": "authors", "date": "year", "lang": "language", "source": "url"}


@dataclass(frozen=True)
class Draft:
    """A document that was read and not yet added."""

    document: Document
    guessed: tuple[str, ...]
    is_twin: bool
    """Whether file name or front matter say that it is one language version of several."""
    remark: Remark | None = None
    suffix: str = ""


def draft(data: bytes, name: str, details: Details, page: Fetched | None, read: ReadBytes) -> Draft:
    """Read a source, a file or a fetched page. Raises DocumentError that names it and the mend."""
    suffix = page.suffix if page else PurePosixPath(name).suffix.lower()
    reading = read(data, name, suffix)
    stated = _stated(reading.values)
    given = details.given()
    if page:
        stated["url"] = name
    stem = (page.stem or urlsplit(name).hostname or "") if page else PurePosixPath(name).stem
    marked = _LANGUAGE_SUFFIX.search(stem)
    if marked:
        stated.setdefault("language", marked[1])
    plain_stem = _LANGUAGE_SUFFIX.sub("", stem)
    own_id = str(stated.pop("id", "") or plain_stem)
    guesses = {
        "title": _title(reading, plain_stem or name),
        "language": detect_language(reading.plain.text[:20_000]),
        "kind": Kind.OTHER,
    } | _stated(reading.hints)
    known = stated | given
    guessed = tuple(field for field in guesses if field not in known)
    values = guesses | known
    if values["kind"] != Kind.TABLE and "language" in guessed and (foreign := other_language(reading.plain.text)):
        raise refused("other-language", name=name, language=foreign)
    if values["kind"] == Kind.FAQ:
        raise refused("topic-page", name=name)
    fixed = {"id": ADDED_PREFIX + slug(own_id).removeprefix(ADDED_PREFIX), "reviewed": False}
    metadata = read_metadata(values | fixed, name)
    document = Document(
        metadata=metadata,
        text=reading.plain.text,
        source=name,
        headings=tuple(reading.plain.headings),
        pages=reading.pages,
    )
    _check_sentences(document)
    return Draft(document, guessed, bool(marked) or "id" in reading.values, reading.remark, suffix)


def _stated(values: Mapping[str, object]) -> dict[str, object]:
    """What a file says of itself, by our names; what magbot has no field for is left out."""
    stated = {_OTHER_NAMES.get(name, name): value for name, value in values.items() if value not in (None, "")}
    stated = {name: value for name, value in stated.items() if name in FIELDS}
    if "year" in stated and not isinstance(stated["year"], int):
        year = _YEAR.search(str(stated.pop("year")))
        if year:
            stated["year"] = int(year[0])
    if "language" in stated:
        language = str(stated.pop("language"))[:2].lower()
        if language in {"da", "en"}:
            stated["language"] = language
    return stated


def _check_sentences(document: Document) -> None:
    """Refuse what is text by its letters only, such as a page of data in one line: it holds nothing to quote."""
    longest = max(
        (end - start for block in document.text.split("\n\n") for start, end in sentence_spans(block)), default=0
    )
    if longest > MAX_SENTENCE_CHARS:
        raise refused("no-prose", name=document.source, size=longest)


def _title(reading: Reading, stem: str) -> str:
    plain = reading.plain
    if plain.headings:
        first = min(plain.headings[:3], key=lambda heading: heading.level)
        return " ".join(plain.text[first.start : first.end].split())
    return " ".join(re.split(r"[\s_]+", stem)).strip() or stem
