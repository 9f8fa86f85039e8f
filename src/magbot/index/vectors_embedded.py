"""Chroma inside this process, with its files in the index folder.

Chroma appends each change to a log in SQLite, which survives a crash, and now and then writes its HNSW graph over the
old one in place, which does not: a process killed meanwhile leaves a torn graph, and so do two processes that write at
once, readers included, since they replay the log too. So here the graph of a folder in use is never written. Changes
stay in the log; when it has grown, or much is added at once, the folder is copied, brought up to date and sealed, and
the catalog names the copy. Readers go on with the old one until they notice.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from magbot.errors import DamageError
from magbot.index.damage import trouble
from magbot.index.engine import DATABASE_FILE, Engine, EngineCollection
from magbot.index.vectors import LANGUAGES, Collection, VectorStore
from magbot.schema import Language

_SEAL = "seal.json"
_NEVER = 2**31 - 1
# How often Chroma writes its graph while a draft is filled; nobody reads a draft, so it may do so in place.
_DRAFT_SYNC = 2000
_AT_ONCE = 2  # the smallest that Chroma allows
# Written last of a graph's files; Chroma reads no graph that lacks it.
_WHOLE = "index_metadata.pickle"
# A search that began on the old folder has ended by then.
_GRACE_SECONDS = 10.0


class EmbeddedVectors(VectorStore):
    """The folder `root/<version>`."""

    def __init__(self, root: Path, version: int) -> None:
        self._root = root
        self.version = version
        self._open()

    @classmethod
    def create(cls, root: Path) -> EmbeddedVectors:
        """An empty store of version 0, in place of whatever is there."""
        shutil.rmtree(root, ignore_errors=True)
        _create(root / "0", _NEVER)
        return cls(root, 0)

    @property
    def _folder(self) -> Path:
        return self._root / str(self.version)

    def _open(self) -> None:
        if not (self._folder / DATABASE_FILE).exists():
            # Chroma would make an empty one.
            raise DamageError(f"The vectors in {self._folder} are missing.")
        _check_database(self._folder / DATABASE_FILE)
        _check_seal(self._folder)
        self._client = _Client(self._folder)

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
        self.version = version
        before = self._client
        self._open()
        before.retire()

    def _reopen(self) -> None:
        self._client.retire()
        self._open()

    def draft(self, *, fresh: bool = False) -> EmbeddedVectors:
        """See `VectorStore.draft`."""
        target = self._root / str(self.version + 1)
        shutil.rmtree(target, ignore_errors=True)
        if fresh:
            _create(target, _DRAFT_SYNC)
            return EmbeddedVectors(self._root, self.version + 1)
        target.mkdir()
        for graph in _graphs(self._folder):
            shutil.copytree(graph, target / graph.name)
        # Readers replay the log into this database at times they choose; a plain copy could be torn.
        source, copy = sqlite3.connect(self._folder / DATABASE_FILE), sqlite3.connect(target / DATABASE_FILE)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()
        draft = EmbeddedVectors(self._root, self.version + 1)
        draft._sync_after(_DRAFT_SYNC)
        draft._reopen()
        return draft

    def seal(self) -> None:
        """See `VectorStore.seal`."""
        self._sync_after(_AT_ONCE)
        self._reopen()
        self._sync_after(_NEVER)
        self._client.retire()
        # A language of one change only stays in the log, and its graph's files hold what was in memory by chance.
        # Whoever opens the folder next would write them anew, so they must not be part of what is sealed.
        for graph in _graphs(self._folder):
            if not (graph / _WHOLE).exists():
                shutil.rmtree(graph)
        files = [file for graph in _graphs(self._folder) for file in sorted(graph.iterdir())]
        for file in files:
            descriptor = os.open(file, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        _write_seal(self._folder, {str(file.relative_to(self._folder)): _seal_of(file) for file in files})

    def _sync_after(self, changes: int) -> None:
        """From the next `_open` on, Chroma writes its graph after that many changes."""
        for collection in self._client.collections.values():
            collection.sync_after(changes)

    def clean(self) -> None:
        """See `VectorStore.clean`."""
        seal = self._folder / _SEAL
        settled = seal.exists() and time.time() - seal.stat().st_mtime > _GRACE_SECONDS
        for folder in self._root.iterdir():
            if folder.name == str(self.version) or not folder.name.isdigit():
                continue
            if settled or int(folder.name) > self.version:
                shutil.rmtree(folder, ignore_errors=True)


def adopt_vectors(root: Path) -> None:
    """Take over vectors that an earlier layout had in `root` itself. Raises DamageError when they are torn."""
    plain = root.with_name(f"{root.name}.plain")
    root.rename(plain)
    root.mkdir()
    plain.rename(root / "0")
    EmbeddedVectors(root, 0).seal()


def _create(folder: Path, sync_after: int) -> None:
    folder.mkdir(parents=True)
    client = _Client(folder, sync_after)
    client.retire()


class _Client:
    """The engine on a folder, stopped as soon as nobody uses it any more."""

    def __init__(self, folder: Path, create: int | None = None) -> None:
        """Open the collections, or create them with Chroma's graph to be written after so many changes."""
        self._users, self._retired, self._guard = 0, False, threading.Lock()
        engine = Engine(folder)
        self.collections: dict[Language, EngineCollection] = {}
        for language in LANGUAGES:
            name = f"sentences-{language}"
            if create is not None:
                engine.create(name, create)
            collection = engine.collection(name)
            # Loads the graph and replays the log now. Were the first call in a process to be a write, Chroma 1.5
            # would replay the log a second time later on, entry by entry, at ten milliseconds each.
            collection.count()
            self.collections[language] = collection

    def take(self) -> bool:
        """Keep the files open until `give_back`; False if they are closed already."""
        with self._guard:
            self._users += not self._retired
            return not self._retired

    def give_back(self) -> None:
        """End of a `take`."""
        with self._guard:
            self._users -= 1
        self._stop_if_done()

    def retire(self) -> None:
        """Let go of the files as soon as nobody uses them: a graph left to the garbage collector fills the memory."""
        with self._guard:
            self._retired = True
        self._stop_if_done()

    def _stop_if_done(self) -> None:
        with self._guard:
            if self._retired and not self._users:
                self.collections.clear()  # the last references to the engine


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


def _graphs(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


def _seal_of(file: Path) -> list[int]:
    status = file.stat()
    return [status.st_size, status.st_mtime_ns, zlib.crc32(file.read_bytes())]


def _write_seal(folder: Path, seal: dict[str, list[int]]) -> None:
    new = folder / f"{_SEAL}.{os.getpid()}.tmp"
    new.write_text(json.dumps(seal), "utf-8")
    new.replace(folder / _SEAL)


def _check_seal(folder: Path) -> None:
    """Raise DamageError when a sealed graph is not as it was written; Chroma loads it without checking."""
    if not (folder / _SEAL).exists():
        return
    seal = json.loads((folder / _SEAL).read_text("utf-8"))
    for name, (size, modified, checksum) in seal.items():
        file = folder / name
        if not file.exists() or file.stat().st_size != size:
            raise DamageError(f"{file} is missing or has another length than it was written with.")
        # Reading it all takes time, so only a file that was touched is.
        if file.stat().st_mtime_ns != modified and zlib.crc32(file.read_bytes()) != checksum:
            raise DamageError(f"{file} has other content than it was written with.")
