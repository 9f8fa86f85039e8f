"""Upper levels for supplements, and how an amount compares with them."""

from __future__ import annotations

import re

from magbot.calculator.amounts import MG_PER
from magbot.calculator.calculation import CalculatedStatement, Comparison, Operation, compare, compute
from magbot.calculator.groups import authorities, fits_age, mg, of_authority
from magbot.calculator.tables import Row, Tables
from magbot.calculator.writing import Asked, constant, question_value, row_value, show, step_value, verbatim, worked

LIMIT = re.compile(
    r"\b(ovre grense\w*|overgrense\w*|grensen?|grenseverdi\w*|maks\w*|max\w*|hojst\w*|"
    r"(?:the )?most .{0,40}(?:may|can|should) (?:take|have|get)|"
    r"upper (?:level|limit|intake)s?|ul|"
    r"tolerable|(?:highest|largest|maximum) (?:amount|dose)|ceiling|limits?|for meget|too much|"
    r"vejledende (?:verdi|grense|niveau)\w*|guidance level|overskrid\w*|exceed\w*|over the)\b"
)
_LEGAL = re.compile(r"\b(lov\w*|legal\w*|law|statutory)\b")
_USUAL = ("nnr2023-adults", "eu-4-years-plus", "us-adults")


def limits(asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """The limits that hold for the person of the question, compared with its amount if it gives one."""
    rows = _rows(asked, tables)
    amount = next((amount for amount in asked.amounts if amount.unit in ("mg", "g")), None)
    if amount is None:
        return [verbatim(row, asked.language) for row in rows]
    return [
        _compared(asked, row, amount.value, amount.unit) if row["mg_per_day"] else verbatim(row, asked.language)
        for row in rows
    ]


def _rows(asked: Asked, tables: Tables) -> list[Row]:
    rows = tables.rows("upper-levels")
    if _LEGAL.search(asked.plain):
        return tables.pick("upper-levels", "denmark-legal-maximum")
    person = asked.person
    named = authorities(asked.plain)
    wanted = named or ["NNR2023", "EFSA", "US"]
    if person.condition:
        return [
            row
            for row in tables.pick("upper-levels", "eu-4-years-plus", "us-pregnant-breastfeeding")
            if not named or of_authority(row, named)
        ]
    if not named and person.adult:
        return tables.pick("upper-levels", *_USUAL)
    found = [
        row
        for row in rows
        if of_authority(row, wanted) and fits_age(row, person) and "pregnan" not in row["age_en"].split(",")[0]
        and row["limit_type"] != "legal maximum"
    ]  # fmt: skip
    if "Fødevarestyrelsen" in named and person.adult:
        found += tables.pick("upper-levels", "denmark-legal-maximum")
    return found[:4]


def _compared(asked: Asked, row: Row, value: object, unit: str) -> CalculatedStatement:
    language = asked.language
    amount = next(amount for amount in asked.amounts if amount.value == value and amount.unit == unit)
    limit = mg(row)
    in_mg = compute(question_value(amount.value), constant(int(MG_PER[unit])))
    over = in_mg.result > limit
    parts = (step_value(in_mg), row_value(limit, Operation.MINUS))
    turned = (row_value(limit), step_value(in_mg, Operation.MINUS))
    step = compute(*(parts if over else turned))
    written, difference, bound = show(in_mg.result, language), show(step.result, language), show(limit, language)
    sum_ = f"{written} − {bound} = {difference}" if over else f"{bound} − {written} = {difference}"
    sentence = row.sentences[language]
    if language == "da":
        where = "lig med" if step.result == 0 else f"{difference} mg {'over' if over else 'under'}"
        text = f"{written} mg om dagen er {where} denne grænse, der kun gælder tilskud ({sum_}): {sentence}"
    else:
        where = "equal to" if step.result == 0 else f"{difference} mg {'above' if over else 'below'}"
        text = f"{written} mg a day is {where} this limit, which counts supplements only ({sum_}): {sentence}"
    claim = Comparison(in_mg.result, None, limit, compare(in_mg.result, None, limit))
    return worked(text, [row], language, in_mg, step, comparisons=(claim,))
