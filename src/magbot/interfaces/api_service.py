"""What the HTTP API and the page need from an assistant; `magbot.assistant.Magbot` has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal, Protocol

from pydantic import Field, StringConstraints

from magbot.added.report import AddReport, Details, OnProgress, Upload
from magbot.events import Event
from magbot.index.index import SyncReport
from magbot.retrieval.search import Found
from magbot.schema import Answer, Document, Language, Message, Metadata, Value

MAX_HISTORY = 40
MAX_MESSAGE_CHARS = 20_000

AskLanguage = Literal["auto", "da", "en"]


class Assistant(Protocol):
    """The part of `Magbot` that the interfaces call."""

    def ask(self, question: str, history: Sequence[Message] = (), language: AskLanguage = "auto") -> Answer:
        """See `Magbot.ask`."""
        ...

    def stream(self, question: str, history: Sequence[Message] = (), language: AskLanguage = "auto") -> Iterator[Event]:
        """See `Magbot.stream`."""
        ...

    def calculate(self, question: str, language: AskLanguage = "auto") -> Answer | None:
        """See `Magbot.calculate`."""
        ...

    def search(self, question: str, language: Language, limit: int = 40) -> Found:
        """See `Magbot.search`."""
        ...

    def documents(self) -> list[Metadata]:
        """See `Magbot.documents`."""
        ...

    def document(self, document_id: str, language: Language) -> Document:
        """See `Magbot.document`."""
        ...

    def health(self) -> dict[str, object]:
        """See `Magbot.health`."""
        ...


class Keeper(Assistant, Protocol):
    """The part of `Magbot` that changes the corpus."""

    def add(
        self, sources: Sequence[str | Path | Upload], details: Details | None = None, *, dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> AddReport:  # fmt: skip
        """See `Magbot.add`."""
        ...

    def remove(self, document_id: str) -> list[Metadata]:
        """See `Magbot.remove`."""
        ...

    def review(self, document_id: str, reviewed: bool = True) -> list[Metadata]:
        """See `Magbot.review`."""
        ...

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> SyncReport:
        """See `Magbot.rebuild`."""
        ...


class HistoryMessage(Value):
    """One turn of the conversation so far, bounded in length."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_MESSAGE_CHARS)


class AskRequest(Value):
    """Body of `POST /api/ask` and `POST /api/ask/stream`."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = Field(
        description="What to ask, in Danish or English", examples=["Hvor meget magnesium har man brug for om dagen?"]
    )
    history: tuple[HistoryMessage, ...] = Field(
        default=(), max_length=MAX_HISTORY, description="The conversation so far, oldest turn first"
    )
    language: AskLanguage = Field(default="auto", description="Language of the answer; `auto` follows the question")

    def messages(self) -> tuple[Message, ...]:
        """The history as the assistant takes it."""
        return tuple(Message(role=turn.role, content=turn.content) for turn in self.history)
