"""Chroma's engine on a folder, in this process.

`chromadb.PersistentClient` is this engine behind a client that takes half a second to import and checks every value
once more; its files are the same, and either opens what the other wrote.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chromadb_rust_bindings import Bindings, MigrationHash, MigrationMode, SqliteDBConfig

from magbot.encoder.base import Vectors
from magbot.errors import StoreError
from magbot.index.damage import trouble

DATABASE_FILE = "chroma.sqlite3"
# The names of Chroma's own defaults.
_PLACE = ("default_tenant", "default_database")
# How many graphs are kept open. The engine shares that number out among 64 shards of a cache, so with fewer than 128 two
# graphs may fall into one shard and drive each other out; what it reads from the disk again lacks what is in the log.
_GRAPHS = 1024


class Engine:
    """The engine on one folder, until it is closed."""

    def __init__(self, folder: Path) -> None:
        """Open the folder; an empty one becomes an empty store."""
        self._folder = folder
        database = SqliteDBConfig(
            url=str(folder / DATABASE_FILE), hash_type=MigrationHash.MD5, migration_mode=MigrationMode.Apply
        )
        try:
            self._bindings: Bindings | None = Bindings(
                allow_reset=False, sqlite_db_config=database, persist_path=str(folder), hnsw_cache_size=_GRAPHS
            )
        except Exception as error:  # see `call`
            raise self._trouble(error) from error

    def close(self) -> None:
        """Close the files; nothing can be called afterwards."""
        self._bindings = None

    def create(self, name: str) -> None:
        """Make an empty collection."""
        settings = json.dumps({"hnsw": {"space": "cosine"}, "spann": None, "embedding_function": {"type": "legacy"}})
        self.call("create_collection", name, settings, None, None, False, *_PLACE)

    def collection(self, name: str) -> EngineCollection:
        """A collection that is there."""
        return EngineCollection(self, str(self.call("get_collection", name, *_PLACE).id))

    def call(self, method: str, *arguments: object) -> Any:
        """Call the engine. Raises DamageError when its files are at fault, else StoreError."""
        try:
            return getattr(self._bindings, method)(*arguments)
        except Exception as error:  # the engine raises classes of the client, which is not imported for their sake
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> StoreError:
        return trouble(f"The vectors in {self._folder}", error)


class EngineCollection:
    """See `magbot.index.vectors.Collection`."""

    def __init__(self, engine: Engine, collection_id: str) -> None:
        self._engine, self._id = engine, collection_id

    def upsert(self, ids: list[str], embeddings: Vectors, metadatas: list[dict[str, str]]) -> None:
        self._engine.call("upsert", self._id, ids, list(embeddings), metadatas, None, None, *_PLACE)

    def delete(self, ids: list[str]) -> None:
        self._engine.call("delete", self._id, ids, None, None, None, *_PLACE)

    def get(self, ids: list[str] | None = None, include: Sequence[str] = ()) -> dict[str, Any]:
        found = self._engine.call("get", self._id, ids, None, None, 0, None, list(include), *_PLACE)
        return {"ids": found.ids, "embeddings": found.embeddings}

    def query(self, query_embeddings: Vectors, n_results: int, include: Sequence[str]) -> dict[str, Any]:
        found = self._engine.call(
            "query", self._id, None, list(query_embeddings), n_results, None, None, list(include), *_PLACE
        )
        return {"ids": found.ids, "distances": found.distances}

    def count(self) -> int:
        return int(self._engine.call("count", self._id, *_PLACE))

    def sync_after(self, changes: int) -> None:
        """From the next start of the engine on, the graph is written after so many changes."""
        settings = json.dumps({"hnsw": {"sync_threshold": changes}, "spann": None, "embedding_function": None})
        self._engine.call("update_collection", self._id, None, None, settings)
