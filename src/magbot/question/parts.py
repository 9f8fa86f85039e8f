"""Takes a question apart that asks more than one thing: "hjælper det mod migræne, og hvor meget skal jeg tage?"."""

from __future__ import annotations

import re

from magbot.question.form import OPENING_VERBS

# What can begin a question after "and": an interrogative with its verb, or a verb with its subject.
_SUBJECTS = (
    r"(?:det|den|de|jeg|man|vi|der|min|mit|mine|magnesium\w*|it|that|this|they|there|i|you|one|we|my|the|a|an|"
    r"pregnant|gravide|børn|children)\b"
)
_VERBS = rf"(?:{OPENING_VERBS}|sænker|får|tør)"
_INTERROGATIVES = (
    r"(?:hvor(?:når|for|dan)?|hvad|hvem|hvilke[nt]?|how|what|which|why)\b|"
    rf"(?:when|where|who) (?:{_VERBS}|paid|made|wrote|took|funded|ran)\b"
)
_ASKS = rf"(?:{_INTERROGATIVES}|{_VERBS} {_SUBJECTS})"
_AND = r"(?:og|and|samt|men|but|plus)"
_FILLERS = r"(?:(?:så|også|i så fald|hvis ja|evt\.?|eventuelt|then|also|if so|so)\b,? )*"
_BREAK = re.compile(
    rf"\?+\s+(?:{_AND} )?{_FILLERS}(?=\S+ \S|(?:hvorfor|why)\W*$)|"
    rf"[,;]?\s+{_AND},? {_FILLERS}(?={_ASKS})|"
    r",\s+(?=(?:hvor (?:meget|mange|lang|længe|ofte|stor|høj)|hvornår|hvorfor|hvordan|how (?:much|many|long|often)|why)\b)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    rf"^(?:[^?]{{0,40}}[,.:!] )?{_FILLERS}{_ASKS}|\b(?:hvor|hvad|hvem|how|what|which)\b (?=\w)", re.IGNORECASE
)
_FEWEST_WORDS = 3
_MOST_PARTS = 3


def split_question(question: str) -> tuple[str, ...]:
    """The questions that a question consists of, in order; itself alone when it asks one thing."""
    whole = question.strip()
    parts: list[str] = []
    start = 0
    for match in _BREAK.finditer(whole):
        before, behind = whole[start : match.start()], whole[match.end() :]
        asks = match.group().startswith("?") or bool(_QUESTION.search(before.strip()))
        if len(parts) + 1 < _MOST_PARTS and asks and len(before.split()) >= _FEWEST_WORDS and _asks(behind):
            parts.append(before.strip(" ,;"))
            start = match.end()
    return (*parts, whole[start:].strip(" ,;")) if parts else (question,)


def _asks(text: str) -> bool:
    return bool(re.match(rf"(?:{_AND} )?{_FILLERS}{_ASKS}", text.strip(), re.IGNORECASE))
