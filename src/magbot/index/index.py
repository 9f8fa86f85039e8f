"""The index as one thing: brings it in line with the corpus, and survives being killed while doing so."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from magbot.corpus.split import VERSION as SPLIT_VERSION
from magbot.corpus.split import split_document
from magbot.encoder.base import Encoder
from magbot.errors import StoreError
from magbot.index.catalog import SCHEMA_VERSION, Catalog
from magbot.index.lexical import LexicalIndex, Row
from magbot.index.vectors import LANGUAGES, VectorStore
from magbot.schema import Document, Kind, Language, Passage, Sentence
from magbot.text.analysis import VERSION as ANALYSIS_VERSION

logger = logging.getLogger(__name__)

# (document key, sentence text) → questions that the sentence answers
Questions = Mapping[tuple[str, str], Sequence[str]]
LOCK_SECONDS = 60.0


@dataclass
class SyncReport:
    """What a sync did, by document key."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    encoded: int = 0

    def with_more(self, other: SyncReport) -> SyncReport:
        """Both syncs in one report."""
        return SyncReport(
            self.added + other.added,
            self.updated + other.updated,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
            self.encoded + other.encoded,
        )

    def summary(self) -> str:
        """One line for the log and the command line."""
        return (
            f"{len(self.added)} added, {len(self.updated)} updated, {len(self.removed)} removed, "
            f"{len(self.unchanged)} unchanged; {self.encoded} texts encoded"
        )


@dataclass(frozen=True)
class _Entry:
    """A vector of the store: a sentence, or a question that leads to it."""

    id: str
    sentence_id: str
    language: Language
    text: str


@dataclass(frozen=True)
class _Planned:
    """A document cut up and ready to be written."""

    document: Document
    fingerprint: str
    rows: tuple[tuple[str, int, Sentence, Passage], ...]
    lexical: tuple[Row, ...]
    entries: tuple[_Entry, ...]


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()


