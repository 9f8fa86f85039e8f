"""What a person points at (files, folders, patterns, links, uploads) as a list of single sources to read."""

from __future__ import annotations

import errno
import glob
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import urldefrag

from magbot.added.report import Upload
from magbot.added.store import Record
from magbot.corpus.formats import SUFFIXES
from magbot.errors import MagbotError
from magbot.refusals import refused

# About a thousand pages of PDF with pictures; what is larger is no document to quote from.
MAX_FILE_BYTES = 50_000_000
_LINK_SCHEMES = ("http://", "https://")


@dataclass(frozen=True)
class Source:
    """One thing to read: an upload, a URL, a path, or something found unusable while looking."""

    name: str
    location: str | None = None
    path: Path | None = None
    data: bytes | None = None
    error: MagbotError | None = None
    record: Record | None = None
    """For an added document whose own copy is read again."""

    @property
    def is_link(self) -> bool:
        """Whether it is to be fetched."""
        return self.path is None and self.location is not None

    def read(self) -> bytes:
        """The bytes of an upload or a file. Raises DocumentError that names the source and the mend."""
        if self.error is not None:
            raise self.error
        if self.data is not None:
            _check_size(self.name, len(self.data))
            return self.data
        assert self.path is not None
        return _read_file(self.path, self.name)


@dataclass(frozen=True)
class Sources:
    """The sources, and how many files of other types stood in the folders."""

    found: tuple[Source, ...]
    left_aside: int


def find_sources(given: Sequence[str | Path | Upload]) -> Sources:
    """Look up what was given; what cannot be used becomes a source with an error, so that the rest goes on."""
    found: list[Source] = []
    left_aside = 0
    for item in given:
        if isinstance(item, Upload):
            found.append(_upload(item))
        elif str(item).lower().startswith(_LINK_SCHEMES):
            link = urldefrag(str(item).strip()).url
            found.append(Source(name=shown_name(link), location=link))
        else:
            for source in _paths(item):
                if source is None:
                    left_aside += 1
                else:
                    found.append(source)
    return Sources(tuple(found), left_aside)


def shown_name(name: str) -> str:
    """A name as it may be shown: without control and direction characters, which can make it look like another."""
    return "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c) not in {"Cc", "Cf"})


def source_at(location: str, name: str) -> Source:
    """The place that a document was added from."""
    if location.lower().startswith(_LINK_SCHEMES):
        return Source(name=name, location=location)
    return Source(name=name, location=location, path=Path(location))


def _upload(upload: Upload) -> Source:
    name = shown_name(upload.name)
    plain = PurePosixPath(name).name == name == PureWindowsPath(name).name
    error = None
    if not plain or name in {"", ".", ".."}:
        error = refused("path-in-name", name=name)
    return Source(name=name, data=upload.data, error=error)


def _paths(given: str | Path) -> Iterator[Source | None]:
    """Sources of a path or pattern; None for each file that is of another type."""
    path = Path(given).expanduser()
    try:
        yield from _at(path, str(given))
    except OSError as error:
        yield _unusable(path.name, "unreadable-path", path, reason=error.strerror or str(error))


def _at(path: Path, given: str) -> Iterator[Source | None]:
    name = shown_name(path.name or str(path))
    if "://" in given:
        yield _unusable(name, "only-web-links", given)
    elif path.is_symlink():
        yield _link(path)
    elif path.is_dir():
        yield from _folder(path)
    elif os.path.lexists(path) or not glob.has_magic(str(path)):
        yield Source(name=name, location=str(path.absolute()), path=path)
    else:
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - patterns may be absolute
        if not matches:
            yield _unusable(str(path), "no-match", path)
        for match in matches:
            if Path(match).is_file() or Path(match).is_symlink():
                yield from _paths(Path(match))


def _folder(folder: Path) -> Iterator[Source | None]:
    """The files below a folder in a stable order, without hidden ones; links are refused and never followed."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield _unusable(folder.name, "unreadable-folder", folder, reason=error.strerror or str(error))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            yield _link(entry)
        elif entry.is_dir():
            yield from _folder(entry)
        elif entry.suffix.lower() in SUFFIXES:
            yield Source(name=shown_name(entry.name), location=str(entry.absolute()), path=entry)
        else:
            yield None


def _link(path: Path) -> Source:
    return _unusable(path.name, "symbolic-link", shown_name(str(path)))


def _unusable(name: str, code: str, given: str | Path, **fields: str) -> Source:
    return Source(name=shown_name(name), error=refused(code, name=str(given), **fields))


def _read_file(path: Path, name: str) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if stat.S_ISDIR(status.st_mode) or not stat.S_ISREG(status.st_mode):
                raise refused("not-a-file", name=name)
            _check_size(name, status.st_size)
            # A file may grow while it is read.
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = "it is a link" if error.errno == errno.ELOOP else (error.strerror or str(error))
        raise refused("unreadable-file", name=name, reason=reason) from error
    _check_size(name, len(data))
    return data


def _check_size(name: str, size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise refused("too-large", name=name, size=round(size / 1e6), limit=MAX_FILE_BYTES // 1_000_000)
    if size == 0:
        raise refused("empty-file", name=name)
