"""The decision: what the corpus holds is answered, what it only lies near to is not."""

import pytest

from magbot.assistant import Magbot
from magbot.retrieval.answerability import decide, features
from magbot.retrieval.ranking import rank
from magbot.schema import Language, Outcome


def outcome(magbot: Magbot, question: str, language: Language) -> Outcome:
    found = magbot.search(question, language)
    return decide(found, rank(found)).outcome


@pytest.mark.parametrize(
    ("question", "language"),
    [("Hjælper magnesium mod migræne?", "da"), ("How many people did Kieboom 2017 follow?", "en")],
)
def test_what_the_corpus_holds_is_answered(magbot: Magbot, question: str, language: Language) -> None:
    assert outcome(magbot, question, language) is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Hvad koster magnesiumcitrat i Matas?", "da"),
        ("What did Hendricksen and Vogt 2019 find about magnesium and gout?", "en"),
    ],
)
def test_prices_and_unknown_studies_are_not(magbot: Magbot, question: str, language: Language) -> None:
    assert outcome(magbot, question, language) is Outcome.NOT_IN_CORPUS


def test_another_subject_is_off_topic(magbot: Magbot) -> None:
    assert outcome(magbot, "Who won the football match yesterday?", "en") is Outcome.OFF_TOPIC


def test_what_a_question_names_and_no_source_holds_is_noticed(magbot: Magbot) -> None:
    found = magbot.search("Why did the Xylofarm company ban magnesium?", "en")
    values = features(found, rank(found), noticed=False)
    assert values["names_missing"] == values["unknown_any"] == 1.0


def test_nothing_found_is_not_answered(magbot: Magbot) -> None:
    found = magbot.search("Hjælper magnesium?", "da")
    assert decide(found, []).outcome is Outcome.NOT_IN_CORPUS
