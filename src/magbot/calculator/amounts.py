"""Amounts with their units, as people write them in Danish and English: 1,5 g · 1.000 mg · en håndfuld · two slices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from magbot.calculator.spelling import fold
from magbot.schema import Language
from magbot.text.numbers import parse_number

_WORDS: dict[str, str] = {
    "en halv": "0.5", "et halvt": "0.5", "half a": "0.5", "half an": "0.5", "a half": "0.5", "en kvart": "0.25",
    "halvanden": "1.5", "halvandet": "1.5", "one and a half": "1.5", "et par": "2", "a couple of": "2",
    "halv": "0.5", "halvt": "0.5", "half": "0.5", "en": "1", "et": "1", "ét": "1", "én": "1", "to": "2", "tre": "3",
    "fire": "4", "fem": "5", "seks": "6", "syv": "7", "otte": "8", "ni": "9", "ti": "10", "tolv": "12",
    "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "twelve": "12", "twenty": "20", "tyve": "20", "hundred": "100",
}  # fmt: skip
# "to" is a number in Danish and a preposition in English; "en" and "a" the other way round.
_ONLY = {
    "da": {"a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "half"},
    "en": {"to", "en", "et", "tre", "fire", "ti", "ni", "fem"},
}
_UNITS: dict[str, str] = {
    "mmol/l": r"mmol ?(?:/|pr\.? ?|per )l(?:iter|itre)?", "mg/dl": r"mg ?(?:/|pr\.? ?|per )dl", "meq/l": r"meq ?(?:/|per )l",
    "mmol": r"mmol|millimol(?:es?)?", "meq": r"meq|milliequivalents?|millekvivalenter", "mg": r"mg|milligram(?:s|mer)?|milligramme",
    "ug": r"ug|mcg|mikrogram|micrograms?", "kg": r"kg|kilo(?:gram(?:s|mer)?)?", "g": r"g|gr|gram(?:s|mer)?|grammes?",
    "dl": r"dl|deciliter", "ml": r"ml|milliliter|millilitres?", "l": r"l|liter|litres?|liters?",
    "tablespoon": r"spsk\.?|spiseske(?:er|fuld|fulde)?|(?:toppet |toppede )?spiseskefulde?|tbsp?s?|(?:heaped )?tablespoon(?:s|fuls?)?",
    "teaspoon": r"tsk\.?|teske(?:er|fuld|fulde)?|tsp|teaspoon(?:s|fuls?)?",
    "handful": r"h[aå]ndfuld(?:e)?|n[ae]vefuld(?:e)?|handfuls?", "slice": r"skiver?|slices?",
    "glass": r"(?:stort? |store |large |big )?(?:glas|glass(?:es)?)", "cup": r"kop(?:per)?|cups?",
    "portion": r"portion(?:er|s)?|servings?|plates?|bowls?|tallerken(?:er)?|skal", "bottle": r"flasker?|bottles?",
    "piece": r"stk\.?|stykker?|styk|pieces?|squares?|shots?|tabletter|tablets?|pill(?:er|s)?",
}  # fmt: skip
_NUMBER = r"\d+(?:[.,\u00a0\u202f]\d+)*(?: ?/ ?\d+(?![\d.,]))?"
_NAMES = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_UNIT = "|".join(f"(?P<u{i}>{pattern})" for i, pattern in enumerate(_UNITS.values()))
_AMOUNT = re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER}|(?:{_NAMES})(?= ))[ -]?(?:(?:{_UNIT})(?![\w/]))?(?!\w*\d)")
# A unit asked for, without a number before it; longest first, so that mg/dL is not read as mg.
_ASKED = re.compile(rf"(?<![\w/])(?:{_UNIT})(?![\w/])")
_KEYS = tuple(_UNITS)
MG_PER = {"mg": Decimal(1), "g": Decimal(1000), "kg": Decimal(1_000_000), "ug": Decimal("0.001")}
GRAMS_PER = {"g": Decimal(1), "kg": Decimal(1000), "mg": Decimal("0.001")}
ML_PER = {"ml": Decimal(1), "dl": Decimal(100), "l": Decimal(1000)}


@dataclass(frozen=True)
class Amount:
    """A number with its unit (`g`, `mg`, `mmol/l`, `handful`, … or empty) and where it stands in the folded text."""

    value: Decimal
    unit: str
    start: int
    end: int
    in_words: bool = False


def parse_amounts(text: str, language: Language) -> list[Amount]:
    """All amounts of a text in order; number words count as well. Offsets are those of the folded text."""
    folded = fold(text)
    found = []
    for match in _AMOUNT.finditer(folded):
        number = match["number"]
        in_words = number in _WORDS
        if in_words and number in _ONLY[language]:
            continue
        value = Decimal(_WORDS[number]) if in_words else _value(number, language)
        if value is not None:
            found.append(Amount(value, _unit(match), match.start(), match.end(), in_words))
    return found


def asked_units(text: str, language: Language) -> list[str]:
    """Units that are named without an amount, as in "how many mmol is …", in order."""
    folded = fold(text)
    taken = [(amount.start, amount.end) for amount in parse_amounts(text, language)]
    return [
        _unit(match)
        for match in _ASKED.finditer(folded)
        if not any(start <= match.start() < end for start, end in taken)
    ]


def _unit(match: re.Match[str]) -> str:
    return next((_KEYS[i] for i in range(len(_KEYS)) if match[f"u{i}"]), "")


def _value(written: str, language: Language) -> Decimal | None:
    if "/" in written:
        upper, lower = (int(part) if part.strip().isdigit() else 0 for part in written.split("/"))
        fraction = Fraction(upper, lower) if lower else Fraction(0)
        return Decimal(fraction.numerator) / Decimal(fraction.denominator) if fraction else None
    value = parse_number(written, language)
    return value if value is not None else parse_number(written, "en" if language == "da" else "da")
