"""The sources of the corpus as a bibliography: BibTeX, RIS and CSL-JSON, written by the libraries of each format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from magbot.schema import Kind, Metadata

# Documents of magbot's own; they are no sources.
_OWN = {Kind.FAQ}
# "Kimura M" is a person; what is written otherwise is an institution or a list, and stands as it is.
_PERSON = re.compile(r"(?P<family>[^\W\d_]\D*) (?P<initials>[A-ZÆØÅÁÉÖÜ]{1,4})")
_JOURNAL = re.compile(r"(?P<journal>.+?) (?P<volume>\d{1,3})(?:\((?P<number>[^)]+)\))?:(?P<pages>[\w-]+)")
_SPECIAL = re.compile(r"([&%#$_])")


class Format(StrEnum):
    """Formats that reference managers read."""

    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    RIS = "ris"


def sources(documents: Iterable[Metadata]) -> list[Metadata]:
    """One entry a source, its English version where there is one, by id."""
    by_id: dict[str, Metadata] = {}
    for document in documents:
        if document.kind not in _OWN and (document.id not in by_id or document.language == "en"):
            by_id[document.id] = document
    return [by_id[document_id] for document_id in sorted(by_id)]


def bibliography(documents: Iterable[Metadata], form: Format) -> str:
    """The sources in a format."""
    writers = {Format.BIBTEX: _bibtex, Format.RIS: _ris, Format.CSL_JSON: _csl_json}
    return writers[form](sources(documents))


def _person(author: str) -> tuple[str, str] | None:
    """Family and given name, or None when the author is no person by form."""
    match = _PERSON.fullmatch(author)
    return (match["family"], " ".join(f"{letter}." for letter in match["initials"])) if match else None


def _published(source: Metadata) -> dict[str, str]:
    """Journal, and volume, number and pages as far as they are given."""
    match = _JOURNAL.fullmatch(source.journal or "")
    parts = match.groupdict() if match else {"journal": source.journal}
    return {name: value for name, value in parts.items() if value}


def _bibtex(found: Sequence[Metadata]) -> str:
    library = Library()
    for source in found:
        people = [(author, _person(author)) for author in source.authors]
        names = [", ".join(person) if person else f"{{{author}}}" for author, person in people]
        words = {"title": source.title, "author": " and ".join(names), "year": str(source.year or "")}
        # LaTeX reads these marks as its own; addresses stay as they are.
        escaped = {name: _SPECIAL.sub(r"\\\1", value) for name, value in (words | _published(source)).items()}
        values = escaped | {"doi": source.doi or "", "url": source.url or ""}
        fields = [Field(name, value) for name, value in values.items() if value]
        library.add(Entry("article" if source.journal else "misc", source.id, fields))
    return write_string(library)


def _ris(found: Sequence[Metadata]) -> str:
    names = {"journal": "journal_name", "volume": "volume", "number": "number"}
    entries: list[dict[str, Any]] = []
    for source in found:
        published = _published(source)
        entry: dict[str, Any] = {"type_of_reference": "JOUR" if source.journal else "GEN", "id": source.id}
        entry |= {"title": source.title, "year": str(source.year or ""), "doi": source.doi or ""}
        entry |= {key: published[name] for name, key in names.items() if name in published}
        first, _, last = published.get("pages", "").partition("-")
        entry |= {"start_page": first, "end_page": last}
        people = [(author, _person(author)) for author in source.authors]
        entry |= {"authors": [", ".join(person) if person else author for author, person in people]}
        entry |= {"urls": [source.url] if source.url else []}
        entries.append({name: value for name, value in entry.items() if value})
    return str(rispy.dumps(entries))


def _csl_json(found: Sequence[Metadata]) -> str:
    entries = []
    for source in found:
        entry: dict[str, Any] = {"id": source.id, "type": "article-journal" if source.journal else "document"}
        people = [(author, _person(author)) for author in source.authors]
        names = [{"family": name[0], "given": name[1]} if name else {"literal": author} for author, name in people]
        entry |= {"title": source.title, "author": names}
        if source.year:
            entry["issued"] = {"date-parts": [[source.year]]}
        published = _published(source)
        csl = {"journal": "container-title", "volume": "volume", "number": "issue", "pages": "page"}
        optional = {name: published.get(key) for key, name in csl.items()} | {"DOI": source.doi, "URL": source.url}
        entries.append(entry | {name: value for name, value in optional.items() if value})
    return json.dumps(entries, ensure_ascii=False, indent=2)
