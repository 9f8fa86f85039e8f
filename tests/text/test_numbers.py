from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magbot.text.numbers import canonicalise, numbers_in, parse_number, write_number


@pytest.mark.parametrize(
    ("written", "language", "value"),
    [
        ("219.224", "da", "219224"),
        ("219,224", "en", "219224"),
        ("0,75", "da", "0.75"),
        ("0.75", "en", "0.75"),
        ("1.000", "da", "1000"),
        ("1.000", "en", "1"),
        ("1.5", "da", "1.5"),
        ("1.234,5", "da", "1234.5"),
    ],
)
def test_reads_both_languages(written: str, language: str, value: str) -> None:
    assert parse_number(written, language) == Decimal(value)


def test_units_need_no_space() -> None:
    assert numbers_in("350mg og 0,75 mmol/L.", "da") == ["350", "0.75"]


def test_canonical_form_is_the_same_in_both_languages() -> None:
    assert canonicalise("219.224 og 7,8", "da").replace("og", "and") == canonicalise("219,224 and 7.8", "en")


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_what_is_written_is_read_back(value: Decimal) -> None:
    for language in ("da", "en"):
        assert parse_number(write_number(value, language, 2), language) == value
