"""Short helpers for the sentences of calculations: numbers, roundings, names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from magbot.calculator.amounts import Amount, asked_units, parse_amounts
from magbot.calculator.calculation import CalculatedStatement, Comparison, Operand, Operation, Origin, Step
from magbot.calculator.people import Person, parse_person
from magbot.calculator.spelling import mend
from magbot.calculator.tables import Row
from magbot.schema import Language
from magbot.text.numbers import write_number


@dataclass(frozen=True)
class Asked:
    """A question taken apart: folded words, amounts, units without amounts, the person."""

    raw: str
    plain: str
    language: Language
    amounts: tuple[Amount, ...]
    units: tuple[str, ...]
    person: Person


def take_apart(question: str, language: Language) -> Asked:
    """What every form of question needs."""
    plain = mend(question)
    amounts = tuple(parse_amounts(plain, language))
    return Asked(
        question, plain, language, amounts, tuple(asked_units(plain, language)), parse_person(question, language)
    )


def digits_for(value: Decimal) -> int:
    """Decimals that make sense: none from 20 on, one from 2 on, two below."""
    return 0 if abs(value) >= 20 else 1 if abs(value) >= 2 else 2


def rounded(value: Decimal, digits: int) -> Decimal:
    """Round half up, as people do."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def show(value: Decimal, language: Language, digits: int | None = None) -> str:
    """A number for the reader; unrounded values keep up to four decimals."""
    digits = 4 if digits is None else digits
    return write_number(rounded(value, digits), language, digits)


def about(value: Decimal, language: Language) -> str:
    """A rounded number."""
    return show(value, language, digits_for(value))


def row_value(value: Decimal, operation: Operation = Operation.TIMES) -> Operand:
    """A number that stands in a cited row."""
    return Operand(value, Origin.ROW, operation)


def question_value(value: Decimal, operation: Operation = Operation.TIMES) -> Operand:
    """A number that stands in the question."""
    return Operand(value, Origin.QUESTION, operation)


def constant(value: int, operation: Operation = Operation.TIMES) -> Operand:
    """A number of the metric system."""
    return Operand(Decimal(value), Origin.CONSTANT, operation)


def step_value(step: Step, operation: Operation = Operation.TIMES) -> Operand:
    """The result of an earlier step."""
    return Operand(step.result, Origin.STEP, operation)


def verbatim(row: Row, language: Language) -> CalculatedStatement:
    """A row as it stands."""
    return CalculatedStatement(row.sentences[language], (row.cite(language),), verbatim=True)


def worked(
    text: str, rows: list[Row], language: Language, *working: Step, comparisons: tuple[Comparison, ...] = ()
) -> CalculatedStatement:
    """A sentence of its own with its working."""
    cited = tuple(dict.fromkeys(row.cite(language) for row in rows))
    return CalculatedStatement(text, cited, verbatim=False, working=working, comparisons=comparisons)


def lower_first(text: str) -> str:
    """For a name inside a sentence; abbreviations keep their capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def upper_first(text: str) -> str:
    """For a name at the start of a sentence."""
    return text[:1].upper() + text[1:]
