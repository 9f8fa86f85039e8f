"""mg, mmol and mEq of magnesium; mg/dL, mmol/L and mEq/L in the blood; reference intervals."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from magbot.calculator.amounts import Amount
from magbot.calculator.calculation import CalculatedStatement, Comparison, Operand, Operation, compare, compute
from magbot.calculator.tables import Row, Tables
from magbot.calculator.writing import (
    Asked,
    about,
    constant,
    question_value,
    row_value,
    show,
    step_value,
    verbatim,
    worked,
)

_SPELT = {
    "mg": "mg",
    "g": "g",
    "ug": "µg",
    "mmol": "mmol",
    "meq": "mEq",
    "mmol/l": "mmol/L",
    "mg/dl": "mg/dL",
    "meq/l": "mEq/L",
}
_RANGE = re.compile(
    r"\b(?:normal\w*|reference) (?:magnesium )?(?:ranges?|intervals?|levels?|values?|omrade|verdi\w*|niveau)|"
    r"normalverdi\w*|normalomrade\w*|referenceinterval\w*|referenceomrade\w*"
)
_BLOOD = ("mmol/l", "mg/dl", "meq/l")
# From one unit to the other: the row that holds the factor, multiplied or divided by.
_ROUTES: dict[tuple[str, str], tuple[str, Operation]] = {
    ("mmol", "mg"): ("1-mmol-in-mg", Operation.TIMES),
    ("mg", "mmol"): ("1-mmol-in-mg", Operation.OVER),
    ("mmol", "meq"): ("1-mmol-in-meq", Operation.TIMES),
    ("meq", "mmol"): ("1-mmol-in-meq", Operation.OVER),
    ("meq", "mg"): ("1-meq-in-mg", Operation.TIMES),
    ("mg", "meq"): ("1-meq-in-mg", Operation.OVER),
    ("mmol/l", "mg/dl"): ("1-mmol-per-l-in-mg-per-dl", Operation.TIMES),
    ("mg/dl", "mmol/l"): ("1-mmol-per-l-in-mg-per-dl", Operation.OVER),
    ("mmol/l", "meq/l"): ("1-mmol-per-l-in-meq-per-l", Operation.TIMES),
    ("meq/l", "mmol/l"): ("1-mmol-per-l-in-meq-per-l", Operation.OVER),
}
_IN_BLOOD = re.compile(r"\b(serum\w*|plasma\w*|blod\w*|blood|p-magnesium|s-magnesium|p-mg|lab|blodprove\w*)\b")
_NORMAL = re.compile(
    r"\b(normal\w*|reference\w*|referens\w*|interval\w*|range|omrade\w*|lavt?|low|hojt?|high|inden for|within|deficien\w*|"
    r"hvor (?:mange mmol\S*|meget) (?:skal|bor) .{0,20}(?:vere|ligge)|(?:what|where) should)\b"
)
# Values between which a bare number is taken for mmol/L; mg/dL values of people lie above.
_LEAST_LEVEL, _MOST_LEVEL = Decimal("0.3"), Decimal("1.4")
_PLACES = (
    ("us-normal", re.compile(r"\b(usa|us|nih|america\w*|amerika\w*|united states)\b")),
    ("norway-nel-normal", re.compile(r"\b(norge|norsk\w*|norway|norwegian|nel)\b")),
    ("denmark-north-normal", re.compile(r"\b(danmark|dansk\w*|denmark|danish|nordjylland|region\w*)\b")),
)
_URINE_PLACES = (("denmark", _PLACES[2][1]), ("norway", _PLACES[1][1]))


def conversion(asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """An amount of the question in the unit that it asks for."""
    for amount in asked.amounts:
        source = "mg" if amount.unit in ("g", "ug") else amount.unit
        for target in (*asked.units, *(other.unit for other in asked.amounts if other.value == 1)):
            if (source, target) in _ROUTES and target != amount.unit:
                return _converted(amount, source, target, asked, tables)
    return []


def _converted(amount: Amount, source: str, target: str, asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    row_id, operation = _ROUTES[source, target]
    row = tables.row("units", row_id)
    if row is None:
        return []
    language = asked.language
    steps, start, prefix = [], question_value(amount.value), ""
    if amount.unit in ("g", "ug"):
        scale = constant(1000, Operation.TIMES if amount.unit == "g" else Operation.OVER)
        steps.append(compute(start, scale))
        start = step_value(steps[0])
        prefix = f"{show(amount.value, language)} {_SPELT[amount.unit]} = "
    factor = row.number("to_value")
    step = compute(start, row_value(factor, operation))
    digits = 2 if step.result < 100 else 0
    result = (
        show(step.result, language, digits) if target in _BLOOD or step.result < 20 else about(step.result, language)
    )
    sum_ = f"{prefix}{show(start.value, language)} {_SPELT[source]} {operation} {show(factor, language)}"
    what, given = f"{result} {_SPELT[target]}", f"{show(amount.value, language)} {_SPELT[amount.unit]}"
    if language == "da":
        text = f"{given} magnesium svarer til ca. {what} ({sum_})."
    else:
        text = f"{given} of magnesium equals about {what} ({sum_})."
    return [worked(text, [row], language, *steps, step)]


def blood_level(asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """Reference intervals for magnesium in the blood, with the question's value set against them."""
    value = next((amount for amount in asked.amounts if amount.unit in _BLOOD), None)
    if not _NORMAL.search(asked.plain):
        return []
    if "urin" in asked.plain:
        return [] if value else _in_urine(asked, tables)
    bare = None if value else _bare_level(asked)
    value = value or bare
    if not (value or _IN_BLOOD.search(asked.plain) or _RANGE.search(asked.plain)):
        return []
    if not (value or "magnesium" in asked.plain or "p-mg" in asked.plain):
        return []
    named = [row_id for row_id, pattern in _PLACES if pattern.search(asked.plain)]
    rows = tables.pick("laboratory-values", *(named or ["denmark-north-normal", "us-normal"]))
    if value is None:
        return [verbatim(row, asked.language) for row in rows]
    if bare:
        rows = [row for row in rows if row["unit"] == "mmol/L"]
    return [_placed(value, row, asked, tables) for row in rows]


