"""The added documents as files: a sidecar with text and metadata, and beside it a copy of what was added.

`documents/added-report.en.json` is the sidecar, `documents/added-report.en.3f2a….pdf` the copy that it names. A
document is there when its sidecar is: that is written last and deleted first, so a process killed at any moment leaves
each document wholly there or wholly gone. The index is made from the sidecars.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from magbot.added.durable import UNFINISHED, sync_folder, write_durably
from magbot.added.report import Details
from magbot.refusals import not_stored
from magbot.schema import Document, Metadata, Value

logger = logging.getLogger(__name__)

LOCK_SECONDS = 60.0
# What the databases may need for a moment beyond what they keep.
ROOM_BYTES = 50_000_000
# Text, words and about one vector of 1.5 kB for each hundred characters, with their indexes.
_INDEX_BYTES_A_CHARACTER = 60


class Record(Value):
    """The sidecar: all that is known about an added document besides the copy of its file."""

    version: Literal[1] = 1
    document: Document
    copy_name: str = Field(description="File name of the copy beside the sidecar")
    location: str | None = Field(description="Path or URL that it can be read from again; None for an upload")
    sha256: str = Field(description="Of the file as it was added")
    text_sha256: str = Field(description="Of the words of its text, to tell the same text in another format")
    details: Details = Field(default=Details(), description="What a person said about it; kept when it is read again")
    added: str = Field(description="ISO time at which it was added or last changed")
    guessed: tuple[str, ...] = Field(default=(), description="Metadata fields that nobody gave and no file said")


@dataclass(frozen=True)
class Known:
    """What must be remembered of a sidecar, to tell duplicates, without holding its text."""

    key: str
    metadata: Metadata
    location: str | None
    sha256: str
    text_sha256: str


@dataclass(frozen=True)
class _Stamp:
    modified: int
    size: int
    inode: int


class AddedStore:
    """The folder of added documents. Several processes may use one; `changing` lets one at a time change it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged = False
        """Whether a sidecar was met that cannot be read."""
        self._known: dict[str, tuple[_Stamp, Known]] = {}
        self._lock = FileLock(folder.parent / f"{folder.name}.lock")
        self._guard = threading.RLock()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the folder for a change, and first clear what a process that died left. Raises StoreError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._guard:
            try:
                self._lock.acquire(timeout=LOCK_SECONDS)
            except Timeout as error:
                raise not_stored("being-changed") from error
            try:
                self._sweep()
                yield
            finally:
                self._lock.release()

    def _sweep(self) -> None:
        for path in self.folder.glob(f"{UNFINISHED}*"):
            path.unlink(missing_ok=True)
        copies = {path.name for path in self.folder.iterdir() if path.suffix != ".json"}
        if len(copies) > len(self.known()):
            for orphan in copies - {record.copy_name for record in self.records()}:
                (self.folder / orphan).unlink(missing_ok=True)

    # -- reading

    def known(self) -> dict[str, Known]:
        """All added documents by key; only sidecars that changed since the last call are read."""
        with self._guard:
            current: dict[str, tuple[_Stamp, Known]] = {}
            for name, stamp in self._stamps().items():
                remembered = self._known.get(name)
                if remembered and remembered[0] == stamp:
                    current[name] = remembered
                elif record := self._read(self.folder / name):
                    current[name] = (stamp, known_of(record))
            self._known = current
            return {known.key: known for _, known in current.values()}

    def stamp(self) -> str:
        """Changes whenever a document is added, changed or removed; cheap to compute."""
        seen = repr(sorted((name, stamp.modified, stamp.size) for name, stamp in self._stamps().items()))
        return hashlib.sha256(seen.encode()).hexdigest()

    def records(self) -> Iterator[Record]:
        """All sidecars by key. A damaged one is reported in the log and left where it is."""
        for name in sorted(self._stamps()):
            if record := self._read(self.folder / name):
                yield record

    def documents(self) -> Iterator[Document]:
        """All added documents by key."""
        return (record.document for record in self.records())

    def record(self, key: str) -> Record | None:
        """The sidecar of a document by key (`id.language`), or None."""
        path = self._sidecar(key)
        return self._read(path) if path.is_file() else None

    def copy_of(self, record: Record) -> bytes:
        """The file as it was added. Raises StoreError."""
        try:
            return (self.folder / record.copy_name).read_bytes()
        except OSError as error:
            name, reason = record.document.source, error.strerror or str(error)
            raise not_stored("copy-unreadable", name=name, reason=reason) from error

    def _sidecar(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def _read(self, path: Path) -> Record | None:
        try:
            return Record.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            self.damaged = True
            logger.error(
                "The added document %s cannot be read and is left out: %s. Restore the file, or delete it and add the "
                "document again.",
                path,
                str(error).splitlines()[0],
            )
            return None

    def _stamps(self) -> dict[str, _Stamp]:
        try:
            with os.scandir(self.folder) as entries:
                found = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".json")]
        except FileNotFoundError:
            return {}
        return {name: _Stamp(stat.st_mtime_ns, stat.st_size, stat.st_ino) for name, stat in found}

    # -- changing; the caller is inside `changing`

    def check_room(self, record: Record, data: bytes | None) -> None:
        """See that the disk has room before anything is written, also for the index. Raises StoreError.

        A store that runs full in the middle of a write may not come back from it (Chroma waits for ever), so it must
        not come to that.
        """
        needed = ROOM_BYTES + len(data or b"") + len(record.document.text) * _INDEX_BYTES_A_CHARACTER
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            room = {"free": round(free / 1e6), "needed": round(needed / 1e6)}
            raise not_stored("disk-full", name=record.document.source, folder=str(self.folder), **room)

    @contextmanager
    def saving(self, record: Record, data: bytes | None, replaces: Record | None = None) -> Iterator[None]:
        """Write a document's files and run the body; when either fails, the files are as they were before.

        `data` is the file, or None when the copy stays as it is. Going back needs no room on the disk.
        """
        key = record.document.key
        sidecar, copy = self._sidecar(key), self.folder / record.copy_name
        old = self._sidecar(replaces.document.key) if replaces else None
        kept = self.folder / f"{UNFINISHED}{key}"
        new_copy = data is not None and not copy.exists()
        if old is not None:
            kept.unlink(missing_ok=True)
            os.link(old, kept)
        try:
            if data is not None and new_copy:
                write_durably(copy, data)
            write_durably(sidecar, record.model_dump_json(indent=1).encode())
            if old is not None and old != sidecar:
                old.unlink()
            yield
        except BaseException:
            if old is None or old != sidecar:
                sidecar.unlink(missing_ok=True)
            if old is not None:
                kept.replace(old)
            if new_copy:
                copy.unlink(missing_ok=True)
            sync_folder(self.folder)
            raise
        kept.unlink(missing_ok=True)
        if replaces is not None and replaces.copy_name != record.copy_name:
            (self.folder / replaces.copy_name).unlink(missing_ok=True)
        sync_folder(self.folder)

    def delete(self, key: str) -> None:
        """Remove a document and its copy; one that is not there is ignored."""
        record = self.record(key)
        self._sidecar(key).unlink(missing_ok=True)
        if record is not None:
            (self.folder / record.copy_name).unlink(missing_ok=True)
        if self.folder.is_dir():
            sync_folder(self.folder)


def known_of(record: Record) -> Known:
    """What is remembered of a sidecar."""
    document = record.document
    return Known(document.key, document.metadata, record.location, record.sha256, record.text_sha256)


def text_digest(text: str) -> str:
    """The same for texts that differ in white space and capitals only."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()
