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
