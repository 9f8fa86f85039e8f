import pytest

from magbot.text.language import detect_language


@pytest.mark.parametrize(
    "text",
    ["Hvor mange deltagere var der?", "migræne", "magnesium mod krampe", "og for kvinder?", "kan man tage for meget"],
)
def test_danish(text: str) -> None:
    assert detect_language(text, default="en") == "da"


@pytest.mark.parametrize(
    "text", ["How much is too much?", "best magnesium for sleep", "what about women", "is it safe"]
)
def test_english(text: str) -> None:
    assert detect_language(text, default="da") == "en"


def test_the_default_decides_when_nothing_else_does() -> None:
    assert detect_language("magnesium?", default="da") == "da"
    assert detect_language("magnesium?", default="en") == "en"
    assert detect_language("", default="en") == "en"
