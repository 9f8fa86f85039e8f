from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magbot.calculator.calculation import verify
from magbot.calculator.calculator import Calculator
from magbot.calculator.people import Person, parse_person
from magbot.calculator.tables import Tables

CORPUS = Path(__file__).parents[2] / "corpus"
CALCULATOR = Calculator(Tables(CORPUS))


@pytest.mark.parametrize(
    ("question", "language", "part"),
    [
        ("30 g græskarkerner", "da", "592 mg pr. 100 g × 30 g / 100 g = 177,6 mg"),
        ("how many mmol is 1.5 g magnesium", "en", "1,500 mg / 24.305"),
        ("1000 mg magnesiumcitrat hvor meget magnesium", "da", "ca. 162 mg"),
        ("how much magnesium oxide for 300 mg magnesium", "en", "about 498 mg"),
        ("hvor mange mandler svarer til dagsbehovet for en kvinde på 40", "da", "ca. 111 g"),
        ("hvor mange mandler skal jeg spise for at få nok magnesium", "da", "ca. 130 g indeholder 350 mg"),
        ("hvor mange bananer svarer til en dags magnesium", "da", "10,1 × en mellemstor banan"),
        ("hvor mange skiver rugbrød skal man spise for at få nok", "da", "300 mg magnesium"),
        ("is 200 g boiled spinach enough for a day", "en", "about 58% of 300 mg"),
        ("får man magnesium af at drikke 2 liter postevand", "da", "12,4 mg pr. l × 2 l = 24,8 mg"),
        ("hvilken kål har mest magnesium", "da", "grønkål (rå) 47 mg"),
        ("hvilken nød indeholder mest", "da", "paranødder 376 mg"),
        ("hvor meget skal min mand og jeg have hver især om dagen af magnesium", "da", "300 mg"),
        ("anbefalet magnesium gravid 35 år", "da", "300 mg"),
        ("upper limit of magnesium for my 8 year old", "en", "110 mg a day"),
        ("er 400 mg om dagen over grænsen for magnesiumtilskud", "da", "400 − 250 = 150"),
        ("is 0.65 mmol/L a low magnesium level", "en", "lies below"),
        ("which foods are highest in magnesium", "en", "hemp seeds (hulled) 700 mg"),
        ("list the beans with the most magnesium", "en", "oybeans"),
        ("two handfuls of almonds magnesium", "en", "162"),
        ("er valnødder bedre end hasselnødder hvis man vil have magnesium", "da", "163 mg"),
        ("pille på 75 mg magnesium, hvor mange procent af NRV", "da", "20 %"),
        ("do women over 51 need more magnesium than women of 25 in the US", "en", "310 mg"),
        ("my granddaughter is 5, daily magnesium", "en", "230 mg"),
        ("mit magnesiumtal er 0,9, er det normalt", "da", "0,9 mmol/L ligger inden for"),
        ("if I eat 50 grams of pumpkin seeds how much of my daily need is covered, I'm a woman", "en", "99% of 300 mg"),
        ("må jeg tage 375 mg magnesium som tilskud", "da", "375 − 250 = 125"),
        ("is 0.7 a normal magnesium", "en", "0.7 mmol/L lies within"),
        ("normal magnesium range", "en", "0.75-0.95"),
        ("min søn er 14, hvor meget magnesium", "da", "300 mg"),
        ("hvor meget magnesium skal et barn på 1 år have i USA", "da", "80 mg"),
        ("hvilket brød har mest magnesium", "da", "knækbrød"),
        ("hvilken magnesiumværdi regnes for svært lav", "da", "0,50 mmol/L"),
        ("below what value is magnesium low in Denmark", "en", "0.70 mmol/L"),
        ("how soluble is magnesium carbonate", "en", "0.18 g"),
        ("which salts dissolve best in water", "en", "chloride"),
        ("normalområde for magnesium i urinen i Danmark", "da", "12,0 mmol"),
    ],
)
def test_answers_show_figure_and_working(question, language, part):
    calculation = CALCULATOR.calculate(question, language)
    assert calculation is not None
    assert part in " ".join(statement.text for statement in calculation.statements)
    assert verify(calculation)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What did the trial with 500 mg a day find?", "en"),
        ("Er 400 mg i artiklen for meget?", "da"),
        ("hvor meget magnesium skal jeg tage mod kramper", "da"),
        ("magnesium og kaffe", "da"),
        ("does magnesium citrate help sleep", "en"),
        ("hvor meget calcium skal en kvinde på 40 have", "da"),
        ("what is the capital of France", "en"),
        ("how much magnesium does coconut water have", "en"),
        ("hvad bliver det anbefalede magnesiumindtag i 2035", "da"),
        ("hvor meget magnesium skal en hest have", "da"),
        ("recommended magnesium intake in New Zealand", "en"),
        ("which fish is most popular", "en"),
        ("is high magnesium in the blood good or bad for dementia", "en"),
        ("hvad sker der hvis jeg tager for meget magnesium", "da"),
        ("spiser ældre amerikanere mere eller mindre magnesium end unge", "da"),
        ("fracture risk and magnesium intake", "en"),
        ("", "da"),
        ("How much magnesium does dulse from the Faroe Islands hold?", "en"),
        ("hvor meget magnesium skal man have om dagen", "da"),
        ("hvordan føles det at have fået for meget magnesium", "da"),
        ("what happens with too much magnesium", "en"),
    ],
)
def test_other_questions_are_left_alone(question, language):
    assert CALCULATOR.calculate(question, language) is None


@given(st.text(max_size=120), st.sampled_from(["da", "en"]))
def test_any_question_gives_a_verified_calculation_or_none(question, language):
    calculation = CALCULATOR.calculate(question, language)
    assert calculation is None or verify(calculation)


def test_a_false_number_or_working_does_not_verify():
    calculation = CALCULATOR.calculate("30 g mandler", "da")
    assert calculation is not None
    statement = calculation.statements[0]
    wrong_text = replace(statement, text=statement.text.replace("81", "91"))
    wrong_step = replace(statement, working=(replace(statement.working[0], result=Decimal(91)),))
    for wrong in (wrong_text, wrong_step, replace(statement, rows=())):
        assert not verify(replace(calculation, statements=(wrong,)))


@pytest.mark.parametrize(
    ("text", "language", "person"),
    [
        ("kvinde på 40", "da", Person("female", 480)),
        ("mand 55 år", "da", Person("male", 660)),
        ("hvor meget skal man have", "da", Person()),
        ("what should a man have", "en", Person("male")),
        ("7-årig", "da", Person(None, 84)),
        ("my 8 year old", "en", Person(None, 96)),
        ("a 30 year old pregnant woman", "en", Person("female", 360, "pregnancy")),
        ("ammende", "da", Person("female", None, "lactation")),
        ("barn på 8 måneder", "da", Person(None, 8)),
    ],
)
def test_people(text, language, person):
    assert parse_person(text, language) == person
