"""The sources of the corpus as a bibliography: BibTeX, RIS and CSL-JSON, written by the libraries of each format."""

from __future__ import annotations

import json
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


def _fields(source: Metadata) -> dict[str, str]:
    fields = {
        "title": source.title,
        "author": " and ".join(source.authors),
        "year": str(source.year or ""),
        "journal": source.journal or "",
        "doi": source.doi or "",
        "url": source.url or "",
    }
    return {name: value for name, value in fields.items() if value}


def _bibtex(found: Sequence[Metadata]) -> str:
    library = Library()
    for source in found:
        fields = [Field(name, value) for name, value in _fields(source).items()]
        library.add(Entry("article" if source.journal else "misc", source.id, fields))
    return write_string(library)


def _ris(found: Sequence[Metadata]) -> str:
    names = {"title": "title", "year": "year", "journal": "journal_name", "doi": "doi"}
    entries: list[dict[str, Any]] = []
    for source in found:
        fields = _fields(source)
        entry: dict[str, Any] = {"type_of_reference": "JOUR" if source.journal else "GEN", "id": source.id}
        entry |= {key: fields[name] for name, key in names.items() if name in fields}
        entry |= {"authors": list(source.authors), "urls": [source.url] if source.url else []}
        entries.append(entry)
    return str(rispy.dumps(entries))


def _csl_json(found: Sequence[Metadata]) -> str:
    entries = []
    for source in found:
        entry: dict[str, Any] = {"id": source.id, "type": "article-journal" if source.journal else "document"}
        entry |= {"title": source.title, "author": [{"literal": author} for author in source.authors]}
        if source.year:
            entry["issued"] = {"date-parts": [[source.year]]}
        optional = {"container-title": source.journal, "DOI": source.doi, "URL": source.url}
        entries.append(entry | {name: value for name, value in optional.items() if value})
    return json.dumps(entries, ensure_ascii=False, indent=2)
