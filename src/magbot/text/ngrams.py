"""Counts the pieces of words in a text, hashed to a fixed number of columns: forgiving about spelling and wording."""

from __future__ import annotations

import itertools
import math
import zlib

import numpy as np
from numpy.typing import NDArray

COLUMNS = 2**15
_SIZES = (3, 4, 5)


def _pieces(text: str) -> set[str]:
    words = text.split()
    found = {f"={word}" for word in words} | {f"={a} {b}" for a, b in itertools.pairwise(words)}
    found |= {f"={a} _ {c}" for a, c in zip(words, words[2:], strict=False)}
    for word in words:
        padded = f" {word} "
        found |= {padded[i : i + size] for size in _SIZES for i in range(len(padded) - size + 1)}
    return found


def columns(text: str) -> NDArray[np.int64]:
    """The columns that the pieces of a folded text fall into, each once, in ascending order."""
    hashed = {zlib.crc32(piece.encode()) % COLUMNS for piece in _pieces(text)}
    return np.array(sorted(hashed), dtype=np.int64)


def value(count: int) -> float:
    """What each column of a text with so many columns is worth, so that long texts weigh no more than short ones."""
    return 1.0 / math.sqrt(max(count, 1))
