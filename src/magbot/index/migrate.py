"""Takes over an index that an earlier version of magbot made, where that is quicker than making it anew."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from pathlib import Path

from magbot.errors import DamageError
from magbot.index.vectors_embedded import adopt_vectors

logger = logging.getLogger(__name__)


def adopt_old_layout(old: Path, new: Path) -> bool:
    """Schema 1 → 2: the vectors get a folder a version, and a graph that is not written in place.

    Returns False, and leaves nothing behind, when there is no such index or it is not sound.
    """
    if not (old / "catalog.sqlite").exists():
        return False
    working = new.with_name(f"{new.name}.moving")
    shutil.rmtree(working, ignore_errors=True)
    shutil.copytree(old, working)
    try:
        connection = sqlite3.connect(working / "catalog.sqlite", isolation_level=None)
        connection.execute("DELETE FROM meta WHERE name NOT IN ('generation')")
        connection.execute("PRAGMA user_version=2")
        connection.close()
        adopt_vectors(working / "vectors")
    except (DamageError, sqlite3.DatabaseError) as error:
        logger.warning("The index of an earlier version cannot be taken over (%s); it is made anew.", error)
        shutil.rmtree(working)
        return False
    working.rename(new)
    shutil.rmtree(old, ignore_errors=True)
    logger.info("The index of an earlier version was taken over.")
    return True
