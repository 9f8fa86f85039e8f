from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magbot.calculator.amounts import asked_units, parse_amounts
from magbot.text.numbers import write_number


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("1,5 g magnesium", "da", "1.5", "g"),
        ("1.5 g magnesium", "da", "1.5", "g"),
        ("1.000 mg citrat", "da", "1000", "mg"),
        ("1,000 mg citrate", "en", "1000", "mg"),
        ("en håndfuld mandler", "da", "1", "handful"),
        ("en haandfuld mandler", "da", "1", "handful"),
        ("2 spsk chiafrø", "da", "2", "tablespoon"),
        ("two slices of bread", "en", "2", "slice"),
        ("half a cup of coffee", "en", "0.5", "cup"),
        ("et stort glas sødmælk", "da", "1", "glass"),
        ("0,8 mmol/l", "da", "0.8", "mmol/l"),
        ("1.6 mg/dL", "en", "1.6", "mg/dl"),
        ("500 µg", "en", "500", "ug"),
    ],
)
def test_amounts_of_both_languages(text, language, value, unit):
    amount = parse_amounts(text, language)[0]
    assert (amount.value, amount.unit) == (Decimal(value), unit)


@given(st.decimals(min_value="0.01", max_value="99999", places=2), st.sampled_from(["da", "en"]))
def test_a_written_number_is_read_back(value, language):
    amounts = parse_amounts(f"{write_number(value, language, 2)} mg magnesium", language)
    if abs(value * 1000) % 1000 or "." not in write_number(value, language, 2):
        assert amounts[0].value == value


@given(st.text(max_size=80), st.sampled_from(["da", "en"]))
def test_any_text_is_read_without_an_error(text, language):
    assert all(amount.end > amount.start for amount in parse_amounts(text, language))


def test_units_asked_for_have_no_number():
    assert asked_units("how many mmol is 300 mg", "en") == ["mmol"]
