"""Amounts of a text with their units, brought to one form, and whether a quote holds those of a statement."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from magbot.answer.verification.signals import signals
from magbot.schema import Language
from magbot.text.numbers import canonical, parse_number

_NUMBER = r"\d+(?:[.,\u00a0\u202f]\d+)*"
_RANGE_SIGN = re.compile(r"\s*(?:-|–|—|−|to|til)\s*$")
_SIGN = re.compile(r"(?:^|[\s(])[-−]$")
_AGE = re.compile(
    r"\b(?:(?:ages?|aged|alderen|alder)\s+(?:of\s+|på\s+|fra\s+)?|"
    r"(?:people|patients|men|women|adults|those|mænd|kvinder|personer|folk)\s+(?:over|under|from|above|below|fra)\s+)$"
)
# "95% CI" is how sure an interval is, no result.
_CONFIDENCE = re.compile(r"^\s*(?:%|percent|procent)?[\s-]*(?:ci\b|konfidens|confidence|sikkerhedsinterval)")
_YEARS = (1900, 2100)
# A unit may stand behind a few describing words: "46 healthy older people", "26 of 143 women".
_LOOSE = ("people", "study", "times")
_LOOSE_WORDS = 3
_FROM_OR_UP_TO = re.compile(
    r"(?:\b(?:mindst|fra|op til|højst|under|over|mellem|at least|from|up to|at most|between|below|above)\b)"
)


@dataclass(frozen=True)
class Quantity:
    """A number with its unit and rate, both empty when there is none, and where it stands."""

    value: Decimal
    unit: str
    rate: str
    start: int
    end: int
    partner: Decimal | None = None
    """The other end of a range such as 3–4 hours."""
    opens: bool = False
    """Whether it is the first end."""
    is_open: bool = False
    """Said to be a bound: at least 3 hours."""

    def __str__(self) -> str:
        return f"{canonical(self.value)} {self.unit}".strip() + (f" per {self.rate}" if self.rate else "")


@cache
def _patterns() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]]]:
    known = signals()
    return (
        {unit: re.compile(rf"(?:{pattern})") for unit, pattern in known["units"].items()},
        {rate: re.compile(rf"(?:{pattern})") for rate, pattern in known["rates"].items()},
    )


@cache
def _numbers(language: Language) -> re.Pattern[str]:
    known = signals()
    names = [*known["number_words"][language], *(part.strip() for part in known["halves"][language].split(","))]
    # A number that belongs to a name (omega-3, PHQ-9, B6, HbA1c) is no amount.
    return re.compile(rf"(?<![\w.,])(?<![^\W\d_]-)(?:{_NUMBER})(?![^\W\d_]*\d)|\b(?:{'|'.join(names)})\b")


def quantities_in(text: str, language: Language) -> list[Quantity]:
    """All amounts of a prepared text, in order."""
    units, _ = _patterns()
    matches = list(_numbers(language).finditer(text))
    found: list[Quantity] = []
    ages: list[bool] = []
    for position, match in enumerate(matches):
        value, unit = _value(match.group(), language)
        if value is None:
            continue
        limit = matches[position + 1].start() if position + 1 < len(matches) else len(text)
        after = text[match.end() :]
        times, skipped = _multiple(after)
        value, after = value * times, after[skipped:]
        if not unit:
            unit = next((name for name, pattern in units.items() if pattern.match(after.lstrip(" -."))), "")
        if not unit:
            unit = _loose_unit(text[match.end() + skipped : limit])
        if unit in ("", "of", *_LOOSE) and _is_date(value, match.group()):
            unit = "date"
        before = text[: match.start()]
        if _SIGN.search(before):
            value = -value
        aged = not unit and bool(_AGE.search(before))
        bound = bool(_FROM_OR_UP_TO.search(before[-24:])) or " eller " in after[:24] or " or " in after[:24]
        if unit == "percent" and _CONFIDENCE.search(after[:24]):
            unit = "confidence"
        rate = "" if unit == "date" else _rate(text, match.end(), limit)
        found.append(Quantity(value, unit, rate, match.start(), match.end(), is_open=bound))
        ages.append(aged)
    ranged = _with_ranges(found, text)
    for position in range(1, len(ages)):
        ages[position] = ages[position] or (ages[position - 1] and ranged[position].partner is not None)
    return [replace(q, unit="year") if aged and not q.unit else q for q, aged in zip(ranged, ages, strict=True)]


def _multiple(after: str) -> tuple[int, int]:
    """The factor of "45 million" and how many letters it takes."""
    for word, times in signals()["multiples"].items():
        if match := re.match(rf"\s+{word.replace('*', '[a-zæøå]*')}\b", after):
            return times, match.end()
    return 1, 0


def _value(written: str, language: Language) -> tuple[Decimal | None, str]:
    words = signals()["number_words"][language]
    if written in words:
        return Decimal(str(words[written])), ""
    if not written[0].isdigit():
        return Decimal(50), "percent"
    return parse_number(written, language), ""


def _loose_unit(after: str) -> str:
    """A counted noun behind describing words, or behind "of 143"."""
    units, _ = _patterns()
    of = re.match(r"\s+(?:af|of|ud af|out of)\s+(?:de |the )?$", after)
    if of:
        return "of"
    words = after.split()[: _LOOSE_WORDS + 1]
    for skipped, word in enumerate(words):
        if skipped and word[0] in "([;,":
            break
        if any(units[name].match(word.strip("(,.;:)")) for name in _LOOSE):
            return next(name for name in _LOOSE if units[name].match(word.strip("(,.;:)")))
        if word[-1] in ".,;:)":
            break
    return ""


def _rate(text: str, end: int, limit: int) -> str:
    """The rate that belongs to the amount ending at `end`: said right behind it, before the next amount."""
    _, rates = _patterns()
    window = text[end : min(limit, end + 45)]
    found = [(match.start(), name) for name, pattern in rates.items() if (match := pattern.search(window))]
    return min(found)[1] if found else ""


def _with_ranges(found: Sequence[Quantity], text: str) -> list[Quantity]:
    """Units of ranges and of "26 of 143 women" reach their first number."""
    result = list(found)
    for position in range(len(result) - 2, -1, -1):
        first, second = result[position], result[position + 1]
        between = text[first.end : second.start]
        if first.unit == "of":
            result[position] = replace(first, unit=second.unit)
        elif _RANGE_SIGN.fullmatch(between) and (not first.unit or first.unit == second.unit):
            value = second.value
            if value < 0 <= first.value:
                value = -value
            result[position] = replace(
                first, unit=second.unit, rate=first.rate or second.rate, partner=value, opens=True
            )
            result[position + 1] = replace(second, value=value, partner=first.value)
    return [replace(q, unit="") if q.unit == "of" else q for q in result]


def _is_date(value: Decimal, written: str) -> bool:
    """Whether a bare number is a year, as in "Kieboom 2017"."""
    return written.isdigit() and _YEARS[0] <= value < _YEARS[1]


def unsupported(
    said: Sequence[Quantity], held: Sequence[Quantity], quotes: Sequence[str], names: str
) -> Quantity | None:
    """The first amount of a statement that the quotes do not hold.

    Args:
        said: amounts of the statement.
        held: amounts of all its quotes.
        quotes: the prepared quotes, for rates that stand apart from their amount.
        names: title and authors of the documents, where the year of a study may stand.

    """
    _, rates = _patterns()
    for quantity in said:
        if quantity.unit == "date" and re.search(rf"\b{canonical(quantity.value)}\b", names):
            continue
        matching = [other for other in held if other.value == quantity.value and _same_unit(quantity, other)]
        if quantity.rate:
            apart = any(rates[quantity.rate].search(quote) for quote in quotes)
            matching = [q for q in matching if q.rate == quantity.rate or (not q.rate and apart)]
        if quantity.partner is not None:
            matching = [
                q for q in matching if q.partner is None or (q.partner, q.opens) == (quantity.partner, quantity.opens)
            ]
        elif not quantity.is_open:
            matching = [q for q in matching if q.partner is None]
        if not matching:
            return quantity
    return _said_too_often(said, held)


def _said_too_often(said: Sequence[Quantity], held: Sequence[Quantity]) -> Quantity | None:
    """An amount that stands in for a second one: "of 320 patients 320 had …"."""
    often = Counter(quantity.value for quantity in said)
    there = Counter(quantity.value for quantity in held)
    return next((quantity for quantity in said if 1 < often[quantity.value] > there[quantity.value]), None)


def _same_unit(said: Quantity, held: Quantity) -> bool:
    return said.unit == held.unit or (said.unit == "" and held.unit in _LOOSE)
