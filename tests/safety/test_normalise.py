"""Spellings that people use come out the same."""

import pytest

from magbot.safety.concepts import read
from magbot.safety.normalise import fold, sentences


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hjæææælp", "hjaelp"),
        ("kræver", "kraever"),
        ("dø", "doe"),
        ("åndenød", "aandenoed"),
        ("allergisk", "alergisk"),
        ("CAFÉ", "cafe"),
    ],
)
def test_one_spelling(one, other):
    assert fold(one) == fold(other)


def test_sentences_numbers_and_short_forms():
    assert sentences("Min P-Mg er 0,68. I can't!", {"cant": "can not"}) == ["min p mg er 0_68", "i can not"]
    assert sentences("s e l v m o r d", {}) == ["selvmord"]


def test_a_danish_clause_is_turned_to_the_order_of_a_sentence():
    assert sentences("han siger, at han ikke vil leve", {}) == sentences("han siger at han vil ikke leve", {})


def test_idioms_and_denials_are_taken_out():
    assert "dor" not in read("jeg dør af grin")[0][0].split()
    assert read("jeg har ikke selvmordstanker")[1]