class Index:
    """Catalog, vectors and words in one folder, made for one encoder.

    The folder's name carries a fingerprint of everything that shapes what is inside, so another encoder gets a folder
    of its own beside the old one, and going back is instant.
    """

    def __init__(self, data_dir: Path, encoder: Encoder) -> None:
        self.encoder = encoder
        self.fingerprint = _digest(
            encoder.id, str(encoder.dimension), str(SPLIT_VERSION), str(ANALYSIS_VERSION), str(SCHEMA_VERSION)
        )
        self.folder = data_dir / "index" / self.fingerprint
        self._lock = FileLock(data_dir / "index" / f"{self.fingerprint}.lock")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._open()
        if not self._sound():
            self.rebuild()

    def _open(self) -> None:
        self.catalog = Catalog(self.folder / "catalog.sqlite")
        self.lexical = LexicalIndex(self.folder / "lexical")
        self.vectors = VectorStore(self.folder / "vectors")
        self._seen = self.catalog.generation()

    def _sound(self) -> bool:
        """Whether vectors and words are all there; an unfinished change is repaired, not judged."""
        if self.catalog.touched():
            with self._writing():
                pass
        _, sentences, entries = self.catalog.count()
        sound = self.lexical.count() == sentences and self.vectors.count() == entries
        if not sound:
            logger.warning("The index is damaged (its parts disagree); it is rebuilt from the corpus.")
        return sound

    def rebuild(self) -> None:
        """Empty the index; the next `sync` fills it from the corpus, which is the truth."""
        with self._locked():
            self.catalog.close()
            shutil.rmtree(self.folder)
            self.folder.mkdir(parents=True)
            self._open()
            self.vectors.reload()

    def refresh(self) -> bool:
        """Notice what another process has changed; True if there was something."""
        generation = self.catalog.generation()
        if generation == self._seen:
            return False
        self._seen = generation
        self.lexical.reload()
        self.vectors.reload()
        return True

    # -- changes

    def sync(
        self,
        documents: Iterable[Document],
        *,
        origin: str,
        questions: Questions | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> SyncReport:
        """Make the documents of one origin exactly these: add, update and remove, encoding only what is new.

        `progress` is called with (texts encoded, texts to encode).
        """
        report = SyncReport()
        with self._writing():
            known = self.catalog.fingerprints(origin)
            wanted: dict[str, Document] = {}
            for document in documents:
                if document.key in wanted:
                    raise StoreError(f"The id “{document.metadata.id}” is used by two documents.", help=document.source)
                wanted[document.key] = document
            by_document = _by_document(questions or {})
            planned: list[_Planned] = []
            for key, document in wanted.items():
                fingerprint = self._fingerprint(document, by_document.get(key, {}))
                if known.get(key) == fingerprint:
                    report.unchanged.append(key)
                else:
                    (report.updated if key in known else report.added).append(key)
                    planned.append(_plan(document, fingerprint, by_document.get(key, {})))
            report.removed = sorted(set(known) - set(wanted))
            if planned or report.removed:
                report.encoded = self._apply(planned, report.removed, origin, progress)
        return report

    def put(self, document: Document, *, origin: str) -> int:
        """Add or replace one document; returns how many texts were encoded."""
        with self._writing():
            planned = _plan(document, self._fingerprint(document, {}), {})
            return self._apply([planned], [], origin, None)

    def remove(self, keys: Sequence[str]) -> None:
        """Remove documents by key; unknown keys are ignored."""
        with self._writing():
            self._apply([], list(keys), "", None)

    @staticmethod
    def _fingerprint(document: Document, questions: Mapping[str, Sequence[str]]) -> str:
        asked = json.dumps(sorted((quote, list(texts)) for quote, texts in questions.items()))
        return _digest(document.model_dump_json(), asked)

    def _apply(
        self,
        planned: Sequence[_Planned],
        removed: Sequence[str],
        origin: str,
        progress: Callable[[int, int], None] | None,
    ) -> int:
        """Write vectors and words, then the catalog, then clear what is no longer there."""
        keys = [*(plan.document.key for plan in planned), *removed]
        old_sentences = self.catalog.sentence_ids(keys)
        old_entries = self.catalog.entries(old_sentences)
        new_entries = {entry.id: entry for plan in planned for entry in plan.entries}
        new_rows = {row.sentence_id: row for plan in planned for row in plan.lexical}
        to_encode = [entry for entry in new_entries.values() if entry.id not in old_entries]
        self._remember(old_sentences | set(new_rows), old_entries, new_entries)
        self._encode(to_encode, progress)
        self.lexical.write(new_rows.values())
        self._commit(planned, keys, origin)
        self._repair()
        return len(to_encode)

    def _remember(
        self, sentences: set[str], old: Mapping[str, tuple[str, Language]], new: Mapping[str, _Entry]
    ) -> None:
        languages = {entry_id: language for entry_id, (_, language) in old.items()}
        languages |= {entry_id: entry.language for entry_id, entry in new.items()}
        with self.catalog.writing() as connection:
            connection.executemany("INSERT INTO touched VALUES (?, NULL, 'da')", [(row,) for row in sentences])
            connection.executemany("INSERT INTO touched VALUES (NULL, ?, ?)", list(languages.items()))

    def _encode(self, entries: Sequence[_Entry], progress: Callable[[int, int], None] | None) -> None:
        batch = 512
        for first in range(0, len(entries), batch):
            part = entries[first : first + batch]
            vectors = self.encoder.encode_passages([entry.text for entry in part])
            for language in LANGUAGES:
                rows = [place for place, entry in enumerate(part) if entry.language == language]
                if rows:
                    chosen = [part[place] for place in rows]
                    self.vectors.write(language, [e.id for e in chosen], [e.sentence_id for e in chosen], vectors[rows])
            if progress:
                progress(min(first + batch, len(entries)), len(entries))

    def _commit(self, planned: Sequence[_Planned], keys: Sequence[str], origin: str) -> None:
        with self.catalog.writing() as connection:
            gone = [(key,) for key in keys]
            connection.executemany(
                "DELETE FROM entries WHERE sentence IN (SELECT id FROM sentences WHERE document = ?)", gone
            )
            connection.executemany("DELETE FROM sentences WHERE document = ?", gone)
            connection.executemany("DELETE FROM documents WHERE key = ?", gone)
            for plan in planned:
                metadata = plan.document.metadata
                connection.execute(
                    "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        plan.document.key,
                        metadata.id,
                        metadata.language,
                        origin,
                        plan.fingerprint,
                        plan.document.model_dump_json(),
                        metadata.model_dump_json(),
                        plan.document.text,
                    ),
                )
                connection.executemany(
                    "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (row_id, plan.document.key, position, s.start, s.end, p.start, p.end, p.heading)
                        for row_id, position, s, p in plan.rows
                    ],
                )
                connection.executemany(
                    "INSERT INTO entries VALUES (?, ?, ?)", [(e.id, e.sentence_id, e.language) for e in plan.entries]
                )
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (str(self._seen + 1),))
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('encoder', ?)", (self.encoder.id,))
        self._seen = self.catalog.generation()

    def _repair(self) -> None:
        """Finish or undo: what was touched and is not in the catalog goes; what is in it is there already."""
        touched = self.catalog.touched()
        if not touched:
            return
        sentences = {row for row, _, _ in touched if row}
        entries = {entry: language for _, entry, language in touched if entry}
        present = self.catalog.sentences(sorted(sentences))
        kept = self.catalog.entries(present)
        for language in LANGUAGES:
            stale = [entry for entry, its in entries.items() if its == language and entry not in kept]
            if stale:
                self.vectors.delete(language, stale)
        stale_sentences = sorted(sentences - set(present))
        if stale_sentences:
            self.lexical.write([], delete=stale_sentences)
        with self.catalog.writing() as connection:
            connection.execute("DELETE FROM touched")

    def _locked(self) -> FileLock:
        try:
            self._lock.acquire(timeout=LOCK_SECONDS)
        except Timeout as error:
            raise StoreError(
                "Another magbot process is changing the index.", help="Wait until it has finished, then try again."
            ) from error
        return self._lock

    def _writing(self) -> _Writing:
        return _Writing(self)

    def health(self) -> dict[str, object]:
        """What is in the index, for people and monitors."""
        documents, sentences, entries = self.catalog.count()
        return {
            "documents": documents,
            "sentences": sentences,
            "vectors": entries,
            "generation": self.catalog.generation(),
            "encoder": self.encoder.id,
        }


