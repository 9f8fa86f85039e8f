"""The verifier on the pairs of the evaluation, and on what must never pass."""

from __future__ import annotations

import pytest
from verification import MOST_DROPPED, MOST_LET_THROUGH, MOST_WRONG_NUMBERS, figures, read_pairs, run

from magbot.answer.verification.verifier import Source, Verifier
from magbot.encoder.factory import load_encoder
from magbot.schema import Language

QUOTE = "In Denmark an adequate magnesium intake is 350 mg a day for men and 300 mg for women."


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(load_encoder())


@pytest.mark.parametrize("split", ["dev", "test"])
def test_both_parts_stay_within_the_bars(verifier: Verifier, split: str) -> None:
    measured = figures(run(verifier, read_pairs(split)))
    assert measured["let_through"] <= MOST_LET_THROUGH
    assert measured["dropped"] <= MOST_DROPPED
    assert measured["wrong_numbers_let_through"] <= MOST_WRONG_NUMBERS


@pytest.mark.parametrize(
    ("statement", "language"),
    [
        (QUOTE, "en"),
        ("For men in Denmark an adequate intake is 350 mg of magnesium a day.", "en"),
        ("I Danmark er et tilstrækkeligt magnesiumindtag 300 mg om dagen for kvinder.", "da"),
    ],
)
def test_what_the_quote_says_stands(verifier: Verifier, statement: str, language: Language) -> None:
    assert verifier.check(statement, language, [Source(QUOTE, "en")]).supported


@pytest.mark.parametrize(
    ("statement", "language", "problem"),
    [
        ("For women in Denmark an adequate intake is 350 mg of magnesium a day.", "en", "number"),
        ("For men in Denmark an adequate intake is 350 g of magnesium a day.", "en", "number"),
        ("For children in Denmark an adequate intake is 350 mg of magnesium a day.", "en", "population"),
        ("For mænd i Sverige er et tilstrækkeligt indtag 350 mg om dagen.", "da", "subject"),
        ("For men in Denmark 350 mg of magnesium a day is not an adequate intake.", "en", "negation"),
        ("All men in Denmark get 350 mg of magnesium a day.", "en", "strength"),
    ],
)
def test_what_it_does_not_say_falls(verifier: Verifier, statement: str, language: Language, problem: str) -> None:
    verdict = verifier.check(statement, language, [Source(QUOTE, "en")])
    assert problem in {str(finding.problem) for finding in verdict.findings}


def test_without_a_source_nothing_stands(verifier: Verifier) -> None:
    assert verifier.check(QUOTE, "en", []).reason.startswith("citation")


def test_what_a_neighbour_says_is_no_support_for_a_number(verifier: Verifier) -> None:
    source = Source("Almonds are rich in magnesium.", "en", neighbours=("Almonds hold 270 mg per 100 g.",))
    assert not verifier.check("Almonds hold 270 mg per 100 g.", "en", [source]).supported
