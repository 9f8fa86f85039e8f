"""Who a question is about: sex, age, pregnancy or breastfeeding, as far as its words tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from magbot.calculator.spelling import mend
from magbot.schema import Language

Sex = Literal["male", "female"]
Condition = Literal["pregnancy", "lactation"]

_MONTHS = 12
_AGE_WORDS = {
    "et": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10, "one": 1, "two": 2,
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "tolv": 12, "twelve": 12,
}  # fmt: skip
_N = rf"(\d{{1,3}}|{'|'.join(_AGE_WORDS)})"
_RANGE = re.compile(r"\b(\d{1,2}) ?(?:-|–|to|til) ?(\d{1,3})(?= ?(?:ar|years?|yo|yr|,|$|\)))")
_IN_MONTHS = re.compile(rf"\b{_N}[ -]?(?:maneder|maneders|months?|mdr|mos?|md)\b")
_OVER = re.compile(r"\b(?:over|above|fra|older than|aldre end|eldre end) (\d{1,3})\b")
_AGES = (
    re.compile(rf"\b{_N}[ -]?(?:ars?|arig\w*|years?(?:[ -]olds?)?|yrs?|yo|y/o)\b"),
    re.compile(r"\b(?:woman|man|women|men|kvinder?|mand|mend|pige|dreng|boy|girl|gravide?|ammende|pregnant|(?:grand)?son|(?:grand)?daughter|barn(?:ebarn)?|(?:grand)?child|husband|wife|kone|datter)"
               r"(?: pa| of| aged?| i alderen| is| er)? (\d{1,3})\b(?! ?(?:mg|g|gram|ug|mmol)\b)"),
    re.compile(r"\b(?:aged?|alder(?:en)?) (\d{1,3})\b"),
    re.compile(r"\bpa (\d{1,2})\b(?! ?(?:mg|g|gram|mmol)\b)"),
    re.compile(r"\b(\d{1,2}) ?(?:ar|y)\b"),
    re.compile(r"\b(?:jeg er|i'?m|i am) (\d{1,2})\b"),
)  # fmt: skip
_NOBODY = re.compile(r"\b(?:man|får|faar)\b", re.IGNORECASE)
_FEMALE = re.compile(
    r"\b(?:kvinde\w*|damer?|women'?s?|woman'?s?|females?|pige\w*|girls?|mor|moder|mum|mom|mother|kone|wife|datter\w*|(?:grand)?daughters?|lady|ladies)\b"
)
_MALE = re.compile(
    r"\b(?:mand(?:en|s)?|mend(?:ene|s)?|m[ae]n'?s?|guys?|males?|dreng\w*|boys?|far|dad|father|husband|mandlig\w*|(?:grand)?sons?|sonner?)\b"
)
# "my husband and I": each of the two.
BOTH = re.compile(
    r"\b(?:mand|kone|keresten?|partner|husband|wife) (?:og|and) (?:jeg|mig|i|me|myself)\b|\bhver iser\b|"
    r"\b(?:jeg|mig|me) (?:og|and) (?:min|my) (?:mand|kone|kereste|partner|husband|wife)\b|\beach of us\b"
)
_PREGNANT = re.compile(r"\b(?:gravid\w*|pregnan\w*|expectant|expecting|vordende)\b")
_NURSING = re.compile(r"\b(?:amme\w*|ammer|breast-?feed\w*|nursing|lactat(?:ing|ion))\b")
_CHILD = re.compile(r"\b(?:born\w*|barn\w*|(?:grand)?child\w*|(?:grand)?(?:sons?|daughters?)|kids?)\b")
_STAGES = (
    (re.compile(r"\b(?:spedb\w+|bab(?:y|ies)|infants?)\b"), 9),
    (re.compile(r"\b(?:tumling\w*|toddlers?)\b"), 2 * _MONTHS),
    (re.compile(r"\b(?:teen\w*|ung(?:e)? pige\w*|unge dreng\w*|adolescents?)\b"), 15 * _MONTHS),
    (
        re.compile(r"\b(?:eldre|elderly|seniors?|older (?:people|adults?|men|women)|pensionist\w*|aldrende)\b"),
        70 * _MONTHS,
    ),
)


@dataclass(frozen=True)
class Person:
    """`months` is the age in months. `child` is true for a child of unknown age; all unknown means adults."""

    sex: Sex | None = None
    months: int | None = None
    condition: Condition | None = None
    child: bool = False

    @property
    def named(self) -> bool:
        """Whether the question says anything about who."""
        return bool(self.sex or self.months or self.condition or self.child)

    @property
    def adult(self) -> bool:
        """True unless a child is meant."""
        return not self.child and (self.months is None or self.months >= 18 * _MONTHS)


def parse_person(text: str, language: Language | None = None) -> Person:
    """The person that a question is about, in Danish or English, or in either when `language` is not given."""
    # Danish "man" is anybody, and "får" is no father, though folding makes it one.
    plain = mend(_NOBODY.sub(" ", text) if language == "da" else text)
    condition: Condition | None = None
    if _PREGNANT.search(plain):
        condition = "pregnancy"
    elif _NURSING.search(plain):
        condition = "lactation"
    male, female = bool(_MALE.search(plain)), bool(_FEMALE.search(plain)) or condition is not None
    sex: Sex | None = None
    if condition or (male != female and not BOTH.search(plain)):
        sex = "female" if female else "male"
    months = _months(plain)
    return Person(sex, months, condition, child=months is None and bool(_CHILD.search(plain)))


def _months(plain: str) -> int | None:
    if match := _RANGE.search(plain):
        low, high = int(match[1]), int(match[2])
        if low < high:
            return (low + high) * _MONTHS // 2
    if match := _IN_MONTHS.search(plain):
        return _number(match[1])
    if match := _OVER.search(plain):
        return (int(match[1]) + 1) * _MONTHS
    for pattern in _AGES:
        if (match := pattern.search(plain)) and 0 < (years := _number(match[1])) < 120:
            return years * _MONTHS
    return next((months for pattern, months in _STAGES if pattern.search(plain)), None)


def ages_of(plain: str) -> list[int]:
    """All ages of folded text in months, that of `parse_person` first."""
    first = _months(plain)
    if first is None or _RANGE.search(plain):
        return [] if first is None else [first]
    found = [(match.start(1), (int(match[1]) + 1) * _MONTHS) for match in _OVER.finditer(plain)]
    found += [(match.start(1), _number(match[1]) * _MONTHS) for pattern in _AGES for match in pattern.finditer(plain)]
    places = dict(sorted(found, reverse=True))
    return list(dict.fromkeys([first, *(places[place] for place in sorted(places))]))


def _number(word: str) -> int:
    return _AGE_WORDS[word] if word in _AGE_WORDS else int(word)
