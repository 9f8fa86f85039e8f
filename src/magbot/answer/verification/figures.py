"""The check of a statement's amounts: each with its unit, its rate and the group that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import pairwise

from magbot.answer.verification.evidence import Evidence, Finding, Problem
from magbot.answer.verification.quantities import Quantity, unsupported
from magbot.answer.verification.reading import Reading

# Letters that tell a word, and how long a word must be to tell the order of a text.
_STEM = 5
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
# Ages and dates are often said once for several groups.
_SHARED_UNITS = ("year", "month", "date")
_AGES = ("year", "month")
_GROUPING = ("population", "place", "arm", "measure", "form", "human", "body", "food", "condition")
# Between the amount of one group and that of the next.
_SEPARATOR = re.compile(
    r"[;,]\s|\s(?:og|and|men|but|mens|while|whereas|versus|hvorimod)\s|"
    r"\s(?:mod|against|than|end|compared with|sammenlignet med)\s(?=(?:about |omkring |cirka )?\d)|"
    r"\s(?:mod|against|than|end)\s(?=placebo)"
)


def numbers(evidence: Evidence) -> Finding | None:
    """Every amount with its unit and rate must be in the quotes, with the group that it has there."""
    held = [quantity for quote in evidence.quotes for quantity in quote.quantities]
    texts = [quote.text for quote in evidence.quotes]
    missing = unsupported(evidence.statement.quantities, held, texts, evidence.names)
    if missing is not None:
        return Finding(Problem.NUMBER, str(missing))
    return _swapped(evidence) or _reordered(evidence)


def _reordered(evidence: Evidence) -> Finding | None:
    """Amounts that have changed places while what they belong to has not."""
    if len(evidence.quotes) != 1:
        return None
    quote, said = evidence.quotes[0], evidence.statement
    things = _words if said.language == quote.language else _things
    if _flipped(_places(said, _amounts), _places(quote, _amounts)) and not _flipped(
        _places(said, things), _places(quote, things)
    ):
        return Finding(Problem.NUMBER, "in another order")
    return None


def _amounts(reading: Reading) -> Iterable[tuple[object, int]]:
    return ((quantity.value, quantity.start) for quantity in reading.quantities if quantity.unit != "date")


def _things(reading: Reading) -> Iterable[tuple[object, int]]:
    return ((mention.concept, mention.start) for mention in reading.mentions if mention.concept != "magnesium")


def _words(reading: Reading) -> Iterable[tuple[object, int]]:
    return ((match.group()[:_STEM], match.start()) for match in _LONG_WORD.finditer(reading.text))


def _places(reading: Reading, of: Callable[[Reading], Iterable[tuple[object, int]]]) -> dict[object, int]:
    """Where each thing stands that stands in one place only."""
    found: dict[object, list[int]] = {}
    for thing, start in of(reading):
        found.setdefault(thing, []).append(start)
    return {thing: starts[0] for thing, starts in found.items() if len(starts) == 1}


def _flipped(first: dict[object, int], second: dict[object, int]) -> bool:
    """Whether two things stand in one order here and in the other there."""
    shared = sorted(first.keys() & second.keys(), key=lambda thing: first[thing])
    return any(second[a] > second[b] for a, b in pairwise(shared))


def _swapped(evidence: Evidence) -> Finding | None:
    """An amount that the quotes give to one group and the statement to another."""
    held: dict[tuple[str, Decimal, str], set[str]] = {}
    for quote in evidence.quotes:
        for quantity, groups in _groups(quote).items():
            for kind, concepts in groups.items():
                held.setdefault((kind, quantity.value, quantity.unit), set()).update(concepts)
    for quantity, groups in _groups(evidence.statement).items():
        for kind, concepts in groups.items():
            there = held.get((kind, quantity.value, quantity.unit), set())
            others = {
                c
                for (k, value, unit), found in held.items()
                for c in found
                if k == kind and unit == quantity.unit and value != quantity.value
            }
            if there - concepts and (concepts - there) & others:
                return Finding(Problem.NUMBER, f"{quantity} belongs to {', '.join(sorted(there))}")
    return None


def _groups(reading: Reading) -> dict[Quantity, dict[str, set[str]]]:
    """For each amount the groups named in its own piece of the text, by kind."""
    pieces = _pieces(reading)
    found: dict[Quantity, dict[str, set[str]]] = {}
    for quantity in reading.quantities:
        if quantity.unit in _SHARED_UNITS:
            continue
        piece = next((p for p in pieces if p[0] <= quantity.start < p[1]), None)
        if piece is None:
            continue
        kinds: dict[str, set[str]] = {}
        for mention in reading.mentions:
            if piece[0] <= mention.start < piece[1] and mention.kind in _GROUPING:
                kind = "arm" if mention.kind == "form" else mention.kind
                kinds.setdefault(kind, set()).add(mention.concept)
        ages = {str(q.value) for q in reading.quantities if q.unit in _AGES and piece[0] <= q.start < piece[1]}
        found[quantity] = kinds | ({"age": ages} if ages else {})
    return found


def _pieces(reading: Reading) -> list[tuple[int, int]]:
    """Spans of a text between the words that separate one group's amount from the next one's."""
    separators = _SEPARATOR.finditer(reading.text)
    cuts = [0, *(match.end() for match in separators), len(reading.text) + 1]
    pieces = list(pairwise(cuts))
    # A piece without an amount goes on in the next: "for women, | 300 mg".
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        previous_has = joined and any(joined[-1][0] <= q.start < joined[-1][1] for q in reading.quantities)
        own_has = any(start <= q.start < end for q in reading.quantities)
        if joined and not (previous_has and own_has):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
