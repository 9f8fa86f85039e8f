import string

import pytest

from magbot.errors import DocumentError, StoreError
from magbot.refusals import _texts, not_stored, refused, text_of, told
from magbot.text.language import detect_language

CODES = [code for code in _texts() if code != "in-danish"]


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", CODES)
def test_each_refusal_says_the_same_in_both_languages(code: str) -> None:
    english, danish = _texts()[code]["en"], _texts()[code]["da"]
    assert len(english) == len(danish) == 2
    left_out = {"kind"} if code == "link-no-type" else {"what"} if code == "index-unusable" else set()
    assert names(" ".join(english)) - left_out == names(" ".join(danish)) - left_out
    assert bool(english[1]) == bool(danish[1])
    assert detect_language(" ".join(danish)) == "da"
    assert detect_language(" ".join(english)) == "en"


def test_numbers_and_reasons_are_written_as_each_language_does() -> None:
    fields = {"name": "a.txt", "size": 5_400_000, "limit": 5_000_000}
    assert "5,400,000 characters; at most 5,000,000" in text_of("too-long", fields, "en")[0]
    assert "5.400.000 tegn; højst 5.000.000" in text_of("too-long", fields, "da")[0]
    error = refused("unreadable-file", name="a.md", reason="Permission denied")
    assert "(ingen adgang)" in told(error, "da")[0]
    assert told(error, "en") == (error.message, error.help, "en")


def test_the_kind_of_error_is_the_one_that_interfaces_expect() -> None:
    assert type(refused("empty-file", name="a")) is DocumentError
    assert type(not_stored("being-changed")) is StoreError
    assert told(StoreError("Odd."), "da") == ("Odd.", "", "en")
