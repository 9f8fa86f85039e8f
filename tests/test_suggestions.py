"""What magbot suggests to ask next, it answers."""

from runs import cases_of

from magbot.assistant import Magbot
from magbot.schema import Kind, Outcome


def test_every_suggestion_of_100_answers_is_answered(magbot: Magbot) -> None:
    asked = [case for case in cases_of("dev") if case.outcome != "urgent" and not case.history]
    step = len(asked) // 100
    suggested = {
        (suggestion, answer.language): case.id
        for case in asked[::step][:100]
        for answer in (magbot.ask(case.question),)
        for suggestion in answer.suggestions
    }
    refused = {
        suggestion: case_id
        for (suggestion, language), case_id in suggested.items()
        if magbot.ask(suggestion, language=language).outcome is not Outcome.ANSWERED
    }
    assert len(suggested) > 40
    assert not refused


def test_every_topic_page_answers_its_own_title(magbot: Magbot) -> None:
    pages = [page for page in magbot.documents() if page.kind is Kind.FAQ]
    refused = [
        page.title for page in pages if magbot.ask(page.title, language=page.language).outcome is not Outcome.ANSWERED
    ]
    assert len(pages) > 80
    assert not refused
