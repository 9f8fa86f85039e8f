"""Metadata of a document from its front matter, with errors that name the field and the mend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from magbot.refusals import refused
from magbot.schema import Kind, Metadata

# Keys that Metadata has under the same name; anything else in front matter is a mistake worth reporting.
FIELDS = frozenset(Metadata.model_fields)


def read_metadata(values: Mapping[str, Any], source: str) -> Metadata:
    """Check front matter; `source` is the file's name for the message. Raises DocumentError."""
    unknown = sorted(set(values) - FIELDS)
    if unknown:
        raise refused("unknown-field", name=source, field=unknown[0], known=", ".join(sorted(FIELDS)))
    cleaned = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    for name in ("authors", "topics"):
        if isinstance(cleaned.get(name), str):
            cleaned[name] = [part.strip() for part in cleaned[name].split(",")]
    try:
        return Metadata.model_validate(cleaned)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        allowed = f" Allowed: {', '.join(Kind)}." if field == "kind" else ""
        raise refused("unusable-field", name=source, field=field, reason=f"{first['msg']}.{allowed}") from error
