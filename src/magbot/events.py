"""What a streamed answer consists of, in order: stages, statements, and the whole answer last."""

from __future__ import annotations

from typing import Literal

from magbot.schema import Answer, Citation, Statement, Value


class StageEvent(Value):
    """A stage begins. When "answer" begins a second time, the statements shown since the first are taken back."""

    type: Literal["stage"] = "stage"
    stage: str


class StatementEvent(Value):
    """A statement has been verified."""

    type: Literal["statement"] = "statement"
    statement: Statement
    citations: tuple[Citation, ...]


class AnswerEvent(Value):
    """The whole answer; always the last event."""

    type: Literal["answer"] = "answer"
    answer: Answer


Event = StageEvent | StatementEvent | AnswerEvent
