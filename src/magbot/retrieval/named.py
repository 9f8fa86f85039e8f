"""Which documents a question names, by an author, an office or as "the article", and what of the question they hold.

What a study did not look at is not told by what another one found: the words that go with its name must be its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from magbot.index.catalog import Catalog
from magbot.schema import Kind, Language, Metadata
from magbot.text.analysis import fold, terms

_ARTICLE = re.compile(r"artik|article", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
_COMMON = frozenset(
    {"european", "international", "journal", "national", "clinical", "region", "nordic", "danish", "hospital"}
)
# Letters of a name at least, and of one that may be written without a capital.
_SHORTEST, _LONG = 3, 4
# Who has more words to the name is an office.
_PERSON_WORDS = 4


class Named(NamedTuple):
    """What a question names."""

    documents: frozenset[str]
    """Ids of the documents."""
    names: frozenset[str]
    """Folded, as the question has them."""
    terms: frozenset[str]
    """Analysed words of the documents."""


def named_documents(question: str, language: Language, catalog: Catalog, generation: int) -> Named | None:
    """The reviewed documents of a language that a question names; None when it names none."""
    by_name = _by_name(catalog, generation, language)
    spoken = {fold(word.removesuffix(end), "en") for word in _spoken(question) for end in ("", "s")}
    names = frozenset(spoken & by_name.keys() - {""})
    documents = {document for name in names for document in by_name[name]}
    if _ARTICLE.search(question):
        documents |= by_name[""]
    if not documents:
        return None
    held = frozenset().union(*(_terms(catalog, generation, document, language) for document in documents))
    return Named(frozenset(documents), names, held)


def _spoken(question: str) -> Iterator[str]:
    """Words that may be names: short ones only where they are written as names."""
    words = (word for word in _WORD.findall(question) if len(word) >= _SHORTEST)
    yield from (word for word in words if len(word) >= _LONG or word[0].isupper())


@lru_cache(maxsize=4)
def _by_name(catalog: Catalog, _generation: int, language: Language) -> dict[str, set[str]]:
    """Ids of the documents by name; the article itself stands under the empty one."""
    found: dict[str, set[str]] = {"": set()}
    for metadata in catalog.metadata():
        if metadata.language == language and metadata.reviewed and metadata.kind not in {Kind.FAQ, Kind.TABLE}:
            for name in _names(metadata):
                found.setdefault(name, set()).add(metadata.id)
            if metadata.kind is Kind.ARTICLE:
                found[""].add(metadata.id)
    return found


def _names(metadata: Metadata) -> set[str]:
    """Its authors' surnames and offices, as far as its id has them too: others are named in passing."""
    told = {fold(word, "en") for author in metadata.authors for word in _names_in(author)}
    return told & set(metadata.id.split("-")) - _COMMON


def _names_in(author: str) -> Iterator[str]:
    """Parts of an author's name, of which the id tells which is the surname; of an office only its acronym."""
    yield from _ACRONYM.findall(author)
    words = _WORD.findall(author)
    if len(words) <= _PERSON_WORDS:
        yield from (word for word in words if word[0].isupper())


@lru_cache(maxsize=1024)
def _terms(catalog: Catalog, _generation: int, document_id: str, language: Language) -> frozenset[str]:
    document = catalog.document(f"{document_id}.{language}")
    if document is None:
        return frozenset()
    about = (document.text, document.metadata.title, *document.metadata.authors)
    return frozenset(term for text in about for term in terms(text, language))
