"""A conversation as the page knows it. The browser keeps it; the server holds none of it between two questions."""

from __future__ import annotations

from pydantic import Field, TypeAdapter, ValidationError

from magbot.interfaces.api_ask import MAX_HISTORY, HistoryMessage
from magbot.schema import Answer, Citation, Notice, Statement, Value

# What comes back from a person's browser is checked like any other input.
MAX_TURNS = 200


class Turn(Value):
    """A question and its answer."""

    question: str = Field(max_length=20_000)
    answer: Answer


class Draft(Value):
    """A question whose answer is still coming, or did not come."""

    question: str
    stage: str = "understand"
    searched_for: str = ""
    notices: tuple[Notice, ...] = ()
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    error: str = ""


class Asked(Value):
    """What the browser sends with a question: its number in the conversation, and what was said before."""

    question: str = ""
    turn: int = Field(default=1, ge=1, le=10_000)
    history: tuple[HistoryMessage, ...] = Field(default=(), max_length=MAX_HISTORY)


_TURNS = TypeAdapter(list[Turn])


def asked(from_browser: str) -> Asked:
    """What the page's script wrote; without history when that cannot be read, for the question comes first."""
    try:
        return Asked.model_validate_json(from_browser)
    except ValidationError:
        return Asked()


def restored(stored: str) -> list[Turn]:
    """The conversation that the browser kept; none when it cannot be read."""
    try:
        return _TURNS.validate_json(stored)[-MAX_TURNS:]
    except ValidationError:
        return []
