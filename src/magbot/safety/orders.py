"""Takes orders to the machine and markup out of a question, so that what is really asked can be searched for."""

from __future__ import annotations

import re

from magbot.safety.concepts import Reading, read
from magbot.safety.danger import concepts

_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[/!a-z][^>]*>|!\[[^\]]*\]\([^)]*\)", re.IGNORECASE | re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def without_orders(question: str) -> str:
    """The question without tags, images and sentences that tell the machine how to behave; whole if nothing is left."""
    text = " ".join(_MARKUP.sub(" ", question).split())
    kept = [sentence for sentence in _SENTENCE.split(text) if not _is_order(sentence)]
    asked = " ".join(kept)
    return asked if any(character.isalnum() for character in asked) else question


def _is_order(sentence: str) -> bool:
    return Reading(" . ".join(read(sentence)[0]), concepts()).has("roleplay")
