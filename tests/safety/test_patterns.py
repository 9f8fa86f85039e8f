"""Patterns are compiled only when a text holds their letters; that must never change what is found."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magbot.safety.concepts import read
from magbot.safety.data import load
from magbot.safety.literals import needed
from magbot.safety.patterns import Words, alternatives, expression

CASES = Path(__file__).parents[2] / "eval" / "cases"
BLOCKS = {**load("rules")["concepts"], **load("notices")["concepts"]} | {
    name: load("rules")[name] for name in ("idioms", "denied_crisis", "denied")
}


def plain(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(expression(pattern) for pattern in patterns) + r")\b")


def sentences() -> list[str]:
    lines = [line for file in sorted(CASES.rglob("safety-*.jsonl")) for line in file.open(encoding="utf-8")]
    return sorted({sentence for line in lines[::20] for sentence in read(json.loads(line)["question"])[0]})


def test_all_patterns_find_what_the_plain_expressions_find() -> None:
    texts = sentences()
    assert len(texts) > 40
    for name, block in BLOCKS.items():
        patterns = alternatives(block)
        compiled, words = plain(patterns), Words(patterns)
        for text in texts:
            assert words.found_in(text) == (compiled.search(text) is not None), (name, text)
            assert words.replaced(text, " _ ") == compiled.sub(" _ ", text), (name, text)


@pytest.mark.parametrize(
    ("source", "letters"),
    [
        ("selvmord", ("selvmord",)),
        (r"selvmord\w*", ("selvmord",)),
        ("colou?r", ("colo",)),
        ("(dør|død) (af|ved) grin", (" grin",)),
        (r"(cut|burn)ing?", ("cut", "burn")),
        (r"(?<!ikke )dø(?! af)", ("dø",)),
        (r"\d+ ?mg", ("mg",)),
        (r"(?:\S+ ){0,3}?wake", ("wake",)),
        (r"(a|\w+)", ("",)),
        (r"[a-c]\w*", ("",)),
        ("", ("",)),
    ],
)
def test_letters_that_every_match_must_hold(source: str, letters: tuple[str, ...]) -> None:
    assert needed(source) == letters


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"\A(?:[abc]|\([ab]c?\|[bc]a\)\??|[abc]\?|\[ab\]|a\*|b\+){1,6}\Z"), st.text("abc", max_size=12))
def test_no_match_without_the_letters(source: str, text: str) -> None:
    if re.search(source, text):
        assert any(letters in text for letters in needed(source))
