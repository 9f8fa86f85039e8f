"""What an answer says about the chat model: that it was not used and why, or that some of its words were left out."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from magbot.answer.citations import Citations
from magbot.answer.wording import GENERATION_FAILED, LEFT_OUT, LEFT_OUT_ONE, QUOTES_INSTEAD
from magbot.events import Event, StatementEvent
from magbot.schema import Answer, Caveat, Generation, Outcome, Statement

if TYPE_CHECKING:
    from magbot.answer.generative.engine import Written


def with_generation(answer: Answer, generation: Generation, seconds: float) -> Answer:
    """The answer with how the model did, and a caveat in words when the person should know."""
    update: dict[str, object] = {"generation": generation}
    if answer.outcome is Outcome.ANSWERED and (words := _words(answer, generation, seconds)):
        update["caveats"] = (*answer.caveats, Caveat(text=words))
    return answer.model_copy(update=update)


def _words(answer: Answer, generation: Generation, seconds: float) -> str:
    language = answer.language
    if generation.result != "used":
        why = GENERATION_FAILED[generation.result][language].format(model=generation.model, seconds=f"{seconds:g}")
        return f"{why} {QUOTES_INSTEAD[language]}"
    if generation.dropped == 1:
        return LEFT_OUT_ONE[language]
    return LEFT_OUT[language].format(number=generation.dropped) if generation.dropped else ""


def as_written(
    writing: Generator[Written, None, Generation],
) -> Generator[Event, None, tuple[list[Written], Generation]]:
    """Events for the model's statements as they are verified, numbered as they will be in the whole answer."""
    citations = Citations()
    written: list[Written] = []
    while True:
        try:
            item = next(writing)
        except StopIteration as end:
            return written, end.value
        written.append(item)
        numbers = tuple(dict.fromkeys(citations.cite(hit) for hit in item.cited))
        statement = Statement(text=item.text, citations=numbers, verbatim=item.verbatim)
        yield StatementEvent(statement=statement, citations=tuple(c for c in citations.all() if c.number in numbers))
