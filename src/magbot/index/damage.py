"""Tells a torn index from one that only cannot be used right now."""

from __future__ import annotations

import re

from magbot.errors import DamageError, StoreError
from magbot.refusals import not_stored

# What Chroma, Tantivy and SQLite say when the fault is not in the files.
_OUTSIDE = re.compile(r"full|no space|locked|busy|read-?only|permission|denied|too many open files", re.IGNORECASE)


def trouble(what: str, error: Exception) -> StoreError:
    """The error to raise: DamageError when the files are at fault, which makes them be made anew."""
    if _OUTSIDE.search(str(error)):
        return not_stored("index-unusable", what=what, reason=str(error))
    return DamageError(f"{what} are torn ({error}).")
