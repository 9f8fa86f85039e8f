"""The question as the later stages get it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from magbot.schema import Language, Message, Value
from magbot.text.language import detect_language


class Question(Value):
    """A question that stands alone, and the language of its answer."""

    text: str
    language: Language


def answer_language(text: str, history: Sequence[Message], requested: Literal["auto", "da", "en"] = "auto") -> Language:
    """Language to answer in: the requested one, else the question's, else that of the conversation, else Danish."""
    if requested != "auto":
        return requested
    default: Language = "da"
    for message in history:
        if message.role == "user":
            default = detect_language(message.content, default)
    return detect_language(text, default)