def _in_urine(asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """Reference intervals of magnesium in the urine of a day."""
    named = [f"urine-{place}" for place, pattern in _URINE_PLACES if pattern.search(asked.plain)]
    rows = tables.pick("laboratory-values", *(named or ["urine-denmark", "urine-norway"]))
    return [verbatim(row, asked.language) for row in rows]


def _bare_level(asked: Asked) -> Amount | None:
    """A number without a unit that can only be a blood level in mmol/L: "my magnesium was 0.68, is that low?"."""
    if not re.search(r"\b(?:magnesium\w*|p-mg)\b", asked.plain):
        return None
    bare = [amount for amount in asked.amounts if not amount.unit and not amount.in_words]
    fitting = [amount for amount in bare if amount.value % 1 and _LEAST_LEVEL <= amount.value <= _MOST_LEVEL]
    return replace(fitting[0], unit="mmol/l") if len(fitting) == len(bare) == 1 else None


def _placed(value: Amount, row: Row, asked: Asked, tables: Tables) -> CalculatedStatement:
    language = asked.language
    operand: Operand = question_value(value.value)
    rows, steps, shown = [row], [], f"{show(value.value, language)} {_SPELT[value.unit]}"
    if value.unit != "mmol/l":
        row_id, operation = _ROUTES[value.unit, "mmol/l"]
        unit_row = tables.row("units", row_id)
        if unit_row is None:
            return verbatim(row, language)
        step = compute(operand, row_value(unit_row.number("to_value"), operation))
        operand, rows, steps = step_value(step), [row, unit_row], [step]
        shown += f" = {show(step.result, language, 2)} mmol/L"
    low, high = Decimal(row["low"]), Decimal(row["high"])
    verdict = compare(operand.value, low, high)
    where = {
        "da": {-1: "ligger under", 0: "ligger inden for", 1: "ligger over"},
        "en": {-1: "lies below", 0: "lies within", 1: "lies above"},
    }[language][verdict]
    name = {"da": "dette område", "en": "this range"}[language]
    text = f"{shown} {where} {name}: {row.sentences[language]}"
    claim = Comparison(operand.value, low, high, verdict)
    return worked(text, rows, language, *steps, comparisons=(claim,))
