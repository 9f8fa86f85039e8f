"""A follow-up made to stand alone by the model, if what it writes is a question of the same kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from magbot.answer.generative.client import ChatClient
from magbot.answer.generative.prompts import condense_messages
from magbot.answer.generative.timed import within
from magbot.question.understand import Question
from magbot.schema import Language, Message
from magbot.text.analysis import terms
from magbot.text.language import detect_language
from magbot.text.numbers import numbers_in

# Longer than this it is no question any more.
_MOST_WORDS = 40
_MOST_EARLIER = 6
_STRANGE = re.compile(r"[<>{}\[\]]|https?:|\n")


def condensed(
    client: ChatClient, question: str, history: Sequence[Message], by_rules: Question, deadline: float
) -> Question:
    """The model's standalone question, or the one by the rules when the model's is not sound.

    Only what the person asked is shown to the model. Raises OutOfTimeError and what the model raises.
    """
    earlier = [message.content for message in history if message.role == "user"][-_MOST_EARLIER:]
    messages = condense_messages(question, earlier, by_rules.language)
    written = "".join(within(deadline, lambda: client.stream_text(messages)))
    text = re.sub(r"<think>.*?</think>", "", written, flags=re.DOTALL).strip().strip("\"'»«“” ")
    return Question(text=text, language=by_rules.language) if _is_sound(text, question, earlier, by_rules) else by_rules


def _is_sound(text: str, question: str, earlier: Sequence[str], by_rules: Question) -> bool:
    """Whether it is one short question, in the same language, of nothing but what the person wrote."""
    if not text or len(text.split()) > _MOST_WORDS or _STRANGE.search(text):
        return False
    language: Language = by_rules.language
    if detect_language(text, language) != language:
        return False
    asked = " ".join([question, *earlier])
    if not set(numbers_in(text, language)) <= set(numbers_in(asked, language)):
        return False
    own, known = set(terms(text, language)), set(terms(asked, language)) | set(terms(by_rules.text, language))
    kept = set(terms(question, language))
    return bool(own) and own <= known | {"magnesium"} and (not kept or bool(own & kept))
