"""What an answer says about the chat model: that it was not used and why, or that some of its words were left out."""

from __future__ import annotations

from magbot.answer.wording import GENERATION_FAILED, LEFT_OUT, LEFT_OUT_ONE, QUOTES_INSTEAD
from magbot.schema import Answer, Caveat, Generation, Outcome


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
