"""Lexical index: BM25 over Danish and English words, by Tantivy.

Tantivy is on disk, incremental, commits atomically and brings Snowball stemmers for both languages and a compound
splitter, which Danish needs (`magnesiumtilskud` is found by `tilskud`); the pure-Python BM25 libraries rebuild
everything at each change and know no Danish.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from magbot.errors import DamageError
from magbot.index.damage import trouble
from magbot.schema import LANGUAGES, Language
from magbot.text.analysis import analyzer, fold

# A word in the headings above a sentence, or in a question that it answers, tells less than one in the sentence.
WEIGHTS: Mapping[str, float] = {"text": 1.0, "context": 0.3, "questions": 0.5}
_WRITER_BYTES = 50_000_000
_FEW = 1000  # sentences


@dataclass(frozen=True)
class Row:
    """What is indexed of one sentence."""

    sentence_id: str
    language: Language
    text: str
    context: str
    questions: tuple[str, ...] = ()


class LexicalIndex:
    """BM25 search in sentences. Many readers, one writer at a time (the caller holds the lock)."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the folder, or with `create` make an empty index in it. Raises DamageError when it is torn."""
        if create:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        elif not (folder / "meta.json").exists():
            # Tantivy would make an empty one.
            raise DamageError(f"The words in {folder} are missing.")
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for language in LANGUAGES:
            for part in ("text", "context", "questions"):
                builder.add_text_field(f"{part}_{language}", stored=False, tokenizer_name=language)
        self._schema = builder.build()
        try:
            self._index = tantivy.Index(self._schema, path=str(folder))
            for language in LANGUAGES:
                self._index.register_tokenizer(language, analyzer(language))
            self._index.reload()
        except (ValueError, OSError) as error:
            raise trouble(f"The words in {folder}", error) from error

    def write(self, rows: Iterable[Row], delete: Iterable[str] = ()) -> None:
        """Replace `rows` by their ids and delete others, in one commit: all of it happens or none."""
        writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        try:
            for sentence_id in delete:
                writer.delete_documents_by_term("id", sentence_id)
            for row in rows:
                writer.delete_documents_by_term("id", row.sentence_id)
                writer.add_document(self._document(row))
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._index.reload()

    def recover(self) -> None:
        """Remove what a killed writer left: the next commit would find the names of its files taken."""
        writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        try:
            writer.garbage_collect_files()
        finally:
            writer.wait_merging_threads()

    def _document(self, row: Row) -> tantivy.Document:
        document = tantivy.Document()
        document.add_text("id", row.sentence_id)
        document.add_text(f"text_{row.language}", fold(row.text, row.language))
        document.add_text(f"context_{row.language}", fold(row.context, row.language))
        for question in row.questions:
            document.add_text(f"questions_{row.language}", fold(question, row.language))
        return document

    def search(
        self, terms: Sequence[str], language: Language, limit: int, weights: Mapping[str, float] = WEIGHTS
    ) -> list[tuple[str, float]]:
        """Best sentences for analysed `terms`: (sentence id, BM25 score), highest first.

        `weights` says what the text, its context and its expansion questions count for; a part without weight is not
        searched.
        """
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(f"{part}_{language}", term), weight))
            for term in dict.fromkeys(terms)
            for part, weight in weights.items()
        ]
        if not clauses:
            return []
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
        return [(str(searcher.doc(address)["id"][0]), float(score)) for score, address in found]

    def asked_with(self, terms: Iterable[str], language: Language, sentence_ids: Sequence[str]) -> dict[str, set[str]]:
        """For each analysed term, those of some sentences of which an expansion question has it."""
        wanted = set(sentence_ids)
        searcher = self._index.searcher()
        found: dict[str, set[str]] = {}
        for term in terms:
            query, most = self._term(f"questions_{language}", term), searcher.doc_freq(f"questions_{language}", term)
            if most > _FEW:
                # Reading so many would take longer than looking for those that are wanted.
                ids = [(tantivy.Occur.Should, self._term("id", sentence_id)) for sentence_id in sentence_ids]
                both = (query, tantivy.Query.boolean_query(ids))
                query, most = tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in both]), len(wanted)
            hits = searcher.search(query, max(most, 1), count=False).hits
            found[term] = wanted & {str(searcher.doc(address)["id"][0]) for _, address in hits}
        return found

    def frequency(self, term: str, language: Language) -> int:
        """In how many sentences an analysed term occurs."""
        return int(self._index.searcher().doc_freq(f"text_{language}", term))

    def knows(self, term: str, language: Language) -> bool:
        """Whether an analysed term occurs anywhere: in a sentence, a heading or an expansion question."""
        searcher = self._index.searcher()
        # The frequency still counts what was deleted lately, so a search has the last word.
        return any(
            searcher.doc_freq(field, term) and searcher.search(self._term(field, term), 1, count=False).hits
            for field in (f"{part}_{language}" for part in ("text", "context", "questions"))
        )

    def ids(self) -> set[str]:
        """All sentence ids; for checks and tests."""
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1), count=False).hits
        return {str(searcher.doc(address)["id"][0]) for _, address in found}

    def count(self) -> int:
        """Sentences in the index."""
        return int(self._index.searcher().num_docs)

    def reload(self) -> None:
        """See what another process has committed."""
        self._index.reload()

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term)
