"""Choosing sentences: the direct one first, nothing twice, not too long."""

from itertools import combinations

import pytest

from magbot.assistant import Magbot
from magbot.schema import Kind
from magbot.text.analysis import terms

QUESTIONS = [
    "Hjælper magnesium mod søvnløshed?",
    "Which form of magnesium is best?",
    "Hvor meget må man højst tage?",
    "Does magnesium prevent dementia?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_short_and_without_repetition(magbot: Magbot, question: str) -> None:
    answer = magbot.ask(question)
    assert 0 < len(answer.text.split()) <= 140
    words = [set(terms(statement.text, answer.language)) for statement in answer.statements]
    assert all(len(a & b) <= 0.75 * min(len(a), len(b)) for a, b in combinations(words, 2))


@pytest.mark.parametrize("question", QUESTIONS)
def test_opinion_does_not_come_first(magbot: Magbot, question: str) -> None:
    answer = magbot.ask(question)
    first = [c for c in answer.citations if c.number in answer.statements[0].citations]
    assert all(citation.kind is not Kind.ARTICLE for citation in first)


def test_a_short_list_for_which(magbot: Magbot) -> None:
    answer = magbot.ask("hvilken slags magnesium er bedst")
    assert len(answer.statements) >= 2
    assert "citrat" in answer.text


def test_a_named_study_is_not_answered_with_another(magbot: Magbot) -> None:
    answer = magbot.ask("What did Tarleton 2017 find?")
    assert {citation.document_id for citation in answer.citations[:1]} == {"tarleton-2017"}
    assert all("Tarleton 2017" in statement.text for statement in answer.statements)


def test_a_verdict_on_another_question_is_not_added(magbot: Magbot) -> None:
    answer = magbot.ask("I take Centyl, does it drain my magnesium")
    assert not any(statement.text.startswith(("Yes,", "No,")) for statement in answer.statements[1:])
