"""What a reader of a format hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from magbot.corpus.markdown import PlainText


@dataclass(frozen=True)
class Reading:
    """The plain text of a file and the metadata that the file itself states, by the names of `Metadata`."""

    plain: PlainText
    values: Mapping[str, object] = field(default_factory=dict)
