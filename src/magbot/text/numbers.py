"""Numbers as Danish and English write them, brought to one form.

`0,75` in Danish and `0.75` in English are the same number, and `1.000` is a thousand in one and one in the other.
"""

from __future__ import annotations

import re
from decimal import Decimal

from magbot.schema import Language

# A run of digits with separators inside; a separator counts only between digits, so that "350." ends at 350.
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_THOUSANDS = {
    "da": re.compile(r"(?<=\d)[.\u00a0\u202f](?=\d{3}(?!\d))"),
    "en": re.compile(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))"),
}
_DECIMAL = {"da": ",", "en": "."}


def parse_number(written: str, language: Language) -> Decimal | None:
    """Value of a number as written, or None when it cannot be read in that language.

    A separator that can only be a decimal sign is taken as one even if it is the other language's ("1.5" in Danish),
    since people mix them.
    """
    plain = _THOUSANDS[language].sub("", written)
    plain = plain.replace(_DECIMAL[language], ".")
    if plain.count(".") + plain.count(",") > 1:
        return None
    try:
        return Decimal(plain.replace(",", "."))
    except ArithmeticError:
        return None


def canonical(value: Decimal) -> str:
    """Write a value without trailing zeros or exponent: 350, 0.75."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def numbers_in(text: str, language: Language) -> list[str]:
    """All numbers of a text in canonical form, in order."""
    values = (parse_number(match.group(), language) for match in NUMBER.finditer(text))
    return [canonical(value) for value in values if value is not None]


def canonicalise(text: str, language: Language) -> str:
    """Replace each number by its canonical form; used for search only, never for what is shown."""

    def replace(match: re.Match[str]) -> str:
        value = parse_number(match.group(), language)
        return match.group() if value is None else canonical(value)

    return NUMBER.sub(replace, text)


def write_number(value: Decimal | float, language: Language, digits: int = 1) -> str:
    """Write a value for a reader: at most `digits` decimals, thousands grouped, the language's separators."""
    rounded = round(Decimal(str(value)), digits)
    english = f"{Decimal(canonical(rounded)):,f}"
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))
