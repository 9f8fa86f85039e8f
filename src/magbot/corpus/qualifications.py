"""Curated qualifications: what stands against a statement of the corpus, from corpus/qualifications.yaml."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from magbot.errors import DocumentError
from magbot.schema import Language
from magbot.yaml_files import parse_yaml


class Reference(BaseModel):
    """A sentence by document id and exact quote, in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    quote: dict[Language, str]


class Qualification(BaseModel):
    """A statement, the sentences that qualify it, and the point in one or two sentences."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    statement: Reference
    qualified_by: tuple[Reference, ...]
    summary: dict[Language, str]


def load_qualifications(path: Path) -> tuple[Qualification, ...]:
    """Read the file; an absent file holds none. Raises DocumentError that names the entry and the field."""
    if not path.exists():
        return ()
    raw = parse_yaml(path.read_text(encoding="utf-8")) or []
    entries = []
    for number, entry in enumerate(raw, 1):
        try:
            entries.append(Qualification.model_validate(entry))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise DocumentError(f"{path.name}: entry {number}, “{field}”: {first['msg']}.") from error
    return tuple(entries)
