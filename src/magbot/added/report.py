"""What goes into and comes out of adding documents: uploads, details, progress and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field, computed_field

from magbot.refusals import text_of
from magbot.schema import Kind, Language, Metadata, Value


class Status(StrEnum):
    """What became of one source."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True)
class Upload:
    """A file that comes without a path of its own, from a browser or over HTTP."""

    name: str
    data: bytes


class Details(Value):
    """Metadata that a person gives; it wins over what the file says and over what is guessed."""

    title: str | None = Field(default=None, min_length=1)
    authors: tuple[str, ...] | None = None
    year: int | None = Field(default=None, ge=1800, le=2100)
    kind: Kind | None = None
    language: Language | None = None
    url: str | None = None

    def given(self) -> dict[str, object]:
        """The fields that were given."""
        return self.model_dump(exclude_none=True)


@dataclass(frozen=True)
class AddProgress:
    """How far adding is: whole sources, and texts encoded of the one at hand."""

    name: str
    done: int
    total: int
    texts_done: int = 0
    texts_total: int = 0


OnProgress = Callable[[AddProgress], None]


class AddItem(Value):
    """What became of one source. `document_id` is there unless it was refused before it had one."""

    source: str = Field(description="Name or URL that it came under")
    status: Status
    document_id: str | None = None
    language: Language | None = None
    metadata: Metadata | None = None
    guessed: tuple[str, ...] = Field(default=(), description="Fields of `metadata` that magbot guessed")
    message: str = Field(default="", description="Why it was refused, or what it duplicates")
    help: str = Field(default="", description="What to do about it")
    code: str = Field(
        default="", description="The same for a program, such as `empty-file`; what it says is in `fields`"
    )
    fields: dict[str, str | int] = Field(default_factory=dict)
    try_again: bool = Field(default=False, description="True when not the source but the store is at fault")

    def in_language(self, language: Language) -> AddItem:
        """The same with `message` and `help` in a language; without a code they are in English."""
        if not self.code:
            return self
        message, mend = text_of(self.code, self.fields, language)
        return self.model_copy(update={"message": message, "help": mend})


class AddReport(Value):
    """What became of each source, in the order in which they were given."""

    items: tuple[AddItem, ...] = ()
    left_aside: int = Field(default=0, description="Files of other types that stood in the folders")
    dry_run: bool = Field(default=False, description="True when nothing was changed")

    def in_language(self, language: Language) -> AddReport:
        """The same with all that is said to a person in a language."""
        return self.model_copy(update={"items": tuple(item.in_language(language) for item in self.items)})

    @computed_field  # type: ignore[prop-decorator]
    @property
    def failed(self) -> bool:
        """Whether any source was refused."""
        return any(item.status is Status.REFUSED for item in self.items)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def counts(self) -> dict[Status, int]:
        """How many sources came to what, in the order of `Status`; what did not happen is left out."""
        counted = Counter(item.status for item in self.items)
        return {status: counted[status] for status in Status if counted[status]}
