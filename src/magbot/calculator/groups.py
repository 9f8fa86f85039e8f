"""Which rows of the intake and upper-level tables fit a person and an authority."""

from __future__ import annotations

import re
from decimal import Decimal

from magbot.calculator.people import Person
from magbot.calculator.tables import Row
from magbot.schema import Language

_MONTHS = 12
_FOREVER = 200 * _MONTHS
_AUTHORITIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("NNR2012", re.compile(r"\b2012\b|tidligere nordisk|earlier nordic|old nordic|gamle nordisk")),
    ("NNR2023", re.compile(r"\b(nordi\w*|norden\w*|nnr\w*|danmark\w*|dansk\w*|denmark|danish|danes|sver?ige|swed\w*)")),
    ("EFSA", re.compile(r"\b(efsa\w*|eu|eu's|eus|europ\w*)\b")),
    ("US", re.compile(r"\b(usa\w*|u\.s\.?|americ\w*|amerik\w*|nih|iom|united states|(?:the|in) us|"
                      r"us (?:rda|ul|recomm\w*|limit|upper|value|adult\w*|ear|guid\w*)|rda)\b|, us\b|\bus$")),
    ("UK", re.compile(r"\b(uk|brit\w*|nhs|england|storbritannien|rni)\b")),
    ("Germany", re.compile(r"\b(bfr|tysk\w*|german\w*)\b")),
    ("Norway", re.compile(r"\b(vkm|norge|norway|norsk\w*|norwegian)\b")),
    ("Fødevarestyrelsen", re.compile(r"\b(fodevarestyrelse\w*|danish (?:veterinary|food)\w*|danmark|dansk\w*|denmark|danish)")),
)  # fmt: skip

_SHORT_NAMES = (
    ("NNR2023", "NNR 2023"),
    ("NNR2012", "NNR 2012"),
    ("EFSA", "EFSA"),
    ("US", "USA"),
    ("UK", "UK"),
    ("EU", "EU"),
)


def authorities(plain: str) -> list[str]:
    """Authorities that folded text names; empty when none."""
    return [name for name, pattern in _AUTHORITIES if pattern.search(plain)]


def of_authority(row: Row, names: list[str]) -> bool:
    """Whether a row is one of the authorities'."""
    return any(name in row["authority"] or (name == "EFSA" and "SCF" in row["authority"]) for name in names)


def span(age: str) -> tuple[int, int]:
    """First month and month after the last of an age group such as `7-11 months`, `1-<3 years`, `51+ years`, `adult`."""
    unit = 1 if "month" in age else _MONTHS
    if match := re.match(r"(\d+)-(<?)(\d+)", age):
        end = (int(match[3]) + (0 if match[2] else 1)) * unit
        # A child of 12 months is one year old, and in the next group.
        return int(match[1]) * unit, min(end, _MONTHS) if unit == 1 else end
    if match := re.search(r"(\d+)\+", age):
        return int(match[1]) * unit, _FOREVER
    return (18 * _MONTHS, _FOREVER) if "adult" in age else (0, _FOREVER)


def fits_age(row: Row, person: Person) -> bool:
    """Whether a row's age group holds the person's age; unknown means an adult, or any child."""
    low, high = span(row["age_en"])
    if person.months is not None:
        return low <= person.months < high
    return high <= 18 * _MONTHS + _MONTHS if person.child else low <= 40 * _MONTHS < high


def fits_sex(row: Row, person: Person) -> bool:
    """Whether a row holds for the person's sex, if known."""
    return row["sex"] in ("both", person.sex) or person.sex is None


def fits_condition(row: Row, person: Person) -> bool:
    """Whether a row is for the person's condition, or for no condition."""
    return row["condition"] == (person.condition or "-")


def mg(row: Row) -> Decimal:
    """Milligrams a day of a row."""
    return row.number("mg_per_day")


def whose(row: Row, language: Language) -> str:
    """The group of a row with its authority, for use inside a sentence: `voksne kvinder fra 18 år (NNR 2023)`."""
    short = next((name for key, name in _SHORT_NAMES if key in row["authority"]), row["authority"])
    return f"{row[f'group_{language}']} ({short})"
