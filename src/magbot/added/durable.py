"""Files that are there wholly or not at all, also when the power goes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# Files under construction; whoever holds the lock may delete what a dead process left.
UNFINISHED = ".unfinished-"


def write_durably(path: Path, data: bytes) -> None:
    """Write beside the file, flush to disk, then rename over it. Raises OSError; nothing is left behind."""
    descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and deletions in a folder last. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
