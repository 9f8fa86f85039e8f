"""Reads files and folders into `Document`s."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from magbot.corpus.formats.text import read_text
from magbot.corpus.markdown import PlainText
from magbot.corpus.metadata import read_metadata
from magbot.corpus.tables import read_table
from magbot.errors import DocumentError
from magbot.schema import Document
from magbot.text.language import detect_language

SUFFIXES = frozenset({".md", ".txt", ".csv"})
_NOT_ID = re.compile(r"[^a-z0-9]+")
_FOLDED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def corpus_files(folder: Path) -> Iterator[Path]:
    """All files of a corpus folder that are documents, in a stable order.

    README.md files, hidden files and `questions/` (which holds no documents) are left out.
    """
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.suffix in SUFFIXES and path.name != "README.md" and inside.parts[0] != "questions" and not hidden:
            yield path


def load_corpus(folder: Path) -> list[Document]:
    """Read every document of a corpus folder. Raises DocumentError at the first that cannot be read."""
    if not folder.is_dir():
        raise DocumentError(
            f"There is no corpus folder at {folder}.", help="Set MAGBOT_CORPUS_DIR to the right folder."
        )
    return [document for path in corpus_files(folder) for document in load_file(path)]


def load_file(path: Path) -> list[Document]:
    """Read one file: one document, or for a table one for each language.

    Raises DocumentError that names the file when it is missing, of an unknown type, not text, or empty.
    """
    if path.suffix not in SUFFIXES:
        raise DocumentError(
            f"{path.name}: files of the type “{path.suffix}” cannot be read.",
            help=f"Readable types: {', '.join(sorted(SUFFIXES))}.",
        )
    try:
        raw = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path.name}: this is not UTF-8 text.", help="Save the file as UTF-8.") from error
    except OSError as error:
        raise DocumentError(f"{path.name}: cannot be read ({error.strerror}).") from error
    if path.suffix == ".csv":
        return read_table(path, raw)
    return [_read_text(path, raw)]


def _read_text(path: Path, raw: str) -> Document:
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    reading = read_text(raw, path.name, markdown=path.suffix == ".md")
    plain, values = reading.plain, dict(reading.values)
    if not plain.text.strip():
        raise DocumentError(f"{path.name}: the document has no text.")
    metadata = read_metadata(values | _guessed(values, path, plain), path.name)
    return Document(
        metadata=metadata,
        text=plain.text,
        source=path.name,
        headings=tuple(plain.headings),
        supports=tuple(plain.supports),
    )


def _guessed(values: Iterable[str], path: Path, plain: PlainText) -> dict[str, object]:
    """What the front matter leaves out and the file itself can tell."""
    stem = path.stem.removesuffix(".da").removesuffix(".en")
    title = plain.text[plain.headings[0].start : plain.headings[0].end] if plain.headings else stem
    guesses = {
        "id": slug(stem),
        "title": title,
        "language": detect_language(plain.text[:5000]),
    }
    return {name: value for name, value in guesses.items() if name not in values}


def slug(words: str) -> str:
    """A document id made from words: lower case with hyphens."""
    return _NOT_ID.sub("-", words.lower().translate(_FOLDED)).strip("-") or "document"
