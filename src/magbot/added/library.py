"""Adds, updates, reviews and removes documents: files first, since they are the truth, then the index."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from magbot.added.report import AddItem, AddProgress, AddReport, Details, OnProgress, Status, Upload
from magbot.added.store import AddedStore, Known, Record, known_of, text_digest
from magbot.errors import DamageError, MagbotError, StoreError
from magbot.index.index import Index, SyncReport
from magbot.refusals import not_stored, refused, text_of
from magbot.schema import ADDED_PREFIX, Document, Metadata

if TYPE_CHECKING:
    from magbot.added.draft import Draft, ReadBytes
    from magbot.added.fetch import Fetcher
    from magbot.added.sources import Source

ORIGIN = "added"
# Documents are stored together until they hold so many characters, about two seconds of encoding.
BATCH_CHARS = 60_000
_LEAST_CHARS = 1_000
Told = Callable[[int, int], None]
# What the stores raise when a disk is full or a file is damaged; each becomes a message about one document.
_STORE_TROUBLE = (OSError, sqlite3.Error, DamageError, ValueError)


class Library:
    """The added documents of one data folder, in files and in the index."""

    def __init__(self, folder: Path, index: Index) -> None:
        self.store = AddedStore(folder)
        self._index = index
        self._shipped: dict[str, str] | None = None

    @cached_property
    def fetcher(self) -> Fetcher:
        """Reads links. Loaded late like all that reads documents, since answering needs none of it."""
        from magbot.added.fetch import Fetcher

        return Fetcher()

    def sync(self, progress: Callable[[int, int], None] | None = None) -> SyncReport:
        """Bring the index in line with the files."""
        self._shipped = None
        return self._index.sync(self.store.documents(), origin=ORIGIN, progress=progress)

    def add(
        self,
        given: Sequence[str | Path | Upload],
        details: Details | None = None,
        *,
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> AddReport:
        """See `Magbot.add`."""
        from magbot.added.sources import find_sources

        sources = find_sources(given)
        items = self._add_all(sources.found, details or Details(), dry_run, on_progress)
        return AddReport(items=items, left_aside=sources.left_aside, dry_run=dry_run)

    def update(
        self,
        document_ids: Sequence[str] = (),
        details: Details | None = None,
        *,
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> AddReport:
        """See `Magbot.update`."""
        from magbot.added.sources import Source, source_at

        records = [record for name in document_ids for record in self._records_of(name)] or list(self.store.records())
        sources = [
            source_at(record.location, record.document.source)
            if record.location
            else Source(name=record.document.source, data=self.store.copy_of(record), record=record)
            for record in records
        ]
        return AddReport(items=self._add_all(sources, details or Details(), dry_run, on_progress), dry_run=dry_run)

    def remove(self, document_id: str) -> list[Metadata]:
        """See `Magbot.remove`."""
        with self.store.changing():
            records = self._records_of(document_id)
            for record in records:
                self.store.delete(record.document.key)
            try:
                self._index.remove([record.document.key for record in records])
            except (*_STORE_TROUBLE, StoreError) as error:
                raise not_stored("half-removed", name=document_id, reason=str(error)) from error
        return [record.document.metadata for record in records]

    def review(self, document_id: str, reviewed: bool) -> list[Metadata]:
        """See `Magbot.review`."""
        changed = []
        with self.store.changing():
            for record in self._records_of(document_id):
                document = _changed(record.document, reviewed=reviewed)
                self._write(record, record.model_copy(update={"document": document}))
                changed.append(document.metadata)
        return changed

    def _records_of(self, document_id: str) -> list[Record]:
        keys = [entry.key for entry in self.store.known().values() if entry.metadata.id == document_id]
        records = [record for key in sorted(keys) if (record := self.store.record(key))]
        if records:
            return records
        added = document_id.startswith(ADDED_PREFIX)
        raise refused("no-such-document" if added else "shipped-document", name=document_id)

    # -- sources are read one by one, and stored some at a time

    def _add_all(
        self, sources: Sequence[Source], details: Details, dry_run: bool, on_progress: OnProgress | None
    ) -> tuple[AddItem, ...]:
        from magbot.corpus.formats.apart import ReaderApart

        with ReaderApart() as reader:
            return self._add_each(sources, details, dry_run, on_progress, reader.read)

    def _add_each(
        self,
        sources: Sequence[Source],
        details: Details,
        dry_run: bool,
        on_progress: OnProgress | None,
        read_bytes: ReadBytes,
    ) -> tuple[AddItem, ...]:
        items: dict[int, AddItem] = {}
        planned: dict[str, Known] = {}
        batch: dict[int, _Taken] = {}
        for place, source in enumerate(sources):
            told = _told(on_progress, source.name, place, len(sources))
            told(0, 0)
            try:
                taken = self._take(source, details, read_bytes)
                if dry_run:
                    items[place], _, record = self._placed(taken, self.store.known() | planned)
                    planned |= {record.document.key: known_of(record)} if record else {}
                else:
                    batch[place] = taken
            except MagbotError as error:
                items[place] = _refused(source, error)
            if batch and (place + 1 == len(sources) or sum(each.size for each in batch.values()) >= BATCH_CHARS):
                items |= self._store(batch, told)
                batch = {}
        if on_progress and sources:
            on_progress(AddProgress(sources[-1].name, len(sources), len(sources)))
        return tuple(items[place] for place in range(len(sources)))

    def _take(self, source: Source, details: Details, read_bytes: ReadBytes) -> _Taken:
        """Read one source as a draft."""
        from magbot.added.draft import draft

        old = self._before(source, self.store.known())
        details = (old.details if old else Details()).model_copy(update=details.given())
        page = self.fetcher.fetch(source.location or "") if source.is_link else None
        data = page.data if page else source.read()
        return _Taken(source, data, draft(data, source.name, details, page, read_bytes), details)

    def _store(self, batch: Mapping[int, _Taken], told: Told) -> dict[int, AddItem]:
        """Store what was read in one change of the index; when that fails, one after the other."""
        items: dict[int, AddItem] = {}
        todo = dict(batch)
        while todo:
            try:
                done = self._store_at_once(todo, told)
            except MagbotError as error:
                if len(todo) > 1:
                    done = {}
                    for place, taken in todo.items():
                        done |= self._store({place: taken}, told)
                else:
                    done = {place: _refused(taken.source, error) for place, taken in todo.items()}
            items |= done
            todo = {place: taken for place, taken in todo.items() if place not in done}
        return items

    def _store_at_once(self, batch: Mapping[int, _Taken], told: Told) -> dict[int, AddItem]:
        """Store what was read, up to the first that concerns a document that is being changed already."""
        items: dict[int, AddItem] = {}
        records: list[Record] = []
        replaced: set[str] = set()
        with self.store.changing(), ExitStack() as saved:
            for place, taken in batch.items():
                try:
                    item, old, record = self._placed(taken, self.store.known())
                    if record:
                        keys = {record.document.key} | ({old.document.key} if old else set())
                        if keys & ({each.document.key for each in records} | replaced):
                            break
                        self.store.check_room(record, taken.data)
                        with _storing(taken.source.name, self.store.folder):
                            saved.enter_context(self.store.saving(record, taken.data, replaces=old))
                        records.append(record)
                        replaced |= keys
                    items[place] = item
                except MagbotError as error:
                    items[place] = _refused(taken.source, error)
            with _storing(", ".join(taken.source.name for taken in batch.values()), self.store.folder):
                self._index_again(records, replaced, told)
        return items

    def _placed(self, taken: _Taken, known: dict[str, Known]) -> tuple[AddItem, Record | None, Record | None]:
        """What a draft is in the light of the documents there are; with the record it replaces and the one to write."""
        source, data, made, details = taken.source, taken.data, taken.made, taken.details
        sha256, words = hashlib.sha256(data).hexdigest(), text_digest(made.document.text)
        old = self._before(source, known)
        if old is None and (duplicate := self._duplicate(known, sha256, words)):
            fields: dict[str, str | int] = {"name": source.name, "title": duplicate.title, "id": duplicate.id}
            return _item(source, Status.DUPLICATE, duplicate, said=("duplicate", fields)), None, None
        if old is None:
            document = _changed(made.document, id=_free_id(known, made, source))
        else:
            same_text = old.document.text == made.document.text
            kept = {"id": old.document.metadata.id, "reviewed": old.document.metadata.reviewed and same_text}
            document = _changed(made.document, **kept)
            # A page may differ in what is no text of it, such as the time at which it was served.
            if document == old.document:
                return _item(source, Status.UNCHANGED, document.metadata, made.guessed, made.remark), None, None
        record = Record(
            document=document,
            copy_name=f"{document.key}.{sha256[:12]}{made.suffix}",
            location=source.location,
            sha256=sha256,
            text_sha256=words,
            details=details,
            added=datetime.now(UTC).isoformat(timespec="seconds"),
            guessed=made.guessed,
        )
        status = Status.UPDATED if old else Status.ADDED
        return _item(source, status, document.metadata, made.guessed, made.remark), old, record

    def _before(self, source: Source, known: dict[str, Known]) -> Record | None:
        """The document that was read from the same place before."""
        if source.record is not None:
            return self.store.record(source.record.document.key)
        if source.location is None:
            return None
        key = next((entry.key for entry in known.values() if entry.location == source.location), None)
        return self.store.record(key) if key else None

    def _duplicate(self, known: dict[str, Known], sha256: str, words: str) -> Metadata | None:
        """The document that says the same: the same file, or the same words under another name or format."""
        for entry in known.values():
            if entry.text_sha256 == words or entry.sha256 == sha256:
                return entry.metadata
        key = self._shipped_texts().get(words)
        document = self._index.catalog.document(key) if key else None
        return document.metadata if document else None

    def _shipped_texts(self) -> dict[str, str]:
        if self._shipped is None:
            catalog = self._index.catalog
            shipped = ((key, catalog.document(key)) for key in catalog.fingerprints("shipped"))
            self._shipped = {text_digest(document.text): key for key, document in shipped if document}
        return self._shipped

    def _write(self, old: Record, record: Record) -> None:
        """Put a record in the place of another with the same copy; when it fails, the files are as before."""
        self.store.check_room(record, None)
        with _storing(record.document.source, self.store.folder), self.store.saving(record, None, replaces=old):
            self._index_again([record], {old.document.key})

    def _index_again(self, records: Sequence[Record], replaced: set[str], told: Told | None = None) -> None:
        """Bring documents into the index in one change, in the place of those with some keys."""
        documents = [record.document for record in records]
        gone = replaced - {document.key for document in documents}
        if documents:
            self._index.put_all(documents, origin=ORIGIN, instead_of=sorted(gone), progress=told)


@dataclass(frozen=True)
class _Taken:
    """A source that was read and not yet stored."""

    source: Source
    data: bytes
    made: Draft
    details: Details

    @property
    def size(self) -> int:
        """What it will take to store it; a document costs something however short it is."""
        return _LEAST_CHARS + len(self.made.document.text)


@contextmanager
def _storing(name: str, folder: Path) -> Iterator[None]:
    """Say that something could not be stored, and how it can be."""
    try:
        yield
    except _STORE_TROUBLE as error:
        raise not_stored("not-stored", name=name, reason=str(error), folder=str(folder)) from error


def _refused(source: Source, error: MagbotError) -> AddItem:
    return AddItem(
        source=source.name,
        status=Status.REFUSED,
        message=error.message,
        help=error.help,
        code=error.code,
        fields=error.fields,
        try_again=isinstance(error, StoreError),
    )


def _told(on_progress: OnProgress | None, name: str, done: int, total: int) -> Told:
    """Passes on how many texts of one source are encoded."""

    def tell(texts_done: int, texts_total: int) -> None:
        if on_progress:
            on_progress(AddProgress(name, done, total, texts_done, texts_total))

    return tell


def _free_id(known: dict[str, Known], made: Draft, source: Source) -> str:
    """The id of the draft, or with a number behind it when another document has it."""
    wanted = made.document.metadata.id
    taken = {entry.metadata.id for entry in known.values()}
    if wanted not in taken or (made.is_twin and made.document.key not in known):
        return wanted
    if source.location is None:
        raise refused("name-taken", name=source.name, id=wanted)
    return next(name for number in range(2, len(taken) + 3) if (name := f"{wanted}-{number}") not in taken)


def _changed(document: Document, **values: object) -> Document:
    metadata = document.metadata.model_copy(update=values)
    return document.model_copy(update={"metadata": metadata})


def _item(
    source: Source,
    status: Status,
    metadata: Metadata,
    guessed: tuple[str, ...] = (),
    said: tuple[str, dict[str, str | int]] | None = None,
) -> AddItem:
    code, fields = said or ("", {})
    return AddItem(
        source=source.name,
        status=status,
        document_id=metadata.id,
        language=metadata.language,
        metadata=metadata,
        guessed=guessed,
        message=text_of(code, fields, "en")[0] if code else "",
        code=code,
        fields=fields,
    )
