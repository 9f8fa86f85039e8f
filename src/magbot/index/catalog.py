"""The catalog: which documents and sentences the index holds, in one SQLite file.

It is the manifest and the moment of truth. Vectors and words are written before a document is entered here and
removed after it is struck out, so whatever the process was doing when it died, a search that asks the catalog sees
each document wholly or not at all. `touched` lists the sentences that a change was about; an opening writer finishes
or undoes what it finds there. `meta` says which version of the vectors belongs to it, and `logged` lists what was
written to their log since they were last folded.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from magbot.errors import DamageError
from magbot.index.plan import Planned
from magbot.schema import Document, Language, Metadata, Passage, Sentence

SCHEMA_VERSION = 2
# Name in `meta` of what the index was last brought in line with.
SOURCE = "source"
_LARGE = 50_000  # characters of a document's JSON; those of the shipped ones are a tenth

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
  key TEXT PRIMARY KEY, id TEXT NOT NULL, language TEXT NOT NULL, origin TEXT NOT NULL, fingerprint TEXT NOT NULL,
  document TEXT NOT NULL, metadata TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_by_id ON documents (id);
CREATE TABLE IF NOT EXISTS sentences (
  id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES documents (key), position INTEGER NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  passage_start INTEGER NOT NULL, passage_end INTEGER NOT NULL, heading TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sentences_by_document ON sentences (document, position);
CREATE TABLE IF NOT EXISTS entries (id TEXT PRIMARY KEY, sentence TEXT NOT NULL, language TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entries_by_sentence ON entries (sentence);
CREATE TABLE IF NOT EXISTS touched (sentence TEXT, entry TEXT, language TEXT NOT NULL);
"""
_LOGGED = """
CREATE TABLE IF NOT EXISTS logged (
  number INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL, language TEXT NOT NULL, vector BLOB
)
"""

_MEND = "`magbot index --rebuild` makes it anew from the documents."


@dataclass(frozen=True)
class SentenceRow:
    """A sentence as the catalog holds it, joined with its document."""

    id: str
    document_key: str
    position: int
    sentence: Sentence
    passage: Passage
    metadata: Metadata


@lru_cache(maxsize=4096)
def _metadata(raw: str) -> Metadata:
    return Metadata.model_validate_json(raw)


@lru_cache(maxsize=512)
def _document(raw: str) -> Document:
    return Document.model_validate_json(raw)


