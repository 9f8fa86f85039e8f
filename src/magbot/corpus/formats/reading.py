"""What a reader of a format hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from magbot.corpus.markdown import PlainText

# Code and fields of a text in `magbot.refusals`.
Remark = tuple[str, dict[str, str | int]]


@dataclass(frozen=True)
class Reading:
    """The plain text of a file and what the file itself says of it."""

    plain: PlainText
    values: Mapping[str, object] = field(default_factory=dict)
    """Metadata that it states, by the names of `Metadata`."""
    hints: Mapping[str, object] = field(default_factory=dict)
    """The same where it is often wrong, such as a PDF's author: no better than a guess."""
    pages: tuple[int, ...] = ()
    """Offset at which each page begins, for formats that have pages."""
    remark: Remark | None = None
    """What a person should know about the reading, for example that pages held no text."""
