"""Which foods hold most magnesium."""

from __future__ import annotations

import re

from magbot.calculator.calculation import CalculatedStatement
from magbot.calculator.foods import name
from magbot.calculator.tables import Row, Tables
from magbot.calculator.writing import Asked, show, worked

MOST = re.compile(
    r"\b(mest|most|hojest\w*|highest|rige?t?|rich(?:est)?|high in|bedste?|best|(?:gode|good) (?:\w+ )?(?:kilder?|sources?)|kilder|sources|"
    r"top|full of|meget magnesium|lots of|much magnesium)\b"
)
_LEAST = re.compile(r"\b(mindst|least|lowest|lavest|fattig\w*|low)\b")
_ANY = re.compile(r"\b(mad(?:varer|varerne)?|fodevare\w*|foods?|foodstuffs?|levnedsmid\w*|spise|eat|diet)\b")
_CATEGORIES = (
    ("seeds", re.compile(r"\b(fro|froene|kerner|seeds?)\b")),
    ("nuts", re.compile(r"\b(nodder\w*|nuts?)\b")),
    ("vegetables", re.compile(r"\b(gronts\w*|gront|vegetables?|veg|veggies)\b")),
    ("fruit", re.compile(r"\b(frugt\w*|fruits?)\b")),
    ("legumes", re.compile(r"\b(balgfrugt\w*|belgfrugt\w*|legumes?|pulses|beans|bonner|linser|lentils)\b")),
    ("fish", re.compile(r"\b(fisk\w*|fish|seafood)\b")),
    ("grain", re.compile(r"\b(korn\w*|grains?|cereals?|kornprodukt\w*)\b")),
    ("drinks", re.compile(r"\b(drikke\w*|drikkevarer|drinks?|beverages?)\b")),
    ("meat", re.compile(r"\b(kod|meats?)\b")),
)
# A list is asked for, although the category's word is also the name of a food: "the beans with most magnesium".
LISTING = re.compile(
    r"\b(?:list|name|which|what|hvilke|nevn|top\w*)\b(?!.*\b(?:or|eller|vs)\b).*"
    r"\b(?:beans|bonner|seeds|fro|nuts|nodder|fish|fisk|fruits?|frugter?|vegetables|drinks?|drikke\w*|grains?)\b"
)
_LISTED = 5


def richest(asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """The foods with most magnesium per 100 g and per serving, of a category if the question names one."""
    if not MOST.search(asked.plain) or _LEAST.search(asked.plain) or "magnesium" not in asked.plain:
        return []
    category = next((name for name, pattern in _CATEGORIES if pattern.search(asked.plain)), None)
    if category is None and not _ANY.search(asked.plain):
        return []
    rows = [
        row
        for row in tables.rows("foods")
        if row["table"] == "usda" and row["mg_per_100g"] and category in (None, row["category"])
    ]
    return [
        _listed(rows, column, asked) for column in ("mg_per_100g", "mg_per_serving") if any(row[column] for row in rows)
    ]


def _listed(rows: list[Row], column: str, asked: Asked) -> CalculatedStatement:
    language = asked.language
    best: dict[str, Row] = {}
    for row in sorted((row for row in rows if row[column]), key=lambda row: -row.number(column)):
        best.setdefault(
            row.id.split("-")[0] if row.id.startswith(("pumpkin", "cashew", "spinach", "kale")) else row.id, row
        )
    top = list(best.values())[:_LISTED]
    serving = column == "mg_per_serving"
    items = "; ".join(
        name(row, asked)
        + (f" ({row[f'serving_{language}']}) " if serving else " ")
        + f"{show(row.number(column), language)} mg"
        for row in top
    )
    lead = {
        "da": "Mest magnesium i en portion" if serving else "Mest magnesium pr. 100 g",
        "en": "Most magnesium in a serving" if serving else "Most magnesium per 100 g",
    }[language]
    return worked(f"{lead}: {items}.", top, language)