class _Writing:
    """Holds the writer's lock, sees what others wrote, and repairs what a dead writer left."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __enter__(self) -> None:
        self._lock = self._index._locked()
        try:
            self._index.refresh()
            self._index._repair()
        except BaseException:
            # On a full disk a repair fails; the lock must not outlive that.
            self._lock.release()
            raise

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _by_document(questions: Questions) -> dict[str, dict[str, Sequence[str]]]:
    grouped: dict[str, dict[str, Sequence[str]]] = {}
    for (key, quote), texts in questions.items():
        grouped.setdefault(key, {})[quote] = texts
    return grouped


def _plan(document: Document, fingerprint: str, questions: Mapping[str, Sequence[str]]) -> _Planned:
    """Cut a document up. A sentence keeps its id when text around it changes, so its vector can be kept."""
    rows: list[tuple[str, int, Sentence, Passage]] = []
    lexical: list[Row] = []
    entries: list[_Entry] = []
    seen: dict[str, int] = {}
    language = document.metadata.language
    for passage in split_document(document):
        for sentence in passage.sentences:
            seen[sentence.text] = seen.get(sentence.text, 0) + 1
            row_id = _digest(document.key, sentence.text, str(seen[sentence.text]))
            asked = tuple(questions.get(" ".join(sentence.text.split()), ()))
            if document.metadata.kind is Kind.FAQ and not rows:
                # A topic page's title is a question, and its first sentence the direct answer.
                asked = (document.metadata.title, *asked)
            rows.append((row_id, len(rows), sentence, passage))
            context = f"{document.metadata.title} {passage.heading}"
            lexical.append(Row(row_id, language, sentence.text, context, asked))
            entries.append(_Entry(row_id, row_id, language, sentence.text))
            entries.extend(_Entry(_digest(row_id, text), row_id, language, text) for text in dict.fromkeys(asked))
    return _Planned(document, fingerprint, tuple(rows), tuple(lexical), tuple(entries))
