"""What a calculation hands on: statements, the rows that they rest on, and the working that can be done again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from magbot.schema import Language
from magbot.text.numbers import canonical, numbers_in

# Numbers that a working may hold without a source: grams in "per 100 g", mg in a gram, and the density of drinks.
CONSTANTS = frozenset({Decimal(1), Decimal(100), Decimal(1000)})
_MAX_DIGITS = 4


class Origin(StrEnum):
    """Where a number of a working comes from."""

    ROW = "row"
    QUESTION = "question"
    CONSTANT = "constant"
    STEP = "step"


class Operation(StrEnum):
    """What is done with the number so far and the next one."""

    TIMES = "×"
    OVER = "/"
    MINUS = "−"


@dataclass(frozen=True)
class Operand:
    """A number of a working; the first of a step is taken as it is, each further one through its operation."""

    value: Decimal
    origin: Origin
    operation: Operation = Operation.TIMES


@dataclass(frozen=True)
class Step:
    """One line of working, from left to right; `result` is exact, rounding is for the text."""

    operands: tuple[Operand, ...]
    result: Decimal


@dataclass(frozen=True)
class Comparison:
    """A claim that one value lies below, inside or above a range of a row (the same unit on both sides)."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None
    verdict: int  # -1 below, 0 inside, 1 above


@dataclass(frozen=True)
class CalculatedStatement:
    """A sentence, the rows as (document id, exact sentence of the row), and its working if it is not a row itself."""

    text: str
    rows: tuple[tuple[str, str], ...]
    verbatim: bool
    working: tuple[Step, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True)
class Calculation:
    """The answer to a question that the tables settle. `given` are the numbers that the question itself gives."""

    statements: tuple[CalculatedStatement, ...]
    language: Language
    given: frozenset[Decimal]


def compute(*operands: Operand) -> Step:
    """A step with its result."""
    return Step(operands, evaluate(operands))


def evaluate(operands: tuple[Operand, ...]) -> Decimal:
    """Value of a working from left to right."""
    value = operands[0].value
    for operand in operands[1:]:
        if operand.operation is Operation.TIMES:
            value *= operand.value
        elif operand.operation is Operation.OVER:
            value /= operand.value
        else:
            value -= operand.value
    return value


def verify(calculation: Calculation) -> bool:
    """Whether every statement holds when its working is done again and each of its numbers is traced to its origin."""
    return bool(calculation.statements) and all(_verify(statement, calculation) for statement in calculation.statements)


def _verify(statement: CalculatedStatement, calculation: Calculation) -> bool:
    if not statement.rows:
        return False
    if statement.verbatim:
        return any(statement.text == sentence for _, sentence in statement.rows)
    held = {Decimal(n) for _, sentence in statement.rows for n in numbers_in(sentence, calculation.language)}
    results: set[Decimal] = set()
    for step in statement.working:
        if not all(_is_traced(operand, held, calculation.given, results) for operand in step.operands):
            return False
        if step.result != evaluate(step.operands):
            return False
        results.add(step.result)
    for claim in statement.comparisons:
        if not ({claim.low, claim.high} - {None} <= held and claim.value in calculation.given | results | held):
            return False
        if claim.verdict != compare(claim.value, claim.low, claim.high):
            return False
    allowed = held | calculation.given | CONSTANTS
    written = {canonical(value) for value in allowed}
    written |= {
        canonical(value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))
        for value in results
        for digits in range(_MAX_DIGITS + 1)
    }
    return all(number in written for number in numbers_in(statement.text, calculation.language))


def _is_traced(operand: Operand, held: set[Decimal], given: frozenset[Decimal], results: set[Decimal]) -> bool:
    sources = {Origin.ROW: held, Origin.QUESTION: given, Origin.CONSTANT: CONSTANTS, Origin.STEP: results}
    return operand.value in sources[operand.origin]


def compare(value: Decimal, low: Decimal | None, high: Decimal | None) -> int:
    """-1 below the range, 0 inside (ends included), 1 above; an open end is None."""
    if low is not None and value < low:
        return -1
    return 1 if high is not None and value > high else 0
