"""Chroma inside this process, with its files in the index folder.

Chroma appends each change to a log in SQLite, which survives a crash, and now and then writes its HNSW graph over the
old one in place, which does not: a process killed meanwhile leaves a torn graph, and so do two processes that write at
once, readers included, since they replay the log too. So here the graph of a folder in use is never written. Changes
stay in the log; when it has grown (`fold.py`), or much is added at once, the folder is copied, brought up to date and
sealed, and the catalog names the copy. Readers go on with the old one until they notice.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from magbot.errors import DamageError, StoreError
from magbot.index.damage import trouble
from magbot.index.engine import DATABASE_FILE
from magbot.index.folder_client import FolderClient
from magbot.index.seal import check_seal, graphs, stamps, write_seal
from magbot.index.vectors import Collection, VectorStore
from magbot.schema import Language

_NEVER = 2**31 - 1
# How often Chroma writes its graph while a draft is filled; nobody reads a draft, so it may do so in place.
_DRAFT_SYNC = 2000
_AT_ONCE = 2  # the smallest that Chroma allows
# A search that began on the old folder has ended by then.
_GRACE_SECONDS = 10.0


class EmbeddedVectors(VectorStore):
    """The folder `root/<version>`."""

    keeps_log = True

    def __init__(self, root: Path, version: int, *, sync_after: int | None = None) -> None:
        self._root = root
        self.version = version
        self._open(sync_after)

    @classmethod
    def create(cls, root: Path) -> EmbeddedVectors:
        """An empty store of version 0, in place of whatever is there."""
        shutil.rmtree(root, ignore_errors=True)
        (root / "0").mkdir(parents=True)
        FolderClient(root / "0", create=True, sync_after=_NEVER).retire()
        return cls(root, 0)

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._root / str(self.version)

    def _open(self, sync_after: int | None = None) -> None:
        if not (self.folder / DATABASE_FILE).exists():
            # Chroma would make an empty one.
            raise DamageError(f"The vectors in {self.folder} are missing.")
        _check_database(self.folder / DATABASE_FILE)
        check_seal(self.folder)
        self._client = FolderClient(self.folder, sync_after=sync_after)

    @contextmanager
    def collection(self, language: Language) -> Iterator[Collection]:
        """See `VectorStore.collection`."""
        client = self._client
        while not client.take():
            client = self._client  # another thread has just put a new one in its place
        try:
            yield client.collections[language]
        finally:
            client.give_back()

    def reload(self, version: int) -> None:
        """See `VectorStore.reload`."""
        before, known = self._client, self.version
        self.version = version
        try:
            self._open()
        except StoreError:
            self.version = known
            raise
        before.retire()

    def draft(self, *, fresh: bool = False) -> EmbeddedVectors:
        """See `VectorStore.draft`."""
        return draft_of(self._root, self.version, fresh=fresh)

    def seal(self) -> None:
        """See `VectorStore.seal`."""
        self._client.retire()
        client = FolderClient(self.folder, sync_after=_AT_ONCE)
        client.sync_after(_NEVER)
        client.retire()
        # Chroma does not read the graph of a language that is empty, or whose only change is in the log since a graph
        # is written after two at the earliest: whoever opens the folder begins its files anew. So they are no part of
        # what is sealed; what it takes to make them is in the log.
        written = stamps(self.folder)
        FolderClient(self.folder).retire()
        for file, stamp in stamps(self.folder).items():
            if stamp != written.get(file):
                shutil.rmtree(file.parent, ignore_errors=True)
        write_seal(self.folder)

    def clean(self, used_since: float) -> None:
        """See `VectorStore.clean`."""
        try:
            with fold_lock(self._root).acquire(timeout=0):
                settled = time.time() - used_since > _GRACE_SECONDS
                for number in _versions(self._root):
                    if number > self.version or (number < self.version and settled):
                        shutil.rmtree(self._root / str(number), ignore_errors=True)
        except Timeout:
            return  # some of them are being read from and written to


def fold_lock(root: Path) -> FileLock:
    """Held by whoever reads versions and makes drafts without holding the lock of writers."""
    return FileLock(root / "fold.lock")


def draft_of(root: Path, version: int, *, fresh: bool = False) -> EmbeddedVectors:
    """A draft that begins with what is in a version, which need not be open, or empty."""
    source = root / str(version)
    number = _new_version(root)
    target = root / str(number)
    if fresh:
        FolderClient(target, create=True, sync_after=_DRAFT_SYNC).retire()
        return EmbeddedVectors(root, number)
    for graph in graphs(source):
        shutil.copytree(graph, target / graph.name)
    # Readers replay the log into this database at times they choose; a plain copy could be torn.
    before, after = sqlite3.connect(source / DATABASE_FILE), sqlite3.connect(target / DATABASE_FILE)
    try:
        before.backup(after)
    finally:
        after.close()
        before.close()
    return EmbeddedVectors(root, number, sync_after=_DRAFT_SYNC)


def _versions(root: Path) -> list[int]:
    return [int(folder.name) for folder in root.iterdir() if folder.name.isdigit()]


def _new_version(root: Path) -> int:
    """Make the folder of a version that nobody has, and nobody else takes."""
    number = 1 + max(_versions(root))
    try:
        (root / str(number)).mkdir()
    except FileExistsError:
        return _new_version(root)
    return number


def _check_database(path: Path) -> None:
    """Raise DamageError when the file is torn; Chroma would only notice at some later question."""
    # Not read-only: what a killed writer left half-done is rolled back here.
    connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=30)
    try:
        (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise trouble(f"The vectors in {path}", error) from error
    finally:
        connection.close()
    if result != "ok":
        raise DamageError(f"{path} is torn: {result}")
