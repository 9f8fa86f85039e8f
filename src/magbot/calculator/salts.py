"""Magnesium in a salt, and salt for an amount of magnesium."""

from __future__ import annotations

import re
from decimal import Decimal

from magbot.calculator.amounts import MG_PER, Amount
from magbot.calculator.calculation import CalculatedStatement, Operation, compute
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
    verbatim,
    worked,
)

ASKS_SHARE = re.compile(
    r"(?<!\d)%|\b(procent\w*|percent\w*|per cent|andel\w*|share|elementa\w*|element?ert?\w*|elemental|ren[te]?|pure|actual|faktisk\w*|"
    r"hvor meget|how much|how many|hvor mange|indhold\w*|content|contains?|mg|milligram\w*|mengden?|fraction|egentlig\w*)\b"
)
_ELEMENTAL = re.compile(
    r"(?<!\d)%|\b(procent\w*|percent\w*|andel\w*|share|element\w*|ren[te]?|pure|magnesium (?:i|in)|"
    r"(?:hvor meget|how much|amount of) (?:rent |elemental |pure |actual )?magnesium)\b"
)
_MAGNESIUM = re.compile(r"^ ?(?:elemental |pure |rent? |elementert? |actual |of |af )*magnesium(?![\w-])")
# "how much citrate do I need to get 300 mg": what is wanted is the magnesium in it.
_WANTED = re.compile(r"\b(?:to (?:get|reach)|for at (?:fa|na))(?: \w+)?\W*$")
_MOST = re.compile(
    r"\b(mest|most|hojest\w*|highest|mindst|least|lowest|rank|rangorden|rekkefolge|compare|sammenlign\w*)\b"
)
_LEAST = re.compile(r"\b(mindst|least|lowest)\b")
# "150 mg magnesium from bisglycinate": the amount is of magnesium, not of the salt that follows.
_AS_SALT = re.compile(
    r"^ ?(?:elemental |pure |rent? |elementert? |actual |real |of |af )*magnesium (?:from|as|som|fra|via|using|with|med|ved)\b"
)
_USE = re.compile(
    r"\b(tage|tager|take|taking|dosis|dose\w*|daglig\w*|daily|om dagen|a day|eller|or|bedre|better|best|bedst\w*|og|and|med|with)\b"
)
_FORMS = re.compile(r"\b(salt\w*|forms?|former?|type[rs]?|slags)\b")
# The same name is used for another form of the salt as well.
_ALSO = {
    "trimagnesium-dicitrate": "monomagnesium-citrate",
    "magnesium-chloride-anhydrous": "magnesium-chloride-hexahydrate",
    "magnesium-sulfate-anhydrous": "magnesium-sulfate-heptahydrate",
}


def salts(asked: Asked, named: list[Named], tables: Tables) -> list[CalculatedStatement]:
    """What the question asks about the salts that it names; empty when it asks something else."""
    language = asked.language
    if not named:
        if _MOST.search(asked.plain) and _FORMS.search(asked.plain) and "magnesium" in asked.plain:
            sign = 1 if _LEAST.search(asked.plain) else -1
            rows = sorted(tables.rows("salts"), key=lambda row: sign * row.number("elemental_percent"))
            return [verbatim(row, language) for row in rows[:3]]
        return []
    compared = len(named) > 1 and _MOST.search(asked.plain) and "magnesium" in asked.plain
    if not compared and not ASKS_SHARE.search(asked.plain) and not _only_names(asked, named):
        return []
    settled = _MOST.search(asked.plain) or _ELEMENTAL.search(asked.plain)
    amount = next((amount for amount in asked.amounts if amount.unit in ("mg", "g")), None)
    wanted = amount is not None and _WANTED.search(asked.plain[: amount.start])
    if _USE.search(asked.plain) and not settled and not wanted:
        return []
    if len(named) > 1 or amount is None:
        return [verbatim(row, language) for named_ in named[:3] for row in _with_other(named_.row, tables, len(named))]
    first = named[0]
    behind = _after(asked, amount, first)
    salt_first = amount.start > first.start
    reverse = bool((salt_first and wanted) or (_MAGNESIUM if salt_first else _AS_SALT).match(behind))
    work = _salt_for if reverse else _magnesium_in
    return [work(row, amount, asked) for row in _with_other(first.row, tables, 1)]


def _after(asked: Asked, amount: Amount, named: Named) -> str:
    """The text behind an amount, up to the salt's name if that comes later."""
    return asked.plain[amount.end : named.start if named.start > amount.end else None]


def _only_names(asked: Asked, named: list[Named]) -> bool:
    return bool(asked.amounts) and len(asked.plain.split()) <= 4 * len(named) + 2


def _with_other(row: Row, tables: Tables, count: int) -> list[Row]:
    other = _ALSO.get(row.id) if count == 1 else None
    return [row, *(tables.pick("salts", other) if other else [])]


def _magnesium_in(row: Row, amount: Amount, asked: Asked) -> CalculatedStatement:
    language = asked.language
    factor = [] if amount.unit == "mg" else [constant(1000)]
    percent = row.number("elemental_percent")
    step = compute(question_value(amount.value), *factor, row_value(percent), constant(100, Operation.OVER))
    written, name = f"{show(amount.value, language)} {amount.unit}", lower_first(row[f"salt_{language}"])
    thousand = "1.000" if language == "da" else "1,000"
    grams = f" × {thousand}" if factor else ""
    result, exact = about(step.result, language), show(step.result, language, 1)
    sum_ = f"{written}{grams} × {show(percent, language, 1)} / 100 = {exact} mg"
    if language == "da":
        text = f"{written} {name} giver ca. {result} mg magnesium ({sum_})."
    else:
        text = f"{written} of {name} gives about {result} mg of magnesium ({sum_})."
    return worked(text, [row], language, step)


def _salt_for(row: Row, amount: Amount, asked: Asked) -> CalculatedStatement:
    language = asked.language
    factor = [] if amount.unit == "mg" else [constant(int(MG_PER[amount.unit]))]
    percent = row.number("elemental_percent")
    step = compute(question_value(amount.value), *factor, constant(100), row_value(percent, Operation.OVER))
    written, name = f"{show(amount.value, language)} {amount.unit}", lower_first(row[f"salt_{language}"])
    thousand = "1.000" if language == "da" else "1,000"
    grams = f" × {thousand}" if factor else ""
    result = show(step.result, language, 0 if step.result >= Decimal(20) else 1)
    sum_ = f"{written}{grams} × 100 / {show(percent, language, 1)}"
    if language == "da":
        text = f"{written} magnesium svarer til ca. {result} mg {name} ({sum_})."
    else:
        text = f"{written} of magnesium equals about {result} mg of {name} ({sum_})."
    return worked(text, [row], language, step)
