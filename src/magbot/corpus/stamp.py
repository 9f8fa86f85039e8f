"""Tells whether a corpus, or the code that reads it, has changed since the index was made, without reading it as text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import magbot

_CORPUS = frozenset({".md", ".txt", ".csv", ".yaml", ".jsonl"})
_CODE = frozenset({".py", ".yaml", ".txt"})
_LEFT_OUT = frozenset({"__pycache__", "shipped_corpus"})


def corpus_stamp(folder: Path) -> str:
    """Changes whenever a document of the folder does, or a file of magbot's own that says what becomes of it.

    By content, since times of files say little: they survive some edits and change at every checkout. Parsing the
    shipped corpus takes thirty times as long.
    """
    seen = hashlib.blake2b(str(folder.is_dir()).encode(), digest_size=16)
    for root, suffixes in ((folder, _CORPUS), (Path(magbot.__file__).parent, _CODE)):
        for path in _files(root, suffixes):
            try:
                content = hashlib.blake2b(path.read_bytes()).hexdigest()
            except OSError as error:
                content = str(error)  # whoever reads the corpus says what to do about it
            seen.update(f"{path.relative_to(root).as_posix()}\x1f{content}\x1e".encode())
    return seen.hexdigest()


def _files(root: Path, suffixes: frozenset[str]) -> Iterator[Path]:
    """Files with one of the suffixes, in a stable order."""
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if path.name.startswith(".") or path.name in _LEFT_OUT:
            continue
        if path.is_dir():
            yield from _files(path, suffixes)
        elif path.suffix in suffixes:
            yield path
