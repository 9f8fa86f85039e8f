"""Finds the sentence that a document id and a piece of its text point to: for topic pages, caveats and notices."""

from __future__ import annotations

from magbot.index.index import Index
from magbot.schema import Document, Hit, Language


class Lookup:
    """Resolves (document id, language, quote) to a sentence; remembers what it has read until the index changes."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._generation = -1
        self._sentences: dict[str, list[Hit]] = {}
        self._documents: dict[str, Document | None] = {}

    def find(self, document_id: str, language: Language, quote: str) -> Hit | None:
        """The sentence of a document that holds `quote`, white space aside; None if there is none."""
        wanted = " ".join(quote.split())
        for hit in self._hits(f"{document_id}.{language}"):
            if wanted in " ".join(hit.sentence.text.split()):
                return hit
        return None

    def supports(self, hit: Hit) -> tuple[Hit, ...]:
        """For a sentence of a topic page, the sentences that it rests on; empty for other documents."""
        document = self._document(f"{hit.metadata.id}.{hit.metadata.language}")
        if document is None or not document.supports:
            return ()
        found = (
            self.find(support.document_id, hit.metadata.language, support.quote)
            for support in document.supports
            if support.start <= hit.sentence.start and hit.sentence.end <= support.end
        )
        return tuple(dict.fromkeys(target for target in found if target is not None))

    def _fresh(self) -> None:
        generation = self._index.catalog.generation()
        if generation != self._generation:
            self._sentences, self._documents, self._generation = {}, {}, generation

    def _document(self, key: str) -> Document | None:
        self._fresh()
        if key not in self._documents:
            self._documents[key] = self._index.catalog.document(key)
        return self._documents[key]

    def _hits(self, key: str) -> list[Hit]:
        self._fresh()
        if key not in self._sentences:
            self._sentences[key] = [
                Hit.model_construct(
                    sentence=row.sentence,
                    passage=row.passage,
                    metadata=row.metadata,
                    score=0.0,
                    dense=0.0,
                    lexical=0.0,
                    question_match=0.0,
                )
                for row in self._index.catalog.document_sentences(key)
            ]
        return self._sentences[key]
