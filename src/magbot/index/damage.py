"""Tells a torn index from one that only cannot be used right now."""

from __future__ import annotations

import re

from magbot.errors import DamageError, StoreError

# What Chroma, Tantivy and SQLite say when the fault is not in the files.
_OUTSIDE = re.compile(r"full|no space|locked|busy|read-?only|permission|denied|too many open files", re.IGNORECASE)


def trouble(what: str, error: Exception) -> StoreError:
    """The error to raise: DamageError when the files are at fault, which makes them be made anew."""
    if _OUTSIDE.search(str(error)):
        return StoreError(
            f"{what} cannot be used ({error}).",
            help="Make room on the disk, see that you may write there and that no other program holds it, then try again.",
        )
    return DamageError(f"{what} are torn ({error}).")
