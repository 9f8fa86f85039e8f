"""The index as one thing: brings it in line with the corpus, and survives being killed while doing so."""

from __future__ import annotations

import copy
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from magbot.encoder.base import Encoder
from magbot.errors import DamageError, StoreError
from magbot.index.catalog import SOURCE, Catalog
from magbot.index.damage import trouble
from magbot.index.fold import Folding
from magbot.index.folders import Folders
from magbot.index.lexical import LexicalIndex
from magbot.index.plan import Entry, Planned, Questions, by_document, fingerprint_of, plan
from magbot.index.vectors import VectorStore
from magbot.schema import LANGUAGES, Document, Language

logger = logging.getLogger(__name__)

# As many changes may be in the log of the vectors, which every start replays, before it is folded into the graph; and a
# change of more than that goes into a copy of the graph at once.
LOG_LIMIT = 1000


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


class Index:
    """Catalog, vectors and words in one folder, made for one encoder.

    The folder is the one that the manifest names for everything that shapes what is inside, so another encoder gets a
    folder of its own beside the old one, and going back is instant.
    """

    catalog: Catalog
    lexical: LexicalIndex
    vectors: VectorStore

    def __init__(
        self, data_dir: Path, encoder: Encoder, *, model: str = "bundled", chroma_url: str | None = None
    ) -> None:
        """Open the index, or make an empty one; one that is torn is set aside and replaced by an empty one."""
        self.encoder = encoder
        self.folders = Folders(data_dir / "index", encoder, model, chroma_url)
        self._guard = threading.RLock()
        self._pinned = False
        self.folding = Folding()
        self._use(self.folders.best() or self.folders.make())

    def _use(self, folder: str) -> None:
        """Open a folder; if it is torn, another in its place."""
        try:
            self._open(folder)
            reason = self._disagreement()
        except DamageError as error:
            reason = error.message
        except sqlite3.OperationalError as error:
            raise trouble(f"The index in {self.folders.root / folder}", error) from error
        if reason:
            self._open(self.folders.replace(folder, reason))

    def _open(self, folder: str) -> None:
        path = self.folders.root / folder
        if "catalog" in self.__dict__:
            self.catalog.move(path / "catalog.sqlite")
        else:
            self.catalog = Catalog(path / "catalog.sqlite")
        self._seen = self.catalog.state()
        self.lexical = LexicalIndex(path / "lexical")
        self.vectors = self.folders.open_vectors(folder, self.catalog.number("vectors"))
        self.folder = path  # last, since it is what `refresh` compares

    def _disagreement(self) -> str:
        """Why the parts do not belong together; an unfinished change is repaired first, and not judged while it runs."""
        with self.folders.lock.held_if_free() as free:
            if not free:
                return ""
            self._begin()
            _, sentences, entries = self.catalog.count()
            words, vectors = self.lexical.count(), self.vectors.count()
        if (words, vectors) == (sentences, entries):
            return ""
        return f"the catalog has {sentences} sentences and {entries} vectors, the parts have {words} and {vectors}"

    # -- life of the folder

    def refresh(self) -> bool:
        """Notice what another process has changed; True if there was something.

        Newer vectors that cannot be opened are tried again next time; until then the ones at hand answer.
        """
        try:
            return self._refresh()
        except StoreError as error:
            logger.error("What has changed in the index cannot be read yet: %s", error.message)
            return False

    def _refresh(self) -> bool:
        with self._guard:
            best = None if self._pinned else self.folders.best()
            if best is not None and best != self.folder.name:
                self._open(best)
                return True
            state = self.catalog.state()
            if state == self._seen:
                return False
            self.lexical.reload()
            self.vectors.reload(state[1])
            self._seen = state
            return True

    @property
    def generation(self) -> int:
        """Which state `refresh` has seen last; rises with every change."""
        return self._seen[0]

    def busy(self) -> bool:
        """Whether another process is changing the index, which can be searched meanwhile."""
        with self.folders.lock.held_if_free() as free:
            return not free and self.folders.is_ready(self.folder.name)

    def publish(self, *, current: bool) -> None:
        """Say that the index is complete, and with `current` that it is the one to use from now on."""
        self.folders.publish(self.folder.name, current=current)

    @contextmanager
    def rebuilding(self) -> Iterator[Index]:
        """Yield an empty index to fill; it takes this one's place at the end, and until then this one answers."""
        with self.folders.lock.held():
            fresh = copy.copy(self)
            del fresh.catalog
            fresh._guard, fresh._pinned = threading.RLock(), True
            fresh._open(self.folders.make(generation=self.catalog.generation() + 1))
            try:
                yield fresh
            except BaseException:
                self.folders.discard(fresh.folder.name)
                raise
            fresh.catalog.close()
            self.folders.publish(fresh.folder.name, instead_of=self.folder.name)
        self.refresh()

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
            asked = by_document(questions or {})
            planned: list[Planned] = []
            for key, document in wanted.items():
                fingerprint = fingerprint_of(document, asked.get(key, {}))
                if known.get(key) == fingerprint:
                    report.unchanged.append(key)
                else:
                    (report.updated if key in known else report.added).append(key)
                    planned.append(plan(document, fingerprint, asked.get(key, {})))
            report.removed = sorted(set(known) - set(wanted))
            if planned or report.removed:
                report.encoded = self._apply(planned, report.removed, origin, progress)
        return report

    def is_made_from(self, stamp: str) -> bool:
        """Whether nothing has changed, neither here nor in what `stamp` stands for, since `note_source` of it."""
        return self.catalog.get_meta(SOURCE) == f"{stamp} {self.catalog.generation()}"

    def note_source(self, stamp: str) -> None:
        """Remember what the index was brought in line with, so that the next start need not look closer."""
        if self.is_made_from(stamp):
            return
        try:
            self.catalog.set_meta(**{SOURCE: f"{stamp} {self.catalog.generation()}"})
        except sqlite3.OperationalError as error:
            logger.warning("It could not be noted what the index was made from (%s); starting takes longer.", error)

    def put(self, document: Document, *, origin: str) -> int:
        """Add or replace one document; returns how many texts were encoded."""
        return self.put_all([document], origin=origin)

    def put_all(
        self,
        documents: Sequence[Document],
        *,
        origin: str,
        instead_of: Sequence[str] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Add or replace documents and remove those with some keys, in one change; otherwise like `put` and `sync`."""
        with self._writing():
            planned = [plan(document, fingerprint_of(document, {}), {}) for document in documents]
            return self._apply(planned, list(instead_of), origin, progress)

    def remove(self, keys: Sequence[str]) -> None:
        """Remove documents by key; unknown keys are ignored."""
        with self._writing():
            self._apply([], list(keys), "", None)
            self.catalog.forget_deleted()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self.folders.lock.held():
            self._begin()
            yield
        self.folding.give_way()

    def _begin(self) -> None:
        """See what others wrote, and finish or undo what a dead writer left."""
        self._refresh()
        self.folders.sweep(keep=self.folder.name)
        self.vectors.clean(self.catalog.number("vectors_since"))
        touched = self.catalog.touched()
        if touched:
            # A sentence that stays may have got the words of the new version; the next sync writes them again.
            self.catalog.doubt(touched)
            self.lexical.recover()
            self._repair()

    def _apply(
        self,
        planned: Sequence[Planned],
        removed: Sequence[str],
        origin: str,
        progress: Callable[[int, int], None] | None,
    ) -> int:
        """Write vectors and words, then the catalog, then clear what is no longer there."""
        keys = [*(each.document.key for each in planned), *removed]
        old_sentences = self.catalog.sentence_ids(keys)
        old_entries = self.catalog.entries(old_sentences)
        new_entries = {entry.id: entry for each in planned for entry in each.entries}
        new_rows = {row.sentence_id: row for each in planned for row in each.lexical}
        to_encode = [entry for entry in new_entries.values() if entry.id not in old_entries]
        gone = {entry: language for entry, (_, language) in old_entries.items() if entry not in new_entries}
        much = len(to_encode) > LOG_LIMIT
        target = self.vectors.draft() if much else self.vectors
        self._remember(old_sentences | set(new_rows), old_entries, new_entries)
        if self.vectors.keeps_log:
            self.catalog.log(gone, [None] * len(gone))
        self._encode(to_encode, target, progress)
        if much:
            target.seal()
        self.lexical.write(new_rows.values())
        meta = {"buried": self.catalog.number("buried") + len(gone)}
        if much:
            meta |= {"vectors": target.version, "vectors_since": int(time.time())}
        with self._guard:  # or a question that is asked meanwhile takes this for the change of another process
            self.catalog.replace(planned, keys, origin, meta, folded=much)
            self._seen = self.catalog.state()
            if much:
                self.vectors.reload(target.version)
        self._repair()
        if self.catalog.logged() >= LOG_LIMIT:
            self.folding.start(self.folder, self.folders.lock.path)
        return len(to_encode)

    def _remember(self, sentences: set[str], old: Mapping[str, tuple[str, Language]], new: Mapping[str, Entry]) -> None:
        """Note what a change is about."""
        languages = {entry_id: language for entry_id, (_, language) in old.items()}
        languages |= {entry_id: entry.language for entry_id, entry in new.items()}
        with self.catalog.writing() as connection:
            connection.executemany("INSERT INTO touched VALUES (?, NULL, 'da')", [(row,) for row in sentences])
            connection.executemany("INSERT INTO touched VALUES (NULL, ?, ?)", list(languages.items()))

    def _encode(
        self, entries: Sequence[Entry], target: VectorStore, progress: Callable[[int, int], None] | None
    ) -> None:
        batch = 512
        for first in range(0, len(entries), batch):
            part = entries[first : first + batch]
            vectors = self.encoder.encode_passages([entry.text for entry in part])
            if target.keeps_log and target is self.vectors:
                self.catalog.log({e.id: e.language for e in part}, [vector.tobytes() for vector in vectors])
            for language in LANGUAGES:
                rows = [place for place, entry in enumerate(part) if entry.language == language]
                if rows:
                    chosen = [part[place] for place in rows]
                    target.write(language, [e.id for e in chosen], [e.sentence_id for e in chosen], vectors[rows])
            if progress:
                progress(min(first + batch, len(entries)), len(entries))

    def _repair(self) -> None:
        """Finish or undo: what was touched and is not in the catalog goes; what is in it is there already."""
        touched = self.catalog.touched()
        sentences = {row for row, _, _ in touched if row}
        entries = {entry: language for _, entry, language in touched if entry}
        present = self.catalog.known_sentences(sentences)
        kept = self.catalog.entries(present)
        for language in LANGUAGES:
            self.vectors.delete(language, [e for e, its in entries.items() if its == language and e not in kept])
        stale = sorted(sentences - present)
        if stale:
            self.lexical.write([], delete=stale)
        with self.catalog.writing() as connection:
            connection.execute("DELETE FROM touched")

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
