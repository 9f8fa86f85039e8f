"""Checks on what .docx, .xlsx and .pdf files hold packed, before a library unpacks it into memory."""

from __future__ import annotations

import io
import re
import zlib
from zipfile import BadZipFile, ZipFile

from magbot.errors import DocumentError
from magbot.refusals import refused

# Office files unpack to some ten times their size; a bomb to a thousand times.
MAX_UNPACKED_BYTES = 200_000_000
_MAX_MEMBERS = 10_000
_CHUNK = 1 << 20
# Where a stream of a PDF begins that zlib has packed.
_STREAM = re.compile(rb"stream\r?\n(?=x[\x01\x5e\x9c\xda])")
# Old Office files, and new ones with a password, are in this format.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def check_archive(data: bytes, name: str, needed: str) -> None:
    """See that an archive is whole, holds `needed`, and is no bomb by what it says or by what it really unpacks to.

    Raises DocumentError that names the file and the mend.
    """
    if data.startswith(_OLE):
        raise refused("locked-office", name=name)
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
                raise _bomb(name)
            if needed not in archive.namelist():
                raise refused("other-archive", name=name, part=needed)
            unpacked = 0
            for member in members:
                with archive.open(member) as file:
                    while chunk := file.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > MAX_UNPACKED_BYTES:
                            raise _bomb(name)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise refused("damaged", name=name, reason=str(error)) from error


def check_streams(data: bytes, name: str) -> None:
    """See that the packed streams of a PDF do not unpack to a bomb; pdfminer would unpack them without a limit.

    Raises DocumentError that names the file and the mend.
    """
    unpacked = 0
    for start in (match.end() for match in _STREAM.finditer(data)):
        unpacker = zlib.decompressobj()
        packed = data[start : start + _CHUNK]
        while packed and not unpacker.eof:
            try:
                unpacked += len(unpacker.decompress(packed, _CHUNK))
            except zlib.error:
                # Not packed this way, or damaged: for the reader to tell.
                break
            if unpacked > MAX_UNPACKED_BYTES:
                raise _bomb(name)
            packed = unpacker.unconsumed_tail
            if len(packed) < _CHUNK:
                start += _CHUNK
                packed += data[start : start + _CHUNK]


def _bomb(name: str) -> DocumentError:
    return refused("bomb", name=name, limit=MAX_UNPACKED_BYTES // 1_000_000)
