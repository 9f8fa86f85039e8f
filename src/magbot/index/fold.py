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
from pathlib import Path

import numpy as np
from filelock import Timeout

from magbot.errors import MagbotError
from magbot.index.catalog import Catalog
from magbot.index.lock import WriterLock
from magbot.index.vectors import LANGUAGES
from magbot.index.vectors_embedded import EmbeddedVectors, draft_of, fold_lock

logger = logging.getLogger(__name__)

# A graph of which this share is deleted is made anew instead of copied.
_BURIED_SHARE = 0.2
_ROOM_BYTES = 50_000_000


class Folding:
    """The process that folds for this one, if there is any."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, folder: Path, lock: Path) -> None:
        """Begin, unless one is running already."""
        if self._process is not None:
            if self._process.poll() is None:
                return
            if self._process.returncode:
                logger.warning("The vectors in %s could not be folded; is the disk full? It is tried again.", folder)
        command = [sys.executable, "-m", __name__, str(folder), str(lock)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - our own


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
    with lock.held():
        # No change is under way, so all that is noted is in the log; what a dead writer left is for the next to mend.
        version, upto, buried = catalog.number("vectors"), catalog.last_change(), catalog.number("buried")
        _, _, entries = catalog.count()
        if catalog.touched():
            return False
    _check_room(root / str(version))
    fresh = buried > _BURIED_SHARE * entries
    draft = draft_of(root, version, fresh=fresh)
    try:
        if fresh:
            before = EmbeddedVectors(root, version)
            for language in LANGUAGES:
                for entry_ids, sentence_ids, vectors in before.pages(language):
                    draft.write(language, entry_ids, sentence_ids, vectors)
        draft.seal()
        draft.reload(draft.version)
        late = EmbeddedVectors(root, version) if catalog.last_change() != upto else None
        with lock.held():
            if catalog.number("vectors") == version and not catalog.touched():
                if catalog.last_change() != upto:
                    _catch_up(draft, late or EmbeddedVectors(root, version), catalog, upto)
                catalog.use_vectors(draft.version, upto=upto, buried=catalog.number("buried") - buried * fresh)
                return True
    except BaseException:
        shutil.rmtree(draft.folder, ignore_errors=True)
        raise
    shutil.rmtree(draft.folder, ignore_errors=True)
    return False


def _catch_up(draft: EmbeddedVectors, before: EmbeddedVectors, catalog: Catalog, upto: int) -> None:
    """Bring to the draft what was changed after a number."""
    changed = catalog.changes_after(upto)
    for language in LANGUAGES:
        sentences = {entry: sentence for entry, its, sentence in changed if its == language and sentence}
        vectors = before.get(language, list(sentences))
        if len(vectors) < len(sentences):
            before.reload(before.version)  # something was added after it was opened
            vectors = before.get(language, list(sentences))
        if vectors:
            draft.write(
                language, list(vectors), [sentences[entry] for entry in vectors], np.stack(list(vectors.values()))
            )
        draft.delete(language, [entry for entry, its, sentence in changed if its == language and not sentence])


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