class _Connection(sqlite3.Connection):
    """Says that a torn file is torn, wherever it is noticed."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(sql, parameters)
        except sqlite3.OperationalError:
            raise  # locked, disk full: the file itself is sound
        except sqlite3.DatabaseError as error:
            raise DamageError(f"The catalog of the index is torn ({error}).", help=_MEND) from error


class Catalog:
    """Access to the SQLite file; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises DamageError when it is missing or torn; `Catalog.create` makes one."""
        self._path = path
        self._local = threading.local()
        self.check()

    @classmethod
    def create(cls, path: Path, **meta: str) -> Catalog:
        """A new, empty file with some values of the manifest in it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={SCHEMA_VERSION}; COMMIT;")
        connection.close()
        catalog = cls(path)
        catalog.set_meta(**meta)
        return catalog

    def move(self, path: Path) -> None:
        """Read another file from now on, in every thread. Raises DamageError like the constructor."""
        self._path = path
        self.check()

    def check(self) -> None:
        """Raise DamageError when the file is missing or torn."""
        if not self._path.exists():
            raise DamageError(f"{self._path} is missing.", help=_MEND)
        (result,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if result != "ok":
            raise DamageError(f"The catalog of the index is torn ({result}).", help=_MEND)
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version != SCHEMA_VERSION:
            raise DamageError(f"{self._path} has schema {version}, this magbot writes {SCHEMA_VERSION}.", help=_MEND)
        self._connection.execute(_LOGGED)

    @property
    def _connection(self) -> sqlite3.Connection:
        path, connection = getattr(self._local, "open", (None, None))
        if connection is None or path != self._path:
            path = self._path
            connection = sqlite3.connect(path, timeout=30, isolation_level=None, factory=_Connection)
            connection.execute("PRAGMA synchronous=NORMAL")
            # What is deleted is overwritten, not only forgotten.
            connection.execute("PRAGMA secure_delete=ON")
            self._local.open = (path, connection)
        assert isinstance(connection, sqlite3.Connection)
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or none."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        if connection.in_transaction:
            connection.execute("COMMIT")

    # -- manifest

    def get_meta(self, name: str) -> str | None:
        """A value of the manifest, or None."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, **values: str) -> None:
        """Set values of the manifest."""
        with self.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items()))

    def number(self, name: str) -> int:
        """A number of the manifest, 0 when it is not there."""
        return int(self.get_meta(name) or 0)

    def generation(self) -> int:
        """Rises by one with every change; readers compare it to notice one."""
        return self.number("generation")

    def state(self) -> tuple[int, int]:
        """Generation and version of the vectors; what a reader has loaded is old when either is another."""
        return self.generation(), self.number("vectors")

    # -- documents

    def fingerprints(self, origin: str | None = None) -> dict[str, str]:
        """Content fingerprint of each document key, all or of one origin (`shipped` or `added`)."""
        query = "SELECT key, fingerprint FROM documents WHERE origin = coalesce(?, origin)"
        return dict(self._connection.execute(query, (origin,)).fetchall())

    def metadata(self) -> list[Metadata]:
        """Metadata of all documents, by id and language."""
        rows = self._connection.execute("SELECT metadata FROM documents ORDER BY id, language")
        return [_metadata(raw) for (raw,) in rows]

    def document(self, key: str) -> Document | None:
        """A whole document by key (`id.language`), or None."""
        row = self._connection.execute("SELECT document FROM documents WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        # An answer looks at each document that it cites several times; a large one would fill the memory.
        return _document(row[0]) if len(row[0]) < _LARGE else Document.model_validate_json(row[0])

    def texts(self, language: Language) -> Iterator[str]:
        """The texts of all documents in a language."""
        rows = self._connection.execute("SELECT text FROM documents WHERE language = ?", (language,))
        return (text for (text,) in rows)

    def languages(self) -> dict[str, tuple[Language, ...]]:
        """Languages in which each document id is there."""
        rows = self._connection.execute("SELECT id, group_concat(language) FROM documents GROUP BY id")
        return {document_id: tuple(languages.split(",")) for document_id, languages in rows}

    # -- sentences

    def sentences(self, sentence_ids: Sequence[str]) -> dict[str, SentenceRow]:
        """Rows by id; ids that the catalog does not know are left out."""
        wanted = json.dumps(list(sentence_ids))
        return {row.id: row for row in self._rows("s.id IN (SELECT value FROM json_each(?))", wanted)}

    def document_sentences(self, key: str) -> list[SentenceRow]:
        """All sentences of a document, in order."""
        return sorted(self._rows("s.document = ?", key), key=lambda row: row.position)

    def _rows(self, condition: str, value: str) -> Iterator[SentenceRow]:
        query = f"""
            SELECT s.id, s.document, s.position, s.start, s."end", s.passage_start, s.passage_end, s.heading,
                   d.metadata, substr(d.text, s.passage_start + 1, s.passage_end - s.passage_start)
            FROM sentences s JOIN documents d ON d.key = s.document WHERE {condition}
        """  # noqa: S608 - the condition is one of the constants above
        for row_id, key, position, start, end, first, last, heading, metadata, passage in self._connection.execute(
            query, (value,)
        ):
            known = _metadata(metadata)
            sentence = Sentence.model_construct(text=passage[start - first : end - first], start=start, end=end)
            yield SentenceRow(
                id=row_id,
                document_key=key,
                position=position,
                sentence=sentence,
                passage=Passage.model_construct(
                    document_id=known.id,
                    language=known.language,
                    text=passage,
                    start=first,
                    end=last,
                    heading=heading,
                    sentences=(sentence,),
                ),
                metadata=known,
            )

    def sentence_ids(self, keys: Iterable[str]) -> set[str]:
        """Ids of all sentences of some documents."""
        wanted = json.dumps(list(keys))
        query = "SELECT id FROM sentences WHERE document IN (SELECT value FROM json_each(?))"
        return {row_id for (row_id,) in self._connection.execute(query, (wanted,))}

    def entries(self, sentence_ids: Iterable[str] | None = None) -> dict[str, tuple[str, Language]]:
        """Vector entries as id → (sentence id, language), all or of some sentences."""
        if sentence_ids is None:
            rows = self._connection.execute("SELECT id, sentence, language FROM entries")
        else:
            query = "SELECT id, sentence, language FROM entries WHERE sentence IN (SELECT value FROM json_each(?))"
            rows = self._connection.execute(query, (json.dumps(list(sentence_ids)),))
        return {entry_id: (sentence_id, language) for entry_id, sentence_id, language in rows}

    def owners(self, entry_ids: Iterable[str]) -> dict[str, str]:
        """Sentence ids by entry id; ids that the catalog does not know are left out."""
        query = "SELECT id, sentence FROM entries WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._connection.execute(query, (json.dumps(list(entry_ids)),)))

    def known_sentences(self, sentence_ids: Iterable[str]) -> set[str]:
        """Those of some sentence ids that the catalog has."""
        query = "SELECT id FROM sentences WHERE id IN (SELECT value FROM json_each(?))"
        return {row_id for (row_id,) in self._connection.execute(query, (json.dumps(list(sentence_ids)),))}

    # -- changes

    def replace(
        self, planned: Sequence[Planned], gone: Sequence[str], origin: str, meta: Mapping[str, int], *, folded: bool
    ) -> None:
        """Put documents in the place of those with the keys `gone`, with `meta` and a new generation, all at once.

        With `folded`, the vectors that `meta` names hold in their graph all that is in the catalog.
        """
        with self.writing() as connection:
            keys = [(key,) for key in gone]
            connection.executemany(
                "DELETE FROM entries WHERE sentence IN (SELECT id FROM sentences WHERE document = ?)", keys
            )
            connection.executemany("DELETE FROM sentences WHERE document = ?", keys)
            connection.executemany("DELETE FROM documents WHERE key = ?", keys)
            for each in planned:
                document, metadata = each.document, each.document.metadata
                connection.execute(
                    "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        document.key,
                        metadata.id,
                        metadata.language,
                        origin,
                        each.fingerprint,
                        document.model_dump_json(),
                        metadata.model_dump_json(),
                        document.text,
                    ),
                )
                connection.executemany(
                    "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (row_id, document.key, position, s.start, s.end, p.start, p.end, p.heading)
                        for row_id, position, s, p in each.rows
                    ],
                )
                connection.executemany(
                    "INSERT INTO entries VALUES (?, ?, ?)", [(e.id, e.sentence_id, e.language) for e in each.entries]
                )
            if folded:
                connection.execute("DELETE FROM logged WHERE entry IN (SELECT id FROM entries)")
            values = {**meta, "generation": self.generation() + 1}
            connection.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(n, str(v)) for n, v in values.items()]
            )

    # -- the log of the vectors

    def log(self, entries: Mapping[str, Language], vectors: Sequence[bytes | None]) -> None:
        """Note entries that are about to be written to the log of the vectors, or deleted in it, without a vector."""
        rows = [(*entry, vector) for entry, vector in zip(entries.items(), vectors, strict=True)]
        with self.writing() as connection:
            connection.executemany("INSERT INTO logged (entry, language, vector) VALUES (?, ?, ?)", rows)

    def logged(self) -> int:
        """How much the log holds."""
        (count,) = self._connection.execute("SELECT count(*) FROM logged").fetchone()
        return int(count)

    def last_logged(self) -> int | None:
        """The number of the newest entry of the log at a moment when no change is under way; None when one is."""
        query = "SELECT (SELECT max(number) FROM logged), EXISTS (SELECT 1 FROM touched)"
        number, under_way = self._connection.execute(query).fetchone()
        return None if under_way else int(number or 0)

    def logged_after(self, number: int) -> list[tuple[str, Language, bytes | None, str | None]]:
        """What was logged later: (entry id, language, vector if it was added, its sentence or None if it is gone)."""
        query = """
            SELECT l.entry, l.language, max(l.vector), e.sentence FROM logged l LEFT JOIN entries e ON e.id = l.entry
            WHERE l.number > ? GROUP BY l.entry
        """
        return self._connection.execute(query, (number,)).fetchall()

    def use_vectors(self, version: int, *, upto: int, buried: int) -> None:
        """Name another version of the vectors, which holds in its graph what was logged up to a number."""
        with self.writing() as connection:
            connection.execute("DELETE FROM logged WHERE number <= ?", (upto,))
            meta = {"vectors": version, "vectors_since": int(time.time()), "buried": buried}
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", [(n, str(v)) for n, v in meta.items()])

    def doubt(self, touched: Iterable[tuple[str | None, str | None, Language]]) -> None:
        """Make the next sync write the documents of some sentences again."""
        sentences = json.dumps([sentence for sentence, _, _ in touched if sentence])
        with self.writing() as connection:
            connection.execute(
                "UPDATE documents SET fingerprint = '' WHERE key IN (SELECT document FROM sentences "
                "WHERE id IN (SELECT value FROM json_each(?)))",
                (sentences,),
            )
            connection.execute("DELETE FROM meta WHERE name = ?", (SOURCE,))

    def touched(self) -> list[tuple[str | None, str | None, Language]]:
        """What an unfinished change was about: (sentence id, entry id, language)."""
        return self._connection.execute("SELECT sentence, entry, language FROM touched").fetchall()

    def count(self) -> tuple[int, int, int]:
        """Documents, sentences and entries."""
        query = (
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM sentences), (SELECT count(*) FROM entries)"
        )
        documents, sentences, entries = self._connection.execute(query).fetchone()
        return documents, sentences, entries

    def close(self) -> None:
        """Close this thread's connection."""
        _, connection = getattr(self._local, "open", (None, None))
        if connection is not None:
            connection.close()
            del self._local.open

    def forget_deleted(self) -> None:
        """Empty the write-ahead log into the file, so that deleted text is in neither."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
