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
    ("nuts", re.compile(r"\b(nod(?:der\w*)?|nuts?)\b")),
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
    r"\b(?:list|name|which|what|hvilken|hvilket|hvilke|nevn|top\w*)\b(?!.*\b(?:or|eller|vs)\b).*"
    r"\b(?:beans?|bonner?|seeds?|fro|nuts?|nod|nodder|fish|fisk|fruits?|frugt(?:er)?|vegetables?|drinks?|drikke\w*|grains?|brod|breads?|"
    r"kal|kaltype\w*|chokolade\w*|chocolates?|oste?|cheeses?)\b"
)
# Kinds of food that are no category of the table: told by a word of the rows' names.
_KINDS = (
    (re.compile(r"\b(?:brod\w*|breads?)\b"), re.compile(r"bread\b")),
    (re.compile(r"\bkal(?:typer?|sorter?)?\b"), re.compile(r"\b(?:kale|cabbage)\b")),
    (re.compile(r"\b(?:chokolade\w*|chocolates?)\b"), re.compile(r"\bchocolate\b")),
    (re.compile(r"\b(?:oste?|cheeses?)\b"), re.compile(r"\bcheese\b")),
)
# "which nut holds most": of what else, to magbot?
_HOLDS_MOST = re.compile(
    r"\b(?:har|indeholder|giver|has|have|contains?|holds?|gives?) (?:der )?(?:the )?(?:mest|mindst|most|least)"
    r"(?: (?:i sig|af det|of it|in it))?\W*$|\b(?:mest|most) (?:i|in)\W*$"
)
_LISTED = 5


def richest(asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """The foods with most (or least) magnesium per 100 g and per serving, of a category if the question names one."""
    least = bool(_LEAST.search(asked.plain))
    about_magnesium = "magnesium" in asked.plain or _HOLDS_MOST.search(asked.plain)
    if not (MOST.search(asked.plain) or least) or not about_magnesium:
        return []
    kind = next((named for words, named in _KINDS if words.search(asked.plain)), None)
    category = None if kind else next((name for name, pattern in _CATEGORIES if pattern.search(asked.plain)), None)
    if category is None and kind is None and (least or not _ANY.search(asked.plain)):
        return []
    rows = [
        row
        for row in tables.rows("foods")
        if row["table"] == "usda"
        and row["mg_per_100g"]
        and category in (None, row["category"])
        and (kind is None or kind.search(row["food_en"].lower()))
    ]
    return [
        _listed(rows, column, asked, least)
        for column in ("mg_per_100g", "mg_per_serving")
        if any(row[column] for row in rows)
    ]


def _listed(rows: list[Row], column: str, asked: Asked, least: bool) -> CalculatedStatement:
    language = asked.language
    best: dict[str, Row] = {}
    sign = 1 if least else -1
    for row in sorted((row for row in rows if row[column]), key=lambda row: sign * row.number(column)):
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
    most = {"da": "Mindst" if least else "Mest", "en": "Least" if least else "Most"}[language]
    per = {"da": "i en portion" if serving else "pr. 100 g", "en": "in a serving" if serving else "per 100 g"}[language]
    lead = f"{most} magnesium {per}"
    return worked(f"{lead}: {items}.", top, language)
