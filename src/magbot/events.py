"""What a streamed answer consists of, in order: stages, notices, statements, and the whole answer last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from magbot.schema import Answer, Citation, Notice, Statement, Value


class StageEvent(Value):
    """A stage begins. When "answer" begins a second time, the statements shown since the first are taken back."""

    type: Literal["stage"] = "stage"
    stage: str
    searched_for: str = Field(default="", description="With `retrieve`: the question as it is searched for")


class NoticeEvent(Value):
    """What this person should know, before the answer is there; the answer has the same notices with citations."""

    type: Literal["notice"] = "notice"
    notices: tuple[Notice, ...]


class StatementEvent(Value):
    """A statement has been verified."""

    type: Literal["statement"] = "statement"
    statement: Statement
    citations: tuple[Citation, ...]


class AnswerEvent(Value):
    """The whole answer; always the last event."""

    type: Literal["answer"] = "answer"
    answer: Answer


Event = StageEvent | NoticeEvent | StatementEvent | AnswerEvent


def statement_events(answer: Answer) -> Iterator[StatementEvent]:
    """An event for each statement of an answer."""
    for statement in answer.statements:
        cited = tuple(c for c in answer.citations if c.number in statement.citations)
        yield StatementEvent(statement=statement, citations=cited)
