"""Text that people or documents bring cannot do harm when it is read or shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magbot.errors import QuestionError
from magbot.safety.sanitise import QUESTION_LIMIT, clean_question, safe_url, strip_hidden


def test_hidden_characters_go():
    assert clean_question("  Hvad\u202e er\x00 mag\u200bnesium?\x1b ") == "Hvad er magnesium?"
    assert strip_hidden("a\r\nb\u2028c\ud800") == "a\nb\nc"


@pytest.mark.parametrize("text", ["", "   ", "\u202e\u200b", "?!", "\x00"])
def test_empty_is_refused(text):
    with pytest.raises(QuestionError) as caught:
        clean_question(text)
    assert caught.value.help


def test_the_limit():
    assert clean_question("a" * QUESTION_LIMIT)
    with pytest.raises(QuestionError, match="2001"):
        clean_question("a" * (QUESTION_LIMIT + 1))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//host/x",
        "ftp://x.org/a",
        "https://",
        "http://a b",
        "\x01javascript:x",
        "https://u:p@x.org",
        "java\u200bscript:x",
        "https://x.org/<script>",
    ],
)
def test_unsafe_addresses(url):
    assert safe_url(url) is None


def test_safe_addresses():
    assert (
        safe_url("https://doi.org/10.1016/S0140-6736(02)08778-0") == "https://doi.org/10.1016/S0140-6736%2802%2908778-0"
    )
    assert safe_url("http://example.org/a?b=c#d") == "http://example.org/a?b=c#d"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_sanitise_never_crashes(text):
    url = safe_url(text)
    assert url is None or url.lower().startswith(("http://", "https://"))
    try:
        cleaned = clean_question(text)
    except QuestionError:
        return
    assert 0 < len(cleaned) <= QUESTION_LIMIT
