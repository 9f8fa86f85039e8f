"""What a question over HTTP looks like."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from magbot.assistant import RequestedLanguage
from magbot.schema import Message, Value

MAX_HISTORY = 40
MAX_MESSAGE_CHARS = 20_000


class HistoryMessage(Message):
    """One turn of the conversation so far, bounded in length."""

    content: str = Field(max_length=MAX_MESSAGE_CHARS)


class AskRequest(Value):
    """Body of `POST /api/ask` and `POST /api/ask/stream`."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = Field(
        description="What to ask, in Danish or English", examples=["Hvor meget magnesium har man brug for om dagen?"]
    )
    history: tuple[HistoryMessage, ...] = Field(
        default=(), max_length=MAX_HISTORY, description="The conversation so far, oldest turn first"
    )
    language: RequestedLanguage = Field(
        default="auto", description="Language of the answer; `auto` follows the question"
    )
