"""Signs between danger and an ordinary question: low spirits, a question for a deadly amount, a change of topic."""

from __future__ import annotations

from collections.abc import Sequence

from magbot.safety.concepts import Reading
from magbot.safety.danger import Danger, concepts
from magbot.schema import Language

INSTEAD: dict[Language, str] = {
    "da": "Hvad er tegnene på for meget magnesium, og hvad er den øvre grænse for magnesium fra kosttilskud?",
    "en": "What are the signs of too much magnesium, and what is the upper limit for magnesium from supplements?",
}
"""What is searched for when someone asks for a deadly amount, which is never answered."""

_SHORT = 6  # words: a follow-up this short leans on what was said before


def _whole(sentences: Sequence[str]) -> Reading:
    return Reading(" . ".join(sentences), concepts())


def low(sentences: Sequence[str]) -> bool:
    """Whether the message speaks of low spirits or of suicide as a topic: a gentle help line, then the answer."""
    whole = _whole(sentences)
    if whole.has("fiction") or whole.has("nonhuman"):
        return False
    topic = whole.has("suicide_word") and not whole.holds("question_general")
    return topic or (whole.has("low_mood") and not whole.holds("research !me")) or whole.holds("past take_life")


def asks_lethal(sentences: Sequence[str]) -> bool:
    """Whether the message asks how much is deadly."""
    whole = _whole(sentences)
    return whole.holds("lethal dose_word lethal_dose") and not (whole.has("nonhuman") or whole.has("disease"))


def resolved(sentences: Sequence[str]) -> bool:
    """Whether the message says that an earlier danger is over, or that help is there."""
    return _whole(sentences).has("resolved")


def helped(sentences: Sequence[str]) -> bool:
    """Whether the message says that somebody who can tell has looked at it."""
    return any(_whole(sentences).has(concept) for concept in ("checked", "helped"))


def harmless(sentences: Sequence[str], kind: str) -> bool:
    """Whether what a message is near to is only food that was eaten, or skin that itches where something was put on."""
    whole = _whole(sentences)
    if kind == "poisoning":
        return whole.has("food") and not any(whole.has(c) for c in ("pills_like", "severe_sign", "feel_bad", "toxic"))
    return kind == "allergy" and whole.has("on_skin") and not (whole.has("swell") or whole.has("breathless"))


def moved_on(sentences: Sequence[str], earlier: Danger) -> bool:
    """Whether the message clearly leaves an earlier danger behind: says it is over, or asks about something else."""
    if resolved(sentences):
        return True
    whole = _whole(sentences)
    words = sum(len(sentence.split()) for sentence in sentences)
    if words <= _SHORT and not whole.holds("frame mg"):
        return False
    if any(whole.has(concept) for concept in ("low_mood", "give_up", "lethal", "still_there")):
        return False
    if earlier.kind in ("crisis", "poisoning") and (whole.has("product_amount") or whole.holds("take me")):
        return False
    return whole.has("frame") or whole.has("mg")


def asks_about_taking(sentences: Sequence[str]) -> bool:
    """Whether the message asks about taking something, or is a short follow-up."""
    whole = _whole(sentences)
    return whole.has("take") or sum(len(sentence.split()) for sentence in sentences) <= _SHORT
