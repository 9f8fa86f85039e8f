"""Document text and the words of questions stay text in Markdown."""

import pytest
from markdown_it import MarkdownIt

from magbot.answer.markdown import plain


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://e.org/y)",
        "# head",
        "`code`",
        "<img src=x onerror=1>",
        "*a* _b_",
        "https://e.org",
        "<https://e.org>",
        "1. a\n2. b",
        "a | b\n--|--\nc | d",
    ],
)
def test_markdown_shows_as_text(text: str) -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(plain(text))
    for tag in ("<script", "<a ", "<img", "<h1", "<code", "<em", "<table"):
        assert tag not in rendered
