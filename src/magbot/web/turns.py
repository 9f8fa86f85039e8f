"""What the page keeps of a conversation: finished turns, and the one that is being answered."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, TypeAdapter, ValidationError

from magbot.schema import Answer, Citation, Message, Statement, Value

# A restored conversation comes back from the person's browser, so it is checked like any other input.
MAX_TURNS = 200


class Turn(Value):
    """A question and its answer."""

    question: str = Field(max_length=20_000)
    answer: Answer


class Draft(Value):
    """A question whose answer is still coming, or did not come."""

    question: str
    stage: str = "understand"
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    error: str = ""


_TURNS = TypeAdapter(list[Turn])


def history(turns: Sequence[Turn]) -> list[Message]:
    """The conversation as the assistant takes it, oldest first."""
    return [
        Message(role=role, content=content)
        for turn in turns
        for role, content in (("user", turn.question), ("assistant", turn.answer.text))
    ]


def dumped(turns: Sequence[Turn]) -> str:
    """The conversation as JSON for the person's own browser."""
    return _TURNS.dump_json(list(turns)).decode()


def restored(stored: str) -> list[Turn]:
    """The conversation that `dumped` wrote; none when it cannot be read."""
    try:
        return _TURNS.validate_json(stored)[-MAX_TURNS:]
    except ValidationError:
        return []
