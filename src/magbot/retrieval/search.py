"""Hybrid search: sentences by meaning and by words, fused, in the question's language where there is a choice."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from magbot.encoder.base import Vectors
from magbot.index.catalog import SentenceRow
from magbot.index.index import Index
from magbot.question.spelling import Vocabulary, mend_spelling
from magbot.schema import Hit, Language
from magbot.text.analysis import terms

# How many neighbours each side hands to the fusion.
DENSE_LIMIT = 60
LEXICAL_LIMIT = 40
# Convex fusion; fitted by eval/fit_retrieval.py on the dev part. Reciprocal ranks would throw away how near a match is,
# which is what tells a paraphrase from a coincidence of words.
DENSE_WEIGHT = 0.55
QUESTION_WEIGHT = 0.25
LEXICAL_WEIGHT = 0.20
# A document that a user added and nobody reviewed never outranks a reviewed one that fits as well.
UNREVIEWED_FACTOR = 0.85


@dataclass(frozen=True)
class Found:
    """What search knows about a question: ranked hits and what its words are worth."""

    question: str
    language: Language
    hits: tuple[Hit, ...]
    vector: Vectors
    weights: Mapping[str, float]
    """Analysed terms of the question with their rarity (inverse document frequency), unknown ones the highest."""
    unknown: frozenset[str]
    """Those of the terms that occur nowhere in the corpus, nor anything spelt much like them."""

    def coverage(self, text: str) -> float:
        """Share of the question's words, by rarity, that a text holds; 0 to 1."""
        return self.share(set(terms(text, self.language)))

    def bridge(self, hits: Iterable[Hit]) -> float:
        """How near the nearest sentence of these that is in the other language than the question comes; 0 to 1.

        Words cannot be compared across languages, so there the meaning has to vouch for them. Only a document that
        exists in the other language alone gets this far.
        """
        return max((max(0.0, hit.dense) for hit in hits if hit.metadata.language != self.language), default=0.0)

    def share(self, held: Set[str]) -> float:
        """Share of the question's words, by rarity, that are among analysed terms; 0 to 1."""
        total = sum(self.weights.values())
        return sum(weight for term, weight in self.weights.items() if term in held) / total if total else 0.0


@dataclass
class _Scores:
    dense: float = -1.0
    question: float = 0.0
    lexical: float = 0.0


class Retriever:
    """Searches one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._languages_of: dict[str, tuple[Language, ...]] = {}
        self._vocabularies: dict[Language, Vocabulary] = {}
        self._generation = -1

    def search(self, question: str, language: Language, limit: int = 40) -> Found:
        """Sentences for a standalone question, best first.

        A document in both languages is searched in the question's language only; one that exists in the other language
        alone takes part with what it has.
        """
        self._index.refresh()
        self._read_generation()
        languages = self._searched(language)
        mended = mend_spelling(question, lambda word: self._has(word, languages), lambda: self._vocabulary(language))
        vector = self._index.encoder.encode_queries([mended])[0]
        words = terms(mended, language)
        scores: dict[str, _Scores] = {}
        rows: dict[str, SentenceRow] = {}
        for searched in languages:
            found = self._search_language(vector, terms(mended, searched) if searched != language else words, searched)
            known = self._index.catalog.sentences(list(found))
            for row_id, row in known.items():
                if searched == language or language not in self._languages_of[row.metadata.id]:
                    rows[row_id], scores[row_id] = row, found[row_id]
        hits = sorted((self._hit(rows[row_id], scores[row_id]) for row_id in rows), key=lambda hit: -hit.score)
        unknown = frozenset(word for word in words if not self._knows(word, languages))
        return Found(question, language, tuple(hits[:limit]), vector, self._weights(words, language), unknown)

    def _has(self, word: str, languages: Sequence[Language]) -> bool:
        """Whether the corpus has a word as typed, or it is one that search leaves out."""
        return all(self._knows(term, languages) for term in terms(word, languages[0]))

    def _knows(self, term: str, languages: Sequence[Language]) -> bool:
        """Whether a term of the first language occurs there, or as it is in one of the others, as names do."""
        return any(self._index.lexical.knows(term, language) for language in languages)

    def _vocabulary(self, language: Language) -> Vocabulary:
        if language not in self._vocabularies:
            self._vocabularies[language] = Vocabulary(self._index.catalog.texts(language), language)
        return self._vocabularies[language]

    def _search_language(self, vector: Vectors, words: Sequence[str], language: Language) -> dict[str, _Scores]:
        scores: dict[str, _Scores] = {}
        for neighbour in self._index.vectors.query(language, vector, DENSE_LIMIT):
            score = scores.setdefault(neighbour.sentence_id, _Scores())
            if neighbour.entry_id == neighbour.sentence_id:
                score.dense = neighbour.similarity
            else:
                score.question = max(score.question, neighbour.similarity)
        by_words = self._index.lexical.search(words, language, LEXICAL_LIMIT)
        best = by_words[0][1] if by_words else 1.0
        for sentence_id, bm25 in by_words:
            scores.setdefault(sentence_id, _Scores()).lexical = bm25 / best
        unseen = [sentence_id for sentence_id, score in scores.items() if score.dense < 0]
        for sentence_id, its_vector in self._index.vectors.get(language, unseen).items():
            scores[sentence_id].dense = float(np.dot(its_vector, vector))
        return scores

    def _hit(self, row: SentenceRow, score: _Scores) -> Hit:
        # A sentence without expansion questions is not punished for having none.
        matched = max(score.question, score.dense)
        fused = DENSE_WEIGHT * score.dense + QUESTION_WEIGHT * matched + LEXICAL_WEIGHT * score.lexical
        if not row.metadata.reviewed:
            fused *= UNREVIEWED_FACTOR
        return Hit.model_construct(
            sentence=row.sentence,
            passage=row.passage,
            metadata=row.metadata,
            score=fused,
            dense=score.dense,
            lexical=score.lexical,
            question_match=score.question,
        )

    def _read_generation(self) -> None:
        """Forget what was remembered of an older state of the index."""
        generation = self._index.catalog.generation()
        if generation != self._generation:
            self._languages_of = self._index.catalog.languages()
            self._vocabularies.clear()
            self._generation = generation

    def _searched(self, language: Language) -> list[Language]:
        other: Language = "en" if language == "da" else "da"
        alone = any(language not in languages for languages in self._languages_of.values())
        return [language, other] if alone else [language]

    def _weights(self, words: Sequence[str], language: Language) -> dict[str, float]:
        total = max(self._index.lexical.count(), 1)
        return {
            word: math.log(1 + total / (1 + self._index.lexical.frequency(word, language)))
            for word in dict.fromkeys(words)
        }
