"""Keeps the memory of a service level: how many heaps the C library makes for its threads."""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
_HEAPS = 2


def share_heaps() -> None:
    """Let all threads share two heaps, before there are any.

    glibc gives each thread that finds the others busy a heap of its own, up to eight a core, and none is ever given
    back. Answers come from dozens of threads and each change of the index starts new ones, so that a service would grow
    by hundreds of megabytes that nobody uses. Elsewhere than with glibc nothing is done.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_ARENA_MAX, _HEAPS)
