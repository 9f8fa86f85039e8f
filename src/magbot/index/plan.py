"""What a document becomes in the index: rows for the catalog, words for the lexical index, entries for the vectors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from magbot.corpus.split import split_document
from magbot.index.lexical import Row
from magbot.schema import Document, Kind, Language, Passage, Sentence

# (document key, sentence text) → questions that the sentence answers
Questions = Mapping[tuple[str, str], Sequence[str]]


@dataclass(frozen=True)
class Entry:
    """A vector of the store: a sentence, or a question that leads to it."""

    id: str
    sentence_id: str
    language: Language
    text: str


@dataclass(frozen=True)
class Planned:
    """A document cut up and ready to be written."""

    document: Document
    fingerprint: str
    rows: tuple[tuple[str, int, Sentence, Passage], ...]
    lexical: tuple[Row, ...]
    entries: tuple[Entry, ...]


def digest(*parts: str) -> str:
    """A short name for some texts."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()


def fingerprint_of(document: Document, questions: Mapping[str, Sequence[str]]) -> str:
    """Changes when anything does that the index makes of a document."""
    asked = json.dumps(sorted((quote, list(texts)) for quote, texts in questions.items()))
    return digest(document.model_dump_json(), asked)


def by_document(questions: Questions) -> dict[str, dict[str, Sequence[str]]]:
    """Questions by document key, then by sentence text."""
    grouped: dict[str, dict[str, Sequence[str]]] = {}
    for (key, quote), texts in questions.items():
        grouped.setdefault(key, {})[quote] = texts
    return grouped


def plan(document: Document, fingerprint: str, questions: Mapping[str, Sequence[str]]) -> Planned:
    """Cut a document up. A sentence keeps its id when text around it changes, so its vector can be kept."""
    rows: list[tuple[str, int, Sentence, Passage]] = []
    lexical: list[Row] = []
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    language = document.metadata.language
    for passage in split_document(document):
        for sentence in passage.sentences:
            seen[sentence.text] = seen.get(sentence.text, 0) + 1
            row_id = digest(document.key, sentence.text, str(seen[sentence.text]))
            asked = tuple(questions.get(" ".join(sentence.text.split()), ()))
            if document.metadata.kind is Kind.FAQ and not rows:
                # A topic page's title is a question, and its first sentence the direct answer.
                asked = (document.metadata.title, *asked)
            rows.append((row_id, len(rows), sentence, passage))
            context = f"{document.metadata.title} {passage.heading}"
            lexical.append(Row(row_id, language, sentence.text, context, asked))
            entries.append(Entry(row_id, row_id, language, sentence.text))
            entries.extend(Entry(digest(row_id, text), row_id, language, text) for text in dict.fromkeys(asked))
    return Planned(document, fingerprint, tuple(rows), tuple(lexical), tuple(entries))
