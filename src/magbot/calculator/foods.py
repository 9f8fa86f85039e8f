"""Magnesium in an amount of a food, its share of a daily need, and how much of a food covers a need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from magbot.calculator.amounts import GRAMS_PER, ML_PER, Amount, parse_amounts
from magbot.calculator.calculation import CalculatedStatement, Operand, Operation, Step, compute
from magbot.calculator.groups import mg, whose
from magbot.calculator.intake import daily_needs
from magbot.calculator.names import Named
from magbot.calculator.tables import Row, Tables
from magbot.calculator.writing import (
    Asked,
    about,
    constant,
    lower_first,
    question_value,
    row_value,
    show,
    step_value,
    upper_first,
    verbatim,
    worked,
)

COVER = re.compile(
    r"\b(dekke\w*|nar?|svarer til|skal der til|spise\w*|for at fa|opfylde\w*|to (?:cover|get|reach|meet)|equals?|eat|meets?|covers?|"
    r"reach\w*|corresponds?|need to|hvor mange|hvor mange gram|how many)\b"
)
# A day's need, said without the word: "for at få nok", "enough for a day", "a day's magnesium".
DAY = re.compile(
    r"\b(?:nok|enough|for (?:en|the|one|a|hele) (?:hel |whole )?(?:dag(?:en)?|day)|dags (?:magnesium|forbrug|behov)|"
    r"dagsdosis|dagsration|daglige dosis|daily dose|"
    r"(?:a|one|my|the) day'?s(?: worth)?|dagens)\b"
)
_UNIT_NAMES: dict[str, tuple[str, str]] = {
    "dl": ("dl", "dl"), "ml": ("ml", "ml"), "l": ("liter", "litres"), "g": ("g", "g"), "kg": ("kg", "kg"), "mg": ("mg", "mg"),
}  # fmt: skip
_DRINKS = ("milk-whole", "milk-skimmed", "soy-drink", "coffee", "black-tea", "beer", "espresso")


@dataclass(frozen=True)
class Serving:
    """The household measure of a row: `count` of `unit` weigh what the row says."""

    count: Decimal
    unit: str


def serving(row: Row) -> Serving | None:
    """Measure of a row's serving; None for ranges ("2-3 squares") and rows without one."""
    text = row["serving_en"]
    if not text or re.search(r"\d-\d|about|litres", text):
        return None
    amounts = parse_amounts(text, "en")
    if len(amounts) != 1:
        return None
    return Serving(amounts[0].value, amounts[0].unit or "piece")


def name(row: Row, asked: Asked) -> str:
    """A food's name inside a sentence."""
    full = row[f"food_{asked.language}"]
    return lower_first(full.split(",")[0] if full.endswith(",") else full)


def amount_of(asked: Asked, named: Named) -> Amount | None:
    """The amount that belongs to a food: the nearest before it, else the first after it; mg of magnesium are not one."""
    fitting = [amount for amount in asked.amounts if not _is_reference(asked, amount) and amount.unit != "mg"]
    before = [amount for amount in fitting if amount.end <= named.start]
    if before:
        # A bare number word must stand next to the food ("en banan"), or it is an article of something else.
        near = before[-1]
        between = asked.plain[near.end : named.start].strip()
        if not near.in_words or near.unit or len(between.split()) <= 1:
            return near
    return next((amount for amount in fitting if amount.start >= named.end and amount.unit), None)


def _is_reference(asked: Asked, amount: Amount) -> bool:
    """True for "per 100 g", a percentage and an age."""
    before, after = asked.plain[: amount.start].rstrip(), asked.plain[amount.end :]
    return (
        bool(re.search(r"(?:per|pr\.?|/|pa)$", before))
        or after.startswith(("%", "-"))
        or bool(re.match(r" ?(?:ar|year|y/o|yo)", after))
    )


@dataclass(frozen=True)
class Content:
    """Magnesium in an amount of food: the step, and its sum and amount in words."""

    step: Step
    amount: str
    sum: str


def content(row: Row, amount: Amount, asked: Asked) -> Content | None:
    """Magnesium (mg) in an amount of a food; None when the table has no weight for the unit."""
    language = asked.language
    number = show(amount.value, language)
    if amount.unit in ML_PER and row["mg_per_litre"]:
        litre = row.number("mg_per_litre")
        scale: list[Operand] = [] if amount.unit == "l" else [constant(1000, Operation.OVER)]
        factor = [constant(100)] if amount.unit == "dl" else []
        step = compute(row_value(litre), question_value(amount.value), *factor, *scale)
        words = f"{number} {_UNIT_NAMES[amount.unit][language == 'en']}"
        return Content(
            step, words, f"{show(litre, language)} mg {_per(language)} liter × {words}".replace("liter", "l")
        )
    if not row["mg_per_100g"] or row["mg_per_litre"]:
        return None
    per = row.number("mg_per_100g")
    per_words = f"{show(per, language)} mg {_per(language)} 100 g"
    if amount.unit in GRAMS_PER:
        factor = [constant(1000)] if amount.unit == "kg" else []
        step = compute(row_value(per), question_value(amount.value), *factor, constant(100, Operation.OVER))
        words = f"{number} {_UNIT_NAMES[amount.unit][0]}"
        return Content(step, words, f"{per_words} × {words} / 100 g")
    if amount.unit in ML_PER and row.id in _DRINKS:
        factor = {"ml": [], "dl": [constant(100)], "l": [constant(1000)]}[amount.unit]
        step = compute(row_value(per), question_value(amount.value), *factor, constant(100, Operation.OVER))
        words = f"{number} {_UNIT_NAMES[amount.unit][language == 'en']}"
        note = "100 ml regnet som 100 g" if language == "da" else "counting 100 ml as 100 g"
        return Content(step, words, f"{per_words} × {words}, {note}")
    return _measured(row, amount, asked)


