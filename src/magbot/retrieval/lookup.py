"""Finds the sentence that a document id and a piece of its text point to: for topic pages, caveats and notices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from magbot.encoder.base import Vectors
from magbot.index.index import Index
from magbot.schema import Hit, Kind, Language, Support

Place = tuple[str, str]
"""Id of a document and a piece of its text."""


@dataclass(frozen=True)
class _Known:
    """What was read of one state of the index. Quotes come from magbot's own files and pages, so they are not many."""

    generation: int
    sentences: dict[str, list[Hit]] = field(default_factory=dict)
    supports: dict[str, tuple[Support, ...]] = field(default_factory=dict)
    quotes: dict[tuple[str, str], Hit | None] = field(default_factory=dict)
    ids: dict[tuple[str, int], str] = field(default_factory=dict)
    vectors: dict[tuple[str, str], Vectors | None] = field(default_factory=dict)
    matrices: dict[tuple[Language, tuple[Place, ...]], Vectors] = field(default_factory=dict)


SAME_SAID = 0.82
"""Cosine from which two sentences say the same in other words: of all pairs in the corpus, those above are the same claim,
and those just below are claims beside it."""


class Lookup:
    """Resolves (document id, language, quote) to a sentence; remembers what it has read until the index changes."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known = _Known(-1)

    def find(self, document_id: str, language: Language, quote: str) -> Hit | None:
        """The sentence of a document that holds `quote`, white space aside; None if there is none."""
        known, key = self._fresh(), f"{document_id}.{language}"
        if (key, quote) not in known.quotes:
            wanted = " ".join(quote.split())
            hits = self._hits(known, key)
            found = next((hit for hit in hits if wanted in " ".join(hit.sentence.text.split())), None)
            known.quotes[key, quote] = found
        return known.quotes[key, quote]

    def vector(self, document_id: str, language: Language, quote: str) -> Vectors | None:
        """Vector of the sentence that `find` would give; None when the index does not have it."""
        known, key = self._fresh(), f"{document_id}.{language}"
        if (key, quote) not in known.vectors:
            hit = self.find(document_id, language, quote)
            sentence_id = known.ids.get((key, hit.sentence.start)) if hit else None
            found = self._index.vectors.get(language, [sentence_id]) if sentence_id else {}
            known.vectors[key, quote] = next(iter(found.values()), None)
        return known.vectors[key, quote]

    def likeness(self, document_id: str, language: Language, quote: str, others: tuple[Place, ...]) -> Vectors:
        """Cosine of a sentence with each of some others; 0 where the index does not have one of the two."""
        known = self._fresh()
        if (language, others) not in known.matrices:
            vectors = [self.vector(document, language, its) for document, its in others]
            none = np.zeros(self._index.encoder.dimension, dtype=np.float32)
            known.matrices[language, others] = np.stack([none if each is None else each for each in vectors])
        vector = self.vector(document_id, language, quote)
        matrix = known.matrices[language, others]
        return np.zeros(len(others), dtype=np.float32) if vector is None else matrix @ vector

    def supports(self, hit: Hit) -> tuple[Hit, ...]:
        """For a sentence of a topic page, the sentences that it rests on; empty for other documents."""
        if hit.metadata.kind is not Kind.FAQ:
            return ()
        found = (
            self.find(support.document_id, hit.metadata.language, support.quote)
            for support in self._supports(f"{hit.metadata.id}.{hit.metadata.language}")
            if support.start <= hit.sentence.start and hit.sentence.end <= support.end
        )
        return tuple(dict.fromkeys(target for target in found if target is not None))

    def _fresh(self) -> _Known:
        """What is known of the state that search saw last; whoever has asked for it may go on with it."""
        known = self._known
        if known.generation != self._index.generation:
            self._known = known = _Known(self._index.generation)
        return known

    def _supports(self, key: str) -> tuple[Support, ...]:
        known = self._fresh()
        if key not in known.supports:
            document = self._index.catalog.document(key)
            known.supports[key] = document.supports if document else ()
        return known.supports[key]

    def _hits(self, known: _Known, key: str) -> list[Hit]:
        if key not in known.sentences:
            rows = self._index.catalog.document_sentences(key)
            known.ids.update({(key, row.sentence.start): row.id for row in rows})
            known.sentences[key] = [
                Hit.model_construct(
                    sentence=row.sentence,
                    passage=row.passage,
                    metadata=row.metadata,
                    score=0.0,
                    dense=0.0,
                    lexical=0.0,
                    question_match=0.0,
                )
                for row in rows
            ]
        return known.sentences[key]
