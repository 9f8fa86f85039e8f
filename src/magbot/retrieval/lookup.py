"""Finds the sentence that a document id and a piece of its text point to: for topic pages, caveats and notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from magbot.encoder.base import Vectors
from magbot.index.index import Index
from magbot.retrieval.memory import Memory
from magbot.schema import Hit, Kind, Language, Support

Quoted = tuple[str, Language, str]
"""Id of a document, its language and a piece of its text."""


@dataclass(frozen=True)
class _Known:
    """What was read of one state of the index. Quotes come from magbot's own files and pages, so they are not many."""

    generation: int
    sentences: dict[str, list[Hit]] = field(default_factory=dict)
    supports: dict[str, tuple[Support, ...]] = field(default_factory=dict)
    quotes: dict[Quoted, Hit | None] = field(default_factory=dict)
    ids: dict[tuple[str, int], str] = field(default_factory=dict)
    matrices: dict[tuple[Quoted, ...], Vectors] = field(default_factory=dict)


SAME_SAID = 0.82
"""Cosine from which two sentences say the same in other words: of all pairs in the corpus, those above are the same claim,
and those just below are claims beside it."""


class Lookup:
    """Resolves (document id, language, quote) to a sentence; remembers what it has read until the index changes."""

    def __init__(self, index: Index, memory: Memory) -> None:
        self._index = index
        self._memory = memory
        self._known = _Known(-1)

    def find(self, document_id: str, language: Language, quote: str) -> Hit | None:
        """The sentence of a document that holds `quote`, white space aside; None if there is none."""
        known, place = self._fresh(), (document_id, language, quote)
        if place not in known.quotes:
            wanted = " ".join(quote.split())
            hits = self._hits(known, f"{document_id}.{language}")
            found = next((hit for hit in hits if wanted in " ".join(hit.sentence.text.split())), None)
            known.quotes[place] = found
        return known.quotes[place]

    def vectors(self, places: Sequence[Quoted]) -> list[Vectors | None]:
        """Vectors of the sentences that `find` would give; None for those that the index does not have."""
        ids = [self._sentence_id(place) for place in places]
        found: dict[str, Vectors] = {}
        for language in {language for _, language, _ in places}:
            wanted = [each for each, place in zip(ids, places, strict=True) if each and place[1] == language]
            found |= self._memory.vectors(wanted, language)
        return [found.get(each) if each else None for each in ids]

    def likeness(self, places: Sequence[Quoted], others: tuple[Quoted, ...]) -> Vectors:
        """Cosine of each of some sentences (rows) with each of some others; 0 where the index does not have one."""
        known = self._fresh()
        if others not in known.matrices:
            known.matrices[others] = self._stacked(others)
        likeness: Vectors = self._stacked(places) @ known.matrices[others].T
        return likeness

    def _stacked(self, places: Sequence[Quoted]) -> Vectors:
        none = np.zeros(self._index.encoder.dimension, dtype=np.float32)
        return np.stack([none if each is None else each for each in self.vectors(places)])

    def _sentence_id(self, place: Quoted) -> str | None:
        document_id, language, _ = place
        hit = self.find(*place)
        return self._known.ids.get((f"{document_id}.{language}", hit.sentence.start)) if hit else None

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