def _measured(row: Row, amount: Amount, asked: Asked) -> Content | None:
    measure = serving(row)
    if measure is None or (amount.unit or "piece") != measure.unit or not row["mg_per_serving"]:
        return None
    language = asked.language
    each, grams = row.number("mg_per_serving"), row.number("serving_g")
    over = [] if measure.count == 1 else [Operand(measure.count, row_value(measure.count).origin, Operation.OVER)]
    step = compute(row_value(each), question_value(amount.value), *over)
    unit = f"{row[f'serving_{language}']} ({show(grams, language)} g)"
    number = show(amount.value, language)
    words = f"{number} × {unit}" if measure.count == 1 else f"{number}/{show(measure.count, language)} × {unit}"
    divided = "" if measure.count == 1 else f" / {show(measure.count, language)}"
    return Content(step, words, f"{show(each, language)} mg × {number}{divided}")


def _per(language: str) -> str:
    return "pr." if language == "da" else "per"


def food_amount(named: Named, asked: Asked) -> CalculatedStatement:
    """The row as it stands, or the magnesium in the amount that the question gives."""
    row, language = named.row, asked.language
    amount = amount_of(asked, named)
    one = amount is not None and amount.value == (measure.count if (measure := serving(row)) else 1)
    if amount is None or (one and amount.unit not in GRAMS_PER and amount.unit not in ML_PER):
        return verbatim(row, language)
    found = content(row, amount, asked)
    if found is None:
        return verbatim(row, language)
    result, exact = about(found.step.result, language), show(found.step.result, language, 1)
    if language == "da":
        text = f"{found.amount} {name(row, asked)} giver ca. {result} mg magnesium ({found.sum} = {exact} mg)."
    else:
        text = f"{found.amount} of {name(row, asked)} gives about {result} mg of magnesium ({found.sum} = {exact} mg)."
    return worked(text, [row], language, found.step)


def food_share(named: Named, asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """What part of the recommended intake an amount (else a serving) of a food gives."""
    row, language = named.row, asked.language
    amount = amount_of(asked, named)
    found = content(row, amount, asked) if amount else None
    statements = [food_amount(named, asked)]
    if found is None:
        if not row["mg_per_serving"]:
            return statements
        given, steps = row_value(row.number("mg_per_serving")), []
    else:
        given, steps = step_value(found.step), [found.step]
    for need in daily_needs(asked, tables):
        step = compute(given, row_value(mg(need), Operation.OVER), constant(100))
        amount_mg, target, group = show(given.value, language, 1), show(mg(need), language), whose(need, language)
        percent = about(step.result, language)
        if language == "da":
            text = f"{amount_mg} mg er ca. {percent} % af {target} mg om dagen, som er værdien for {group} ({amount_mg} / {target} × 100)."
        else:
            text = f"{amount_mg} mg is about {percent}% of {target} mg a day, the value for {group} ({amount_mg} / {target} × 100)."
        statements.append(worked(text, [row, need], language, *steps, step))
    return statements


def food_for_need(named: Named, asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """How much of a food holds a number of mg in the question, else a day's need."""
    row = named.row
    if not row["mg_per_100g"] or row["mg_per_litre"]:
        return []
    target = next((amount for amount in asked.amounts if amount.unit == "mg"), None)
    if target is not None:
        return [_needed(row, question_value(target.value), None, asked)]
    return [_needed(row, row_value(mg(need)), need, asked) for need in daily_needs(asked, tables)]


def _needed(row: Row, target: Operand, need: Row | None, asked: Asked) -> CalculatedStatement:
    language = asked.language
    per = row.number("mg_per_100g")
    step = compute(target, row_value(per, Operation.OVER), constant(100))
    grams, wanted, food = about(step.result, language), show(target.value, language), name(row, asked)
    sum_ = f"{wanted} / {show(per, language)} × 100 g"
    steps, servings = [step], ""
    measure = serving(row)
    if measure and measure.count == 1 and row["serving_g"] and row["serving_kind"] == "normal":
        size = row.number("serving_g")
        times = compute(step_value(step), row_value(size, Operation.OVER))
        steps.append(times)
        unit, count = row[f"serving_{language}"], show(times.result, language, 1)
        servings = f", {'eller' if language == 'da' else 'or'} {count} × {unit} ({show(size, language)} g)"
    who = "" if need is None else whose(need, language)
    if language == "da":
        goal = f", som er værdien om dagen for {who}" if who else ""
        text = f"{upper_first(food)}: ca. {grams} g indeholder {wanted} mg magnesium{goal} ({sum_}){servings}."
    else:
        goal = f", the daily value for {who}" if who else ""
        text = f"{upper_first(food)}: about {grams} g holds {wanted} mg of magnesium{goal} ({sum_}){servings}."
    return worked(text, [row, *([need] if need else [])], language, *steps)
