from __future__ import annotations

import json
import re
from html import unescape

import gradio as gr
from web.fake import FakeMagbot, answered

from magbot.settings import load_settings
from magbot.web.page import Answers, Shelf, build_page
from magbot.web.turns import Turn
from magbot.web.wording import DA, WORDS


def test_the_page_is_built_in_both_languages_without_public_endpoints() -> None:
    for language in WORDS:
        page = build_page(FakeMagbot(), load_settings(), language)
        assert page.analytics_enabled is False
        assert not page.get_api_info()["named_endpoints"]


def test_an_answer_streams_and_is_handed_to_the_browser() -> None:
    updates = list(Answers(FakeMagbot(), DA).typed(" Hjælper det? ", '{"turn": 3}'))
    assert "mb-draft" in updates[0][0]
    now, live, _ = updates[-1]
    assert "mb-is-answered" in now
    assert 'data-turn="3"' in now
    assert 'role="status"' in live
    kept = re.search(r'data-number="3" data-store="([^"]*)"', live)
    assert kept
    assert json.loads(unescape(kept[1]))["question"] == "Hjælper det?"


def test_an_empty_question_changes_nothing() -> None:
    assert list(Answers(FakeMagbot(), DA).typed("   ", "")) == [(gr.skip(),) * 3]


def test_an_error_is_shown_and_the_question_comes_back() -> None:
    *_, last = Answers(FakeMagbot(), DA).typed("fejl", "{}")
    assert 'role="alert"' in last[0]
    assert "Ask another." in last[0]
    assert last[2] == "fejl"


def test_history_is_what_the_browser_sends() -> None:
    seen = []

    class Listening(FakeMagbot):
        def stream(self, question, history=(), language="auto"):
            seen.append([(message.role, message.content) for message in history])
            return super().stream(question, history, language)

    answers = Answers(Listening(), DA)
    said = {"question": "to", "turn": 2, "history": [{"role": "user", "content": "en"}]}
    list(answers.pressed(json.dumps(said)))
    list(answers.typed("tre", json.dumps(said | {"history": [{"role": "system", "content": "x"}]})))
    assert seen == [[("user", "en")], []]


def test_a_conversation_is_shown_again() -> None:
    turn = Turn(question="Hjælper det?", answer=answered("Hjælper det?"))
    html = Answers(FakeMagbot(), DA).resumed(json.dumps({"turns": f"[{turn.model_dump_json()}]"}))
    assert "mb-is-answered" in html
    assert "mb-turn" not in Answers(FakeMagbot(), DA).resumed("rubbish")


def test_links_lead_to_documents_and_wrong_ones_say_so() -> None:
    shelf = Shelf(FakeMagbot(), DA)
    assert "<mark" in shelf.linked('{"document": "hjernen-2025", "language": "da", "start": "30", "end": "40"}')[0]
    assert "findes ikke" in shelf.linked('{"document": "../etc/passwd", "start": "-1"}')[0]
    assert "findes ikke" not in str(shelf.linked("rubbish")[0])
