"""Readers for the formats that people add; each turns bytes into plain text and what the file says of itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from magbot.corpus.formats.encoding import decode
from magbot.corpus.formats.reading import Reading
from magbot.corpus.formats.text import read_text
from magbot.errors import DocumentError

Reader = Callable[[bytes, str], Reading]


def _markdown(data: bytes, name: str) -> Reading:
    return read_text(decode(data, name), name, markdown=True, supports=False)


def _plain_text(data: bytes, name: str) -> Reading:
    return read_text(decode(data, name), name, markdown=False)


_READERS: dict[str, Reader] = {".md": _markdown, ".txt": _plain_text}
SUFFIXES = frozenset(_READERS)


def read_bytes(data: bytes, name: str) -> Reading:
    """Read a file by the ending of its name. Raises DocumentError that names the file and the mend."""
    suffix = PurePosixPath(name).suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        raise DocumentError(
            f"{name}: files of the type “{suffix or 'without ending'}” cannot be read.",
            help=f"Readable types: {', '.join(sorted(SUFFIXES))}.",
        )
    reading = reader(data, name)
    if not reading.plain.text.strip():
        raise DocumentError(f"{name}: the document has no text.", help="Check that it is the right file.")
    return reading
