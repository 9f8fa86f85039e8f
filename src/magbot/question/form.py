"""What kind of answer a question wants, told from its words."""

from __future__ import annotations

import re
from enum import StrEnum

OPENING_VERBS = (
    "er|kan|må|hjælper|virker|har|skal|bør|gør|giver|findes|vil|mangler|is|are|can|does|do|did|should|will|has|have|may|was|"
    "were|could|would"
)
"""Verbs that a question begins with which can be answered with yes or no, as a part of a pattern."""


class Form(StrEnum):
    """The shape that a good answer has."""

    QUANTITY = "quantity"
    TIME = "time"
    REASON = "reason"
    LIST = "list"
    YES_NO = "yes-no"
    PERSON = "person"
    OPEN = "open"


_PATTERNS: tuple[tuple[Form, re.Pattern[str]], ...] = tuple(
    (form, re.compile(pattern, re.IGNORECASE))
    for form, pattern in (
        (Form.TIME, r"\b(hvor lang tid|hvor længe|hvornår|how long|when|hvor hurtigt|how soon|how fast)\b"),
        (
            Form.QUANTITY,
            r"\b(hvor (meget|mange|høj|højt|lidt|stor|store|ofte)|how (much|many|high|low|often)|dosis|dose|dosage|"
            r"hvilken dosis|anbefalet|recommended|grænse|limit|procent|percent|what percentage|mængde|amount|rda)\b",
        ),
        (Form.REASON, r"\b(hvorfor|why|hvad skyldes|how come|årsag|cause[sd]?)\b"),
        (Form.PERSON, r"^(hvem|who)\b"),
        (Form.LIST, r"\b(hvilke|which|what (foods?|forms?|medicines?|kinds?|are)|nævn|list)\b"),
        (
            Form.YES_NO,
            rf"^(og |men |but |and |so |hej[,!]? |hi[,!]? )?({OPENING_VERBS})\b",
        ),
    )
)


def question_form(question: str) -> Form:
    """Form of a standalone question in Danish or English; OPEN when nothing tells."""
    return next((form for form, pattern in _PATTERNS if pattern.search(question.strip())), Form.OPEN)


_INTERROGATIVE = re.compile(r"^\W*(?:(?:og|men|and|but|so) )?(?:hv|how|what|which|when|where|why|who)", re.IGNORECASE)
# Also behind a clause: "when I boil my greens, is the magnesium gone?".
_YES_NO = re.compile(
    r"(?:^|[,.:;?!–-] )\W*(?:og |men |så |and |but |so )?"
    rf"(?:{OPENING_VERBS}|sænker|får|betyder|must)\b",
    re.IGNORECASE,
)


def asks_verdict(question: str) -> bool:
    """Whether a question can be answered with yes or no: it has such a clause, or is keywords and nothing more."""
    open_ended = question_form(question) is Form.OPEN and not _INTERROGATIVE.match(question)
    return bool(_YES_NO.search(question)) or open_ended
