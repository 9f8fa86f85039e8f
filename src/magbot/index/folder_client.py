"""The collections of one folder, in an engine of their own that stops as soon as nobody uses it any more."""

from __future__ import annotations

import threading
from pathlib import Path

from magbot.index.engine import Engine, EngineCollection
from magbot.schema import LANGUAGES, Language


class FolderClient:
    """An engine on a folder."""

    def __init__(self, folder: Path, *, create: bool = False, sync_after: int | None = None) -> None:
        """Open the collections, or create them; with `sync_after`, Chroma writes the graph after so many changes.

        That number stays with the folder, for everyone who opens it.
        """
        self._users, self._retired, self._guard = 0, False, threading.Lock()
        self._engine = Engine(folder)
        self.collections: dict[Language, EngineCollection] = {}
        for language in LANGUAGES:
            name = f"sentences-{language}"
            if create:
                self._engine.create(name)
            self.collections[language] = self._engine.collection(name)
        if sync_after is not None:
            self.sync_after(sync_after)
        for collection in self.collections.values():
            # Loads the graph and replays the log now, which may write the graph. Were the first call in a process to be
            # a write, Chroma 1.5 would replay the log a second time later on, entry by entry, at ten milliseconds each.
            collection.count()

    def sync_after(self, changes: int) -> None:
        """Whoever opens the folder next writes the graph after that many changes."""
        for collection in self.collections.values():
            collection.sync_after(changes)

    def take(self) -> bool:
        """Keep the files open until `give_back`; False if they are closed already."""
        with self._guard:
            self._users += not self._retired
            return not self._retired

    def give_back(self) -> None:
        """End of a `take`."""
        with self._guard:
            self._users -= 1
            self._close_if_done()

    def retire(self) -> None:
        """Close the files as soon as nobody uses them: a graph left to the garbage collector fills the memory.

        When nobody does, they are closed when this returns: the engine waits for its threads.
        """
        with self._guard:
            self._retired = True
            self._close_if_done()

    def _close_if_done(self) -> None:
        if self._retired and not self._users:
            self._engine.close()
