"""Bytes to text: Unicode by its marks, else what charset-normalizer finds most plausible for Danish and English."""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from magbot.errors import DocumentError
from magbot.refusals import refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings in which Danish and English files really come; the detector chooses among these only.
_PLAUSIBLE = ["cp1252", "latin_1", "iso8859_15", "mac_roman", "cp850", "utf_16_le", "utf_16_be"]
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.01


def decode(data: bytes, name: str) -> str:
    """The text of a file, each line ended by a line feed. Raises DocumentError when it is not text."""
    text = _decoded(data, name)
    letters = sum(character.isalnum() for character in text[:20_000])
    if len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text) or (text.strip() and not letters):
        raise _not_text(name)
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n"))
    return unicodedata.normalize("NFC", text)


def _decoded(data: bytes, name: str) -> str:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    try:
        return data.decode(marked or "utf-8")
    except UnicodeDecodeError as error:
        if marked:
            raise _not_text(name) from error
    if b"\x00" in data and not _looks_like_utf16(data):
        raise _not_text(name)
    best = from_bytes(data, cp_isolation=_PLAUSIBLE, threshold=0.3).best()
    if best is None:
        raise _not_text(name)
    return str(best)


def _looks_like_utf16(data: bytes) -> bool:
    """UTF-16 without a mark: in our languages every other byte is zero."""
    even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
    return max(even, odd) > 0.8 * len(data[:2000]) / 2 > 5 * min(even, odd)


def _not_text(name: str) -> DocumentError:
    return refused("not-text", name=name)
