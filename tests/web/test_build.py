from __future__ import annotations

from web.fake import FakeMagbot

from magbot.web.page import Answers, Shelf, build_page
from magbot.web.turns import Turn
from magbot.web.wording import DA, WORDS


def test_the_page_is_built_in_both_languages_without_public_endpoints() -> None:
    for language in WORDS:
        page = build_page(FakeMagbot(), language)
        assert page.analytics_enabled is False
        assert not page.get_api_info()["named_endpoints"]


def test_an_answer_streams_and_joins_the_conversation() -> None:
    updates = list(Answers(FakeMagbot(), DA).typed(" Hjælper det? ", []))
    assert "mb-draft" in updates[0][0]
    talk, live, _, turns = updates[-1]
    assert "mb-is-answered" in talk
    assert 'role="status"' in live
    assert [turn.question for turn in turns] == ["Hjælper det?"]


def test_an_empty_question_does_nothing() -> None:
    assert list(Answers(FakeMagbot(), DA).typed("   ", [])) == []


def test_an_error_is_shown_and_the_question_comes_back() -> None:
    *_, last = Answers(FakeMagbot(), DA).typed("fejl", [])
    assert 'role="alert"' in last[0]
    assert "Ask another." in last[0]
    assert last[2] == "fejl"


def test_history_is_what_was_said() -> None:
    seen = []

    class Listening(FakeMagbot):
        def stream(self, question, history=(), language="auto"):
            seen.append([message.role for message in history])
            return super().stream(question, history, language)

    answers = Answers(Listening(), DA)
    *_, first = answers.typed("en", [])
    turns: list[Turn] = first[3]
    list(answers.typed("to", turns))
    assert seen == [[], ["user", "assistant"]]


def test_links_lead_to_documents_and_wrong_ones_say_so() -> None:
    shelf = Shelf(FakeMagbot(), DA)
    assert "<mark" in shelf.linked('{"document": "hjernen-2025", "language": "da", "start": "30", "end": "40"}')[0]
    assert "findes ikke" in shelf.linked('{"document": "../etc/passwd", "start": "-1"}')[0]
    assert "findes ikke" not in str(shelf.linked("rubbish")[0])
