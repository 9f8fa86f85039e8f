"""Hybrid search: sentences by meaning and by words, fused, in the question's language where there is a choice."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from magbot.encoder.base import Vectors
from magbot.index.catalog import SentenceRow
from magbot.index.index import Index
from magbot.question.brands import with_generic_names
from magbot.question.spelling import Vocabulary, mend_spelling
from magbot.retrieval.memory import Memory
from magbot.retrieval.named import Named, named_documents
from magbot.retrieval.traits import Wanted
from magbot.schema import Hit, Language
from magbot.text.analysis import terms

# How many neighbours each side hands to the fusion.
DENSE_LIMIT = 80
LEXICAL_LIMIT = 40
# Convex fusion; chosen on the dev part. Reciprocal ranks would throw away how near a match is, which is what tells a
# paraphrase from a coincidence of words.
DENSE_WEIGHT = 0.35
QUESTION_WEIGHT = 0.45
LEXICAL_WEIGHT = 0.20
# What the expansion questions of a sentence count for beside its own words.
_ASKED_WEIGHT = 0.5
_OWN_WORDS = {"text": 1.0, "context": 0.3}
_ASKED_WORDS = {"questions": 1.0}
# Terms this rare (inverse document frequency) are looked for in the expansion questions of what was found.
_RARE = 2.0
# A document that a user added and nobody reviewed never outranks a reviewed one that fits as well.
UNREVIEWED_FACTOR = 0.85


@dataclass
class Signals:
    """How one sentence fits a question, seen from several sides; similarities are cosines."""

    dense: float = 0.0
    """To the sentence itself."""
    question: float = 0.0
    """To the nearest of its expansion questions; 0 when none is among the neighbours."""
    second: float = 0.0
    """To the second nearest."""
    words: float = 0.0
    """BM25 of its words and headings, divided by the best of the question."""
    asked: float = 0.0
    """BM25 of its expansion questions, divided by the best of the question."""
    asked_with: set[str] = field(default_factory=set)
    """Rarer terms of the question that stand in its expansion questions."""

    def see(self, similarity: float) -> None:
        """Count a near expansion question."""
        if similarity > self.question:
            self.question, self.second = similarity, self.question
        else:
            self.second = max(self.second, similarity)

    @property
    def matched(self) -> float:
        """Nearest of the sentence and its questions: a sentence is not punished for having no questions."""
        return max(self.dense, self.question)

    @property
    def lexical(self) -> float:
        """Words of the sentence and of its questions, 0 to 1."""
        return (self.words + _ASKED_WEIGHT * self.asked) / (1 + _ASKED_WEIGHT)

    @property
    def fused(self) -> float:
        """One number to cut the list at."""
        return DENSE_WEIGHT * self.dense + QUESTION_WEIGHT * self.matched + LEXICAL_WEIGHT * self.lexical


@dataclass(frozen=True)
class Found:
    """What search knows about a question: ranked hits and what its words are worth."""

    question: str
    """As it was searched: with generic names in place of brands."""
    language: Language
    hits: tuple[Hit, ...]
    signals: tuple[Signals, ...]
    """One for each hit."""
    vector: Vectors
    weights: Mapping[str, float]
    """Analysed terms of the question with their rarity (inverse document frequency), unknown ones the highest."""
    unknown: frozenset[str]
    """Those of the terms that occur nowhere in the corpus, nor anything spelt much like them."""
    mended: frozenset[str]
    """Those of the terms that were taken for misspelt words of the corpus: they may be other words of the language."""
    encoder: str = ""
    """Which encoder made the vector."""
    named: Named | None = None
    """The documents that the question names."""

    @cached_property
    def wanted(self) -> Wanted:
        """What the question asks for."""
        return Wanted.of(self.question, self.language)

    def coverage(self, text: str) -> float:
        """Share of the question's words, by rarity, that a text holds; 0 to 1."""
        return self.share(set(terms(text, self.language)))

    @cached_property
    def rarest(self) -> str:
        """The question's rarest term; empty when there is none."""
        return max(self.weights, key=self.weights.__getitem__, default="")

    @cached_property
    def _total(self) -> float:
        return sum(self.weights.values())

    def bridge(self, hits: Iterable[Hit]) -> float:
        """How near the nearest sentence of these that is in the other language than the question comes; 0 to 1.

        Words cannot be compared across languages, so there the meaning has to vouch for them. Only a document that
        exists in the other language alone gets this far.
        """
        return max((max(0.0, hit.dense) for hit in hits if hit.metadata.language != self.language), default=0.0)

    def share(self, held: Set[str]) -> float:
        """Share of the question's words, by rarity, that are among analysed terms; 0 to 1."""
        held_weight = sum([weight for term, weight in self.weights.items() if term in held])
        return held_weight / self._total if self._total else 0.0


def _score(row: SentenceRow, signal: Signals) -> float:
    return signal.fused * (1.0 if row.metadata.reviewed else UNREVIEWED_FACTOR)


