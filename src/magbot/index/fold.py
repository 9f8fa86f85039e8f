"""Takes the log of the vectors into their graph, in a process of its own, while questions and changes go on.

A change that fills the log starts `python -m magbot.index.fold` and does not wait for it. The process copies the
version in use, writes the graph of the copy, adds to the copy's log what was changed meanwhile, and has the catalog
name it. It holds the lock of writers only for the last of these, which takes a moment. Killed anywhere before the
catalog names the copy, it leaves a folder that the next change removes.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from filelock import Timeout

from magbot.encoder.base import Vectors
from magbot.errors import MagbotError
from magbot.index.catalog import Catalog
from magbot.index.lock import WriterLock
from magbot.index.vectors import BATCH
from magbot.index.vectors_embedded import EmbeddedVectors, draft_of, fold_lock
from magbot.schema import LANGUAGES, Language

logger = logging.getLogger(__name__)

# A graph of which this share is deleted is made anew instead of copied.
_BURIED_SHARE = 0.2
_ROOM_BYTES = 50_000_000
_PATIENCE_SECONDS = 60.0
_LITTLE = 50
_PAUSE_SECONDS = 0.02


class Folding:
    """The process that folds for this one, if there is any."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, folder: Path, lock: Path) -> None:
        """Begin, unless one is running already."""
        if self._process is not None:
            if self._process.poll() is None:
                return
            _, said = self._process.communicate()
            if self._process.returncode:
                reason = (said.decode(errors="replace").strip().splitlines() or ["it was killed"])[-1]
                logger.warning("The vectors in %s could not be folded (%s). It is tried again.", folder, reason)
        command = [sys.executable, "-m", __name__, str(folder), str(lock)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE)  # noqa: S603 - our own

    def give_way(self) -> None:
        """Called after each change: leave a moment in which the other process gets the lock of writers."""
        if self._process is not None and self._process.poll() is None:
            time.sleep(_PAUSE_SECONDS)

    def wait(self) -> None:
        """Wait until it has ended, before its folder is removed."""
        if self._process is not None:
            self._process.wait()


def fold(folder: Path, lock: WriterLock) -> bool:
    """Fold the vectors of an index folder; False when something else came first, which is no harm.

    Raises OSError, sqlite3.Error or StoreError when it cannot be done now.
    """
    root = folder / "vectors"
    try:
        with fold_lock(root).acquire(timeout=0):
            return _fold(root, Catalog(folder / "catalog.sqlite"), lock)
    except Timeout:
        return False


def _fold(root: Path, catalog: Catalog, lock: WriterLock) -> bool:
    upto = _all_done(catalog)
    if upto is None:
        return False
    version, buried, entries = catalog.number("vectors"), catalog.number("buried"), catalog.entries()
    _check_room(root / str(version))
    fresh = buried > _BURIED_SHARE * len(entries)
    draft = draft_of(root, version, fresh=fresh)
    try:
        if fresh:
            _copy(EmbeddedVectors(root, version), draft, entries)
        draft.seal()
        draft.reload(draft.version)
        caught_up = upto
        # What came meanwhile is brought over first, so that little is left to be done while writers wait.
        while (now := catalog.last_logged()) is not None and now > caught_up + _LITTLE:
            _catch_up(draft, catalog, caught_up)
            caught_up = now
        with lock.held(briefly=True):
            if catalog.number("vectors") == version and catalog.last_logged() is not None:
                _catch_up(draft, catalog, caught_up)
                catalog.use_vectors(draft.version, upto=upto, buried=catalog.number("buried") - buried * fresh)
                return True
    except BaseException:
        shutil.rmtree(draft.folder, ignore_errors=True)
        raise
    shutil.rmtree(draft.folder, ignore_errors=True)
    return False


def _all_done(catalog: Catalog) -> int | None:
    """The number of the newest entry of the log at a moment when all up to it are in the log.

    None when there is no such moment: then a writer has died, and the next has to mend what it left.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (upto := catalog.last_logged()) is None and time.monotonic() < deadline:
        time.sleep(0.002)
    return upto


def _copy(before: EmbeddedVectors, draft: EmbeddedVectors, entries: Mapping[str, tuple[str, Language]]) -> None:
    """Write to an empty draft what was there when the old version was opened."""
    for language in LANGUAGES:
        own = [entry for entry, (_, its) in entries.items() if its == language]
        for first in range(0, len(own), BATCH):
            vectors = before.get(language, own[first : first + BATCH])
            _write(draft, language, vectors, {entry: entries[entry][0] for entry in vectors})


def _catch_up(draft: EmbeddedVectors, catalog: Catalog, upto: int) -> None:
    """Bring to the draft what was logged after a number; what is there and was only to be deleted is in it."""
    later = catalog.logged_after(upto)
    for language in LANGUAGES:
        own = [(entry, vector, sentence) for entry, its, vector, sentence in later if its == language]
        added = {entry: np.frombuffer(vector, np.float32) for entry, vector, sentence in own if vector and sentence}
        _write(draft, language, added, {entry: sentence for entry, _, sentence in own if sentence})
        draft.delete(language, [entry for entry, _, sentence in own if not sentence])


def _write(
    draft: EmbeddedVectors, language: Language, vectors: Mapping[str, Vectors], sentences: Mapping[str, str]
) -> None:
    if vectors:
        draft.write(language, list(vectors), [sentences[entry] for entry in vectors], np.stack(list(vectors.values())))


def _check_room(folder: Path) -> None:
    """Chroma waits for ever when the disk is full, so it must not come to that."""
    needed = _ROOM_BYTES + 2 * sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if shutil.disk_usage(folder).free < needed:
        raise OSError(f"{folder} cannot be copied: {needed / 1e6:.0f} MB are needed")


def main() -> None:
    """Fold the folder that the first argument names; the second is the file of the lock of writers."""
    if hasattr(os, "nice"):
        os.nice(5)
    try:
        fold(Path(sys.argv[1]), WriterLock(Path(sys.argv[2])))
    except (OSError, sqlite3.Error, MagbotError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
