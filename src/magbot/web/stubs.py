"""Keeps gradio from writing type stubs whenever it is imported.

For each of its components it parses its own source and writes a stub beside it, into its installation: half of the time
that it takes to import, and more than a read-only image allows. It leaves out what has no file.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast


@contextmanager
def no_stubs() -> Iterator[None]:
    """Import gradio within; its classes seem to have no file until the end."""
    getfile = inspect.getfile

    def of_others(thing: Any) -> str:
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError("no stubs")
        return getfile(thing)

    inspect.getfile = cast(Any, of_others)
    try:
        yield
    finally:
        inspect.getfile = getfile
