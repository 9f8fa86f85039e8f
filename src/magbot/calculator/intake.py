"""Recommended intake for a person, and shares of it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from magbot.calculator.amounts import MG_PER
from magbot.calculator.calculation import CalculatedStatement, Operation, compute
from magbot.calculator.groups import authorities, fits_age, fits_condition, fits_sex, mg, of_authority, whose
from magbot.calculator.people import BOTH, Person, ages_of
from magbot.calculator.tables import Row, Tables
from magbot.calculator.writing import Asked, about, constant, question_value, row_value, show, verbatim, worked

NEED = re.compile(
    r"\b(anbefal\w*|dagsbehov\w*|daglige? (?:behov|mengde|indtag)|behov\w*|rda|rni|nrv|ear|adi|tilstrekkeligt? indtag|"
    r"recommend\w*|requirements?|(?:daily|adequate|reference(?: nutrient)?) (?:need|needs|intake|value|amount)|"
    # "How much magnesium does kelp hold?" asks for a food that the tables may lack.
    r"how much magnesium (?:should|(?:do|does)(?!.*\b(?:hold|contain|provide)\b)|must|(?:a|per|each|every) day)|"
    r"need (?:a|per|each|every) day|target|referenceverdi\w*|"
    r"daily (?:magnesium|amount)|reference value|rdi|(?:wo)?man's day|(?:'s|my|your|their) needs?|ri|(?:hele )?dagens magnesium|"
    r"hvor meget (?:magnesium )?(?:skal|bor|har|behover)|(?:skal|bor) (?:.{1,40} )?(?:have|fa) .{0,20}(?:magnesium|om dagen|dagligt))"
)
SHARE = re.compile(
    r"(?<!\d)%|\b(procent\w*|percent\w*|per cent|andel\w*|(?:stor |en )del af|fraction|share|"
    r"hvor meget af .{0,30}behov\w*|how much of .{1,30}(?:need|intake|requirement)|"
    r"how much of (?:my|your|a) dai\w+|hvor meget af (?:mit|dit|min) dag\w*|"
    r"halvdelen|half of|a third|en tredjedel|proportion|dekker|covers?)\b"
)
_LABEL = re.compile(r"\b(nrv|etiket\w*|labels?|deklaration\w*|referenceverdi\w*|reference value)\b")
_AVERAGE = re.compile(r"\b(ear|gennemsnitsbehov\w*|gennemsnitlige? behov\w*|average requirement)\b")
# Words for a value that holds for everyone, or for one authority.
_OF_ITS_OWN = re.compile(rf"{_LABEL.pattern}|{_AVERAGE.pattern}|\b(rda|rni)\b")
_MORE = re.compile(r"\b(higher|more|extra|mere|ekstra|hojere|than|end)\b")
_ADULTS = ("nnr2023-18-plus-years-female", "nnr2023-18-plus-years-male")
_MAX_ROWS = 4
_FACTORS = {"mmol": "1-mmol-in-mg", "meq": "1-meq-in-mg"}


def intake(asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """The rows that say how much a day, most Danish first; empty when no row fits."""
    rows = intake_rows(asked, tables)
    for other in ages_of(asked.plain)[1:]:
        # "women over 51 against women of 30": the same question for each age.
        person = replace(asked.person, months=other)
        rows += [row for row in intake_rows(replace(asked, person=person), tables) if row not in rows]
    return [_in_unit(row, asked, tables) or verbatim(row, asked.language) for row in rows[:_MAX_ROWS]]


def is_general(asked: Asked) -> bool:
    """Whether a question about needs narrows nothing down: no person, authority, other unit or special value."""
    narrowed = (
        asked.person.named or BOTH.search(asked.plain) or authorities(asked.plain) or set(asked.units) & set(_FACTORS)
    )
    return not (narrowed or _OF_ITS_OWN.search(asked.plain))


def _in_unit(row: Row, asked: Asked, tables: Tables) -> CalculatedStatement | None:
    """A row in mmol or mEq, when the question asks for that unit."""
    unit = next((name for name in asked.units if name in _FACTORS), None)
    factor_row = tables.row("units", _FACTORS[unit]) if unit else None
    if unit is None or factor_row is None:
        return None
    factor = Decimal(factor_row["to_value"])
    step = compute(row_value(mg(row)), row_value(factor, Operation.OVER))
    language, name = asked.language, {"mmol": "mmol", "meq": "mEq"}[unit]
    need, result, group = show(mg(row), language), about(step.result, language), whose(row, language)
    sum_ = f"{need} / {show(factor, language)}"
    if language == "da":
        text = f"{need} mg magnesium om dagen, som er værdien for {group}, svarer til ca. {result} {name} ({sum_})."
    else:
        text = f"{need} mg of magnesium a day, the value for {group}, equals about {result} {name} ({sum_})."
    return worked(text, [row, factor_row], language, step)


def intake_rows(asked: Asked, tables: Tables) -> list[Row]:
    """At most four rows for the person and authority of the question."""
    rows = tables.rows("recommended-intake")
    if _LABEL.search(asked.plain):
        return [row for row in rows if row["value_type"] == "NRV"]
    kind_fits = [row for row in rows if (row["value_type"] == "EAR") == bool(_AVERAGE.search(asked.plain))]
    named = [name for name in authorities(asked.plain) if name in ("NNR2012", "NNR2023", "EFSA", "US", "UK")]
    if "NNR2012" in named:
        named = ["NNR2012"]
    usual = ["US"] if _AVERAGE.search(asked.plain) else ["NNR2023", "EFSA", "US"]
    order = named or usual
    person = asked.person
    found = [row for name in order for row in kind_fits if of_authority(row, [name]) and _fits(row, person)]
    if not found and named:
        found = [row for name in usual for row in kind_fits if of_authority(row, [name]) and _fits(row, person)]
    if person.condition and _MORE.search(asked.plain):
        others = Person(person.sex, person.months)
        found += [row for row in kind_fits if of_authority(row, order) and _fits(row, others)]
    if not person.sex and person.adult and not named:
        # Both sexes of one European and the American authority; the EU figures are the Nordic ones.
        found = [row for row in found if "EFSA" not in row["authority"]]
    return found[:_MAX_ROWS]


def _fits(row: Row, person: Person) -> bool:
    return fits_age(row, person) and fits_sex(row, person) and fits_condition(row, person)


def daily_needs(asked: Asked, tables: Tables) -> list[Row]:
    """The rows that arithmetic on a daily need starts from: one for a person, else an adult woman's and man's."""
    person = asked.person
    if person.named or authorities(asked.plain) or _LABEL.search(asked.plain):
        rows = intake_rows(asked, tables)
        return rows[:1] if person.sex or not person.adult else rows[:2]
    return tables.pick("recommended-intake", *_ADULTS)


def share(asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """What part of the recommended intake an amount of magnesium in the question is."""
    amount = next((amount for amount in asked.amounts if amount.unit in ("mg", "g")), None)
    if amount is None:
        return []
    language = asked.language
    given = question_value(amount.value)
    statements = []
    for row in daily_needs(asked, tables):
        factor = [] if amount.unit == "mg" else [constant(int(MG_PER[amount.unit]))]
        step = compute(given, *factor, row_value(mg(row), Operation.OVER), constant(100))
        written, need, group = show(amount.value, language), show(mg(row), language), whose(row, language)
        times = " × 1.000" if language == "da" else " × 1,000"
        sum_ = f"{written}{times if factor else ''} / {need} × 100"
        percent = about(step.result, language)
        if language == "da":
            text = f"{written} {amount.unit} magnesium er ca. {percent} % af {need} mg om dagen, som er værdien for {group} ({sum_})."
        else:
            text = f"{written} {amount.unit} magnesium is about {percent}% of {need} mg a day, the value for {group} ({sum_})."
        statements.append(worked(text, [row], language, step))
    return statements
