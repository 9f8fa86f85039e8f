"""Amounts as Danish and English write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magbot.answer.verification.quantities import quantities_in, unsupported
from magbot.answer.verification.signals import prepare
from magbot.schema import Language

SAME: list[tuple[str, Language, str, Language]] = [
    ("350mg", "da", "350 mg", "en"),
    ("0,75 mmol/L", "da", "0.75 mmol/l", "en"),
    ("1.000 mg", "da", "1,000 mg", "en"),
    ("200 µg", "da", "200 mcg", "en"),
    ("300 mg om dagen", "da", "300 mg a day", "en"),
    ("300 mg dagligt", "da", "300 mg/day", "en"),
    ("seks uger", "da", "6 weeks", "en"),
    ("3-4 timer", "da", "3 to 4 hours", "en"),
    ("32 %", "da", "32 per cent", "en"),
    ("5 mg/kg", "da", "5 mg per kg", "en"),
    ("26 af 143 kvinder", "da", "26 of 143 women", "en"),
    ("45 millioner mennesker", "da", "45 million people", "en"),
    ("halvdelen", "da", "50%", "en"),
]
OTHER: list[tuple[str, Language, str, Language]] = [
    ("350 mg", "en", "250 mg", "en"),
    ("350 mg", "en", "350 g", "en"),
    ("350 mg", "en", "350 µg", "en"),
    ("1,000 mg", "da", "1,000 mg", "en"),
    ("2.5 mmol/L", "en", "2.5 mg/dL", "en"),
    ("300 mg a week", "en", "300 mg a day", "en"),
    ("300 mg a day", "en", "300 mg", "en"),
    ("3 hours", "en", "3-4 hours", "en"),
    ("4-3 hours", "en", "3-4 hours", "en"),
    ("six weeks", "en", "6 days", "en"),
    ("95% higher", "en", "95% CI 1.0 to 1.7", "en"),
]


def holds(statement: str, language: Language, quote: str, quote_language: Language) -> bool:
    text = prepare(quote, quote_language)
    said = quantities_in(prepare(statement, language), language)
    assert said
    return unsupported(said, quantities_in(text, quote_language), [text], "") is None


@pytest.mark.parametrize(("statement", "language", "quote", "quote_language"), SAME)
def test_one_amount_written_in_two_ways(
    statement: str, language: Language, quote: str, quote_language: Language
) -> None:
    assert holds(statement, language, quote, quote_language)
    assert holds(quote, quote_language, statement, language)


@pytest.mark.parametrize(("statement", "language", "quote", "quote_language"), OTHER)
def test_two_amounts_are_not_one(statement: str, language: Language, quote: str, quote_language: Language) -> None:
    assert not holds(statement, language, quote, quote_language)


@given(st.integers(1, 99999), st.integers(1, 99999), st.sampled_from(["mg", "g", "µg", "mmol", "%"]))
def test_an_amount_is_held_only_by_itself(said: int, held: int, unit: str) -> None:
    assert holds(f"{said} {unit} a day", "en", f"{held} {unit} a day", "en") == (said == held)