def _hit(row: SentenceRow, signal: Signals, score: float) -> Hit:
    return Hit.model_construct(
        sentence=row.sentence,
        passage=row.passage,
        metadata=row.metadata,
        score=score,
        dense=signal.dense,
        lexical=signal.lexical,
        question_match=signal.question,
    )


class Retriever:
    """Searches one index."""

    def __init__(self, index: Index, memory: Memory) -> None:
        self._index = index
        self._memory = memory
        self._vocabularies: dict[Language, Vocabulary] = {}

    def search(self, question: str, language: Language, limit: int = 60) -> Found:
        """Sentences for a standalone question, best first. Brands of medicine are searched by what they hold.

        A document in both languages is searched in the question's language only; one that exists in the other language
        alone takes part with what it has.
        """
        question = with_generic_names(question, language)
        self._index.refresh()
        if self._memory.renew():
            self._vocabularies.clear()
        other: Language = "en" if language == "da" else "da"
        languages = [language, other] if self._memory.any_without(language) else [language]
        mended = mend_spelling(question, lambda word: self._has(word, languages), lambda: self._vocabulary(language))
        vector = self._index.encoder.encode_queries([mended])[0]
        words = terms(mended, language)
        signals = self._search_language(vector, words, language)
        rows = self._memory.rows(signals)
        if other in languages:
            foreign = self._search_language(vector, terms(mended, other), other)
            known = self._memory.rows(foreign)
            rows |= {row_id: row for row_id, row in known.items() if self._memory.without(row.metadata.id, language)}
            signals |= foreign
        scores = {row_id: _score(row, signals[row_id]) for row_id, row in rows.items()}
        ordered = sorted(rows, key=lambda row_id: -scores[row_id])[:limit]
        known_terms = set(terms(question, language))
        weights = self._weights(words, language)
        self._see_questions(weights, language, {row_id: signals[row_id] for row_id in ordered})
        return Found(
            question=question,
            language=language,
            hits=tuple(_hit(rows[row_id], signals[row_id], scores[row_id]) for row_id in ordered),
            signals=tuple(signals[row_id] for row_id in ordered),
            vector=vector,
            weights=weights,
            unknown=frozenset(word for word in words if not self._knows(word, languages)),
            mended=frozenset(word for word in words if word not in known_terms),
            encoder=self._index.encoder.id,
            named=named_documents(question, language, self._index.catalog, self._index.generation),
        )

    def _see_questions(self, weights: Mapping[str, float], language: Language, signals: Mapping[str, Signals]) -> None:
        """Note which of the question's rarer terms stand in the expansion questions of what was found."""
        rare = [term for term, weight in weights.items() if weight >= _RARE]
        for term, asked in self._index.lexical.asked_with(rare, language, list(signals)).items():
            for sentence_id in asked:
                signals[sentence_id].asked_with.add(term)

    def _search_language(self, vector: Vectors, words: Sequence[str], language: Language) -> dict[str, Signals]:
        signals: dict[str, Signals] = {}
        neighbours = self._index.vectors.query(language, vector, DENSE_LIMIT)
        owners = self._memory.owners(neighbour.entry_id for neighbour in neighbours)
        for neighbour in neighbours:
            # One that has no owner was deleted by another process since this one has loaded the graph.
            if owner := owners.get(neighbour.entry_id):
                signal = signals.setdefault(owner, Signals())
                if neighbour.entry_id != owner:
                    signal.see(neighbour.similarity)
        for weights, name in ((_OWN_WORDS, "words"), (_ASKED_WORDS, "asked")):
            by_words = self._index.lexical.search(words, language, LEXICAL_LIMIT, weights)
            for sentence_id, bm25 in by_words:
                setattr(signals.setdefault(sentence_id, Signals()), name, bm25 / by_words[0][1])
        for sentence_id, its_vector in self._memory.vectors(signals, language).items():
            signals[sentence_id].dense = float(its_vector @ vector)
        return signals

    def _has(self, word: str, languages: Sequence[Language]) -> bool:
        """Whether the corpus has a word as typed, or it is one that search leaves out."""
        return all(self._knows(term, languages) for term in terms(word, languages[0]))

    def _knows(self, term: str, languages: Sequence[Language]) -> bool:
        """Whether a term of the first language occurs there, or as it is in one of the others, as names do."""
        return any(self._memory.knows(term, language) for language in languages)

    def _vocabulary(self, language: Language) -> Vocabulary:
        if language not in self._vocabularies:
            self._vocabularies[language] = Vocabulary(self._index.catalog.texts(language), language)
        return self._vocabularies[language]

    def _weights(self, words: Sequence[str], language: Language) -> dict[str, float]:
        total = max(self._index.lexical.count(), 1)
        return {
            word: math.log(1 + total / (1 + self._index.lexical.frequency(word, language)))
            for word in dict.fromkeys(words)
        }
