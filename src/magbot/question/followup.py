"""Makes a follow-up stand alone, without a language model: "og for kvinder?" after a question about men.

Only what the person asked is used. Answers are never evidence and never searched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from magbot.schema import Language, Message
from magbot.text.analysis import terms
from magbot.yaml_files import parse_yaml

_LEAD = re.compile(
    r"^(?:(?:ok|okay|tak|thanks|nå|hmm)[,.! ]+)*"
    r"(?:og\b|men\b|and\b|but\b|hvad med\b|hvad så med\b|what about\b|how about\b|hvad hvis\b|what if\b|gælder det\b|"
    r"is that\b|is it\b|er det\b|also\b|nej[, ]|no[, ]|jeg mener\b|i mean(?:t)?\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:det|den|dem|disse|denne|dette|deraf|derfra|så meget|it|that|this|they|them|those|these|its|so much)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"^(?:men |og |but |and )?(?:hvorfor|why|hvordan|how(?: come| so)?)(?: ikke| not| det| that| så| so)?\W*$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"magnesi|\bmg\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\b\d+(?:[.,]\d+)*\s*(?:mg|g|gram|grams|kg|mmol|stk|dl|år|years?)\b", re.IGNORECASE)
_BACK_TO_FIRST = re.compile(
    r"\b(?:(?:the )?first (?:thing|question)|(?:det|mit) første(?: spørgsmål)?(?: jeg spurgte)?)\b", re.IGNORECASE
)
_IN_LANGUAGE = re.compile(
    r"\b(?:and )?(?:in english|på dansk|på engelsk|in danish)(?:,? (?:please|tak))?\s*[:,]?\s*", re.IGNORECASE
)
# A question with this many words of content is taken to stand alone, if no pronoun says otherwise.
_ENOUGH_CONTENT = 3
_ENOUGH_WORDS = 5


@dataclass(frozen=True)
class _Value:
    slot: str
    name: str
    pattern: re.Pattern[str]
    written: dict[Language, str]


@cache
def _values() -> tuple[_Value, ...]:
    raw = parse_yaml((Path(__file__).parent / "slots.yaml").read_text(encoding="utf-8"))
    return tuple(
        _Value(
            slot=slot,
            name=name,
            pattern=re.compile(rf"\b(?:{'|'.join(map(re.escape, words['da'] + words['en']))})\b", re.IGNORECASE),
            written={"da": words["da"][0], "en": words["en"][0]},
        )
        for slot, values in raw.items()
        for name, words in values.items()
    )


def standalone_question(question: str, history: Sequence[Message], language: Language) -> str:
    """The question with what it leaves out, taken from the person's earlier questions.

    Returns the question itself when it stands alone.
    """
    earlier: list[str] = []
    for message in history:
        if message.role == "user" and message.content.strip():
            earlier.append(_joined(message.content.strip(), earlier[-1] if earlier else "", language))
    if not earlier:
        return question.strip()
    base = earlier[0] if _BACK_TO_FIRST.search(question) else earlier[-1]
    rest = _IN_LANGUAGE.sub("", _BACK_TO_FIRST.sub("", question)).strip(" -–,:")
    return _joined(rest, base, language) if terms(rest, language) or _REASON.match(rest) else base


def _joined(question: str, earlier: str, language: Language) -> str:
    if not earlier or _stands_alone(question, language):
        return question
    if _REASON.match(question):
        return f"{question.rstrip(' ?!.')}: {earlier}"
    amount = _AMOUNT.search(question)
    if amount and _AMOUNT.search(earlier) and len(terms(question, language)) <= _ENOUGH_CONTENT:
        return _AMOUNT.sub(amount.group(), earlier, count=1)
    asked = [value for value in _values() if value.pattern.search(question)]
    rest = set(terms(question, language))
    for value in asked:
        for form in value.written.values():
            rest -= set(terms(form, language))
        rest -= {term for match in value.pattern.findall(question) for term in terms(match, language)}
    if asked and len(rest) <= 1:
        return _with_values(earlier, asked, language)
    # More than a new value: keep the new words first and let the earlier question give the subject.
    return f"{question.rstrip(' ?')}? ({_subject(earlier, asked)})"


def _stands_alone(question: str, language: Language) -> bool:
    content = terms(question, language)
    if _REASON.match(question):
        return False
    if _LEAD.match(question):
        return bool(_SUBJECT.search(question)) and len(content) >= _ENOUGH_CONTENT
    if _SUBJECT.search(question):
        return len(content) >= 2 or not _PRONOUN.search(question)
    whole = len(content) > _ENOUGH_CONTENT or (len(content) > 1 and len(question.split()) >= _ENOUGH_WORDS)
    return whole and not _PRONOUN.search(question)


def _with_values(earlier: str, asked: Sequence[_Value], language: Language) -> str:
    for value in asked:
        replaced = False
        for other in _values():
            if other.slot == value.slot and other.pattern.search(earlier):
                if not replaced:
                    earlier = other.pattern.sub(value.written[language], earlier, count=1)
                    replaced = True
                elif other.name != value.name:
                    earlier = other.pattern.sub("", earlier, count=1)
        if not replaced:
            joint = {"da": "til" if value.slot == "group" else "ved", "en": "for"}[language]
            earlier = f"{earlier.rstrip(' ?')} {joint} {value.written[language]}?"
    return re.sub(r"\s{2,}", " ", earlier)


def _subject(earlier: str, asked: Sequence[_Value]) -> str:
    slots = {value.slot for value in asked}
    for value in _values():
        if value.slot in slots:
            earlier = value.pattern.sub("", earlier)
    return re.sub(r"\s{2,}", " ", earlier).strip(" ?")
