"""The manifest: which index folders there are, what each was made with, and which one is in use.

An index that is made anew, for another encoder or because someone asked for it, grows in a folder of its own while the
old one goes on answering. It is swapped in by one rename of this file, and can be swapped out again the same way.
"""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

logger = logging.getLogger(__name__)

_NAME = "manifest.json"


class Entry(BaseModel):
    """One index folder."""

    model_config = ConfigDict(frozen=True)

    folder: str = Field(description="Name of the folder beside the manifest")
    fingerprint: str = Field(description="Of everything that shapes what is inside")
    encoder: str = Field(description="Id of the encoder, with its version")
    model: str = Field(description="What MAGBOT_EMBEDDING_MODEL was: `bundled`, or a name or folder")
    schema_version: int
    split_version: int
    analysis_version: int
    state: Literal["building", "ready"] = "building"
    made_at: str = Field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


class Manifest(BaseModel):
    """What the file holds."""

    version: Literal[1] = 1
    store: str = Field(
        default_factory=lambda: uuid.uuid4().hex[:12], description="Tells data folders apart on a server"
    )
    made: int = Field(default=0, description="How many folders have been made; names are not used twice")
    current: str | None = Field(default=None, description="Folder that answers when no encoder is asked for by name")
    previous: str | None = Field(default=None, description="Folder that was current before; `rollback` returns to it")
    entries: tuple[Entry, ...] = ()

    def entry(self, folder: str | None) -> Entry | None:
        """The entry of a folder name."""
        return next((entry for entry in self.entries if entry.folder == folder), None)

    def best(self, fingerprint: str) -> Entry | None:
        """The newest ready entry of a fingerprint, else the first that is being made; a rebuild comes after it."""
        own = [entry for entry in self.entries if entry.fingerprint == fingerprint]
        return next((entry for entry in reversed(own) if entry.state == "ready"), own[0] if own else None)

    def with_entry(self, entry: Entry) -> Manifest:
        """The same with an entry replaced, or added at the end."""
        others = [other for other in self.entries if other.folder != entry.folder]
        return self.model_copy(update={"entries": (*others, entry)})

    def without(self, folder: str) -> Manifest:
        """The same without an entry, wherever it is named."""
        return self.model_copy(
            update={
                "entries": tuple(entry for entry in self.entries if entry.folder != folder),
                "current": None if self.current == folder else self.current,
                "previous": None if self.previous == folder else self.previous,
            }
        )

    def with_current(self, folder: str) -> Manifest:
        """The same with another folder in use; the one before is kept for the way back."""
        if self.current == folder:
            return self
        return self.model_copy(update={"current": folder, "previous": self.current})


class ManifestFile:
    """The file, read again when it has changed, and changed by one process at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._path = folder / _NAME
        self._lock = FileLock(folder / "manifest.lock")
        self._stamp: tuple[int, int, int] | None = None
        self._read = Manifest()

    def read(self) -> Manifest:
        """What the file says now; an empty manifest when there is none or it cannot be understood."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return Manifest()
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if stamp != self._stamp:
            try:
                self._read = Manifest.model_validate_json(self._path.read_bytes())
            except (ValidationError, UnicodeDecodeError):
                logger.warning("%s cannot be understood; the index is made anew.", self._path)
                self._read = Manifest()
            self._stamp = stamp
        return self._read

    def changed_at(self) -> float:
        """When the file was written, in seconds since the epoch; 0 when there is none."""
        return self._path.stat().st_mtime if self._path.exists() else 0.0

    def store(self) -> str:
        """The name of this data folder on a server."""
        with self.changing() as box:
            return box[0].store

    @contextmanager
    def changing(self) -> Iterator[list[Manifest]]:
        """Yield a list with the manifest; what the list holds at the end is written, by a rename."""
        with self._lock:
            # Every manifest that was not read from a file has a name of its own, so the first is written at once.
            before = self.read() if self._path.exists() else None
            box = [before or Manifest()]
            yield box
            if box[0] != before:
                new = self._path.with_suffix(f".{os.getpid()}.tmp")
                with new.open("w", encoding="utf-8") as file:
                    file.write(box[0].model_dump_json(indent=2))
                    file.flush()
                    os.fsync(file.fileno())
                new.replace(self._path)
