"""Readers for the formats that people add; each turns bytes into plain text and what the file says of itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePosixPath

from magbot.corpus.formats.encoding import decode
from magbot.corpus.formats.reading import Reading
from magbot.corpus.formats.text import read_text
from magbot.errors import MagbotError
from magbot.refusals import refused

logger = logging.getLogger(__name__)

Reader = Callable[[bytes, str], Reading]


def _markdown(data: bytes, name: str) -> Reading:
    return read_text(decode(data, name), name, markdown=True, supports=False)


def _plain_text(data: bytes, name: str) -> Reading:
    return read_text(decode(data, name), name, markdown=False)


def _late(module: str, function: str) -> Reader:
    """A reader whose library is loaded at its first file: answering questions needs none of them."""

    def read(data: bytes, name: str) -> Reading:
        reader: Reader = getattr(import_module(f"magbot.corpus.formats.{module}"), function)
        return reader(data, name)

    return read


_READERS: dict[str, Reader] = {
    ".md": _markdown,
    ".txt": _plain_text,
    ".csv": _late("table", "read_csv"),
    ".xlsx": _late("table", "read_xlsx"),
    ".docx": _late("docx", "read_docx"),
    ".html": _late("html", "read_html"),
    ".htm": _late("html", "read_html"),
    ".pdf": _late("pdf", "read_pdf"),
}
SUFFIXES = frozenset(_READERS)
# More than the longest handbook; what is larger is data and no document.
MAX_TEXT_CHARS = 5_000_000


def read_bytes(data: bytes, name: str, suffix: str | None = None) -> Reading:
    """Read a file by the ending of its name, or another one. Raises DocumentError that names the file and the mend."""
    suffix = PurePosixPath(name).suffix.lower() if suffix is None else suffix
    reader = _READERS.get(suffix)
    if reader is None:
        types = ", ".join(sorted(SUFFIXES))
        raise refused("unknown-type" if suffix else "no-ending", name=name, kind=suffix, types=types)
    try:
        reading = reader(data, name)
    except MagbotError:
        raise
    except MemoryError as error:
        raise refused("reads-too-much", name=name) from error
    except Exception as error:
        # The libraries know their own errors, not all that a hostile file makes them run into.
        logger.warning("Reading %s failed in its library.", name, exc_info=error)
        raise refused("damaged-or-odd", name=name, reason=type(error).__name__) from error
    text = reading.plain.text
    if not any(character.isalnum() for character in text):
        raise refused("no-text", name=name)
    if len(text) > MAX_TEXT_CHARS:
        raise refused("too-long", name=name, size=len(text), limit=MAX_TEXT_CHARS)
    return reading
