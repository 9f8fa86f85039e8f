"""The seal of a folder of vectors: length and checksum of each file of its graphs, which nobody writes to any more."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path

from magbot.errors import DamageError

_NAME = "seal.json"


def graphs(folder: Path) -> list[Path]:
    """The folders of the graphs."""
    return sorted(path for path in folder.iterdir() if path.is_dir())


def stamps(folder: Path) -> dict[Path, tuple[int, int]]:
    """Length and time of each file of the graphs; another when it was written to."""
    files = {file: file.stat() for graph in graphs(folder) for file in sorted(graph.iterdir())}
    return {file: (status.st_size, status.st_mtime_ns) for file, status in files.items()}


def write_seal(folder: Path) -> None:
    """Flush the graphs to the disk and note what they hold. No client may have the folder open."""
    seal = {}
    for file, (size, modified) in stamps(folder).items():
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        seal[str(file.relative_to(folder))] = [size, modified, _checksum(file)]
    new = folder / f"{_NAME}.{os.getpid()}.tmp"
    new.write_text(json.dumps(seal), "utf-8")
    new.replace(folder / _NAME)


def check_seal(folder: Path) -> None:
    """Raise DamageError when a sealed graph is not as it was written; Chroma loads it without checking."""
    if not (folder / _NAME).exists():
        return
    seal = json.loads((folder / _NAME).read_text("utf-8"))
    for name, (size, modified, checksum) in seal.items():
        file = folder / name
        if not file.exists() or file.stat().st_size != size:
            raise DamageError(f"{file} is missing or has another length than it was written with.")
        # Reading it all takes time, so only a file that was touched is.
        if file.stat().st_mtime_ns != modified and _checksum(file) != checksum:
            raise DamageError(f"{file} has other content than it was written with.")


def _checksum(file: Path) -> int:
    return zlib.crc32(file.read_bytes())
