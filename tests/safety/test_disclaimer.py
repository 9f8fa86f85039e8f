"""The disclaimer says that a machine answers, and every telephone number has a date."""

import datetime

import pytest

from magbot.safety import disclaimer
from magbot.safety.data import load


@pytest.mark.parametrize(("language", "words"), [("da", ["maskine", "læge"]), ("en", ["machine", "doctor"])])
def test_short_and_long(language, words):
    short, long = disclaimer(language), disclaimer(language, long=True)
    assert all(word in short and word in long for word in words)
    assert len(short) < 260 < len(long)
    assert "{" not in long


def test_each_help_line_has_a_date():
    lines = load("help_lines")["lines"]
    assert lines["crisis"]["number"] == "70 201 201"
    assert lines["poison"]["number"] == "82 12 12 12"
    for line in lines.values():
        assert isinstance(line["checked"], datetime.date)
