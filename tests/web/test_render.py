from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from web.fake import FakeMagbot, answered, citation, document

from magbot.answer.wording import author_names
from magbot.corpus.load import load_corpus
from magbot.schema import Answer, Kind
from magbot.settings import Settings, shipped_corpus
from magbot.web.about import about
from magbot.web.export import answer_text, exported
from magbot.web.html import highlighted, lines, phone_numbers, safe_url, typeset, with_phones
from magbot.web.library import _topics, listing, reader, topic_name
from magbot.web.render import announcement, conversation, draft_view
from magbot.web.source import source_panel
from magbot.web.sources import evidence
from magbot.web.turns import Draft, Turn, restored
from magbot.web.wording import DA, EN

ATTACK = "\"'><img src=x onerror=alert(1)><script>alert(2)</script> {{7*7}} ${7*7} &amp; javascript:alert(3)"
hostile = st.one_of(st.text(min_size=1, max_size=80), st.just(ATTACK))


class Tags(HTMLParser):
    """Collects elements, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]

    def check(self) -> None:
        assert not {"img", "script", "iframe", "object", "svg", "style"} & set(self.tags)
        assert not [name for name, _ in self.attributes if name.startswith("on")]
        assert all(href.startswith(("/", "https://", "http://", "tel:", "#")) for href in self.values("href"))


def hostile_answer(text: str) -> Answer:
    answer = answered("hej")
    bad = [
        item.model_copy(update={"title": text, "authors": (text,), "url": text, "doi": text})
        for item in answer.citations
    ]
    statements = tuple(item.model_copy(update={"text": text}) for item in answer.statements)
    caveats = tuple(item.model_copy(update={"text": text}) for item in answer.caveats)
    notices = tuple(item.model_copy(update={"text": text}) for item in answer.notices)
    changes = {"citations": tuple(bad), "statements": statements, "caveats": caveats, "notices": notices}
    return answer.model_copy(update=changes | {"suggestions": (text,), "standalone_question": text})


@given(hostile)
@settings(max_examples=60, deadline=None)
def test_nothing_that_was_written_becomes_markup(text: str) -> None:
    turn = Turn(question=text, answer=hostile_answer(text))
    Tags(conversation([turn], DA)).check()
    Tags(draft_view(1, Draft(question=text, error=text), DA)).check()
    Tags(announcement(turn, EN)).check()
    meta = document().metadata.model_copy(update={"title": text, "authors": (text,), "url": text, "topics": (text,)})
    Tags(listing([meta], DA)).check()
    Tags(reader(document().model_copy(update={"metadata": meta, "text": text}), EN, 0, 3)).check()


@given(hostile)
@settings(max_examples=40, deadline=None)
def test_the_exported_page_is_escaped_and_json_is_whole(text: str) -> None:
    turn = Turn(question=text, answer=hostile_answer(text))
    tags = Tags(exported([turn], "html"))
    assert not {"img", "script", "iframe"} & set(tags.tags)
    assert json.loads(exported([turn], "json"))[0]["question"] == text
    assert "<img" not in exported([turn], "md").replace("\\<img", "")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "https://", "java\nscript:x", "", None,
                                 " https://a.dk", "file:///etc/passwd", "http://[bad"])  # fmt: skip
def test_addresses_that_are_not_of_the_web_are_dropped(url: str | None) -> None:
    assert safe_url(url) is None


def test_web_addresses_stay() -> None:
    assert safe_url("https://sundhed.dk/a?b=c") == "https://sundhed.dk/a?b=c"


@given(st.text(min_size=0, max_size=40), st.text(min_size=1, max_size=40), st.text(max_size=40))
@settings(deadline=None)
def test_the_highlight_is_the_quote(before: str, quote: str, after: str) -> None:
    html = str(highlighted(before + quote + after, len(before), len(before) + len(quote)))
    from markupsafe import escape

    assert html == f'{escape(before)}<mark tabindex="-1">{escape(quote)}</mark>{escape(after)}'


def test_the_panel_and_the_document_mark_the_same_quote() -> None:
    mark = citation(1, "Magnesium kan hjælpe med at forebygge migræne.")
    html = reader(document(), DA, mark.start, mark.end)
    assert html.count("<mark") == 1
    assert f'<mark tabindex="-1">{mark.quote}</mark>' in html


def test_a_note_is_read_line_by_line_and_keeps_its_mark() -> None:
    html = str(lines("Et < faktum.\nEt andet.", 5, 17))
    assert html.count('<span class="mb-line">') == 2
    assert 'Et &lt; <mark tabindex="-1">faktum.</mark></span>' in html
    assert '<span class="mb-line"><mark tabindex="-1">Et a</mark>ndet.</span>' in html
    assert "mb-line" not in lines("Én linje.", 0, 2)


def test_magbots_own_words_before_a_statement_come_along() -> None:
    answer = answered("x")
    led = answer.statements[0].model_copy(update={"lead": "Artiklen skriver:"})
    turn = Turn(question="x", answer=answer.model_copy(update={"statements": (led, *answer.statements[1:])}))
    assert '<span class="mb-lead">Artiklen skriver:</span>' in conversation([turn], DA)
    assert "Artiklen skriver: Undersøgelsen" in answer_text("x", turn.answer)
    assert "Artiklen skriver: Undersøgelsen" in exported([turn], "html")


def test_a_number_and_its_unit_stay_together() -> None:
    assert typeset("28,6 % af 250 mg om dagen, 3 glas & 2 mgx") == Markup(
        "28,6\N{NO-BREAK SPACE}% af 250\N{NO-BREAK SPACE}mg om dagen, 3 glas &amp; 2 mgx"
    )


def test_the_panel_says_whose_words_they_are() -> None:
    note = citation(1, "Magnesium kan hjælpe med at forebygge migræne.", heading="magbots note om X › Hvad viste det")
    assert "magbots note om X › Hvad viste det" in source_panel("s", note, DA)
    assert "mb-where" not in source_panel("s", note.model_copy(update={"heading": note.title}), DA)


def test_authors_who_are_not_named_are_said_to_be_there() -> None:
    assert author_names(("Bigal ME", "others"), "da", 2) == "Bigal ME m.fl."
    assert author_names(("A", "B", "C"), "en", 2) == "A, B et al."
    assert author_names(("A", "B"), "da", 2) == "A, B"


def test_tables_are_not_graded_as_studies() -> None:
    table = citation(1, "USA siger 350 mg om dagen.", level=5, kind=Kind.TABLE)
    other = citation(2, "Magnesium kan hjælpe med at forebygge migræne.", level=5, document_id="other")
    answer = answered("x").model_copy(update={"citations": (table, other)})
    for words, said, weak in ((DA, "opslagstal", "meget svag"), (EN, "reference figures", "very weak")):
        assert said in source_panel("s", table, words)
        assert weak not in source_panel("s", table, words)
        names = re.findall(r'<th scope="row">(.*?)</th>', evidence(answer, words))
        assert [weak in names[0], said in names[1], len(names)] == [True, True, 2]
    shelf = [document().metadata.model_copy(update={"kind": Kind.TABLE, "evidence_level": 5})]
    assert '<option value="table">opslagstal' in listing(shelf, DA)
    assert 'data-level="table"' in listing(shelf, DA)


def test_a_long_question_can_be_scrolled_by_keyboard() -> None:
    turn = Turn(question="magnesium " * 100, answer=answered("x"))
    assert 'class="mb-question mb-long" tabindex="0"' in conversation([turn], DA)
    assert "mb-long" not in conversation([turn.model_copy(update={"question": "Hjælper det?"})], DA)


def test_about_speaks_the_pages_language(tmp_path: Path) -> None:
    text = Tags(about(FakeMagbot(), DA, Settings(data_dir=tmp_path))).words
    assert "Dokumenter" in text
    assert "hele Danmark" in text
    assert not re.search(r"Denmark|documents|engine|extractive|\d{4}-\d\d-\d\d", text)
    assert "all of Denmark" in about(FakeMagbot(), EN, Settings(data_dir=tmp_path))


def test_a_mark_may_cross_blocks_and_overrun_the_end() -> None:
    html = reader(document(), DA, 0, 10**8)
    assert Tags(html).words.count("219.224") == 1
    assert html.count("<mark") == 3


def test_each_statement_has_its_numbers_and_each_number_a_panel() -> None:
    tags = Tags(conversation([Turn(question="hej", answer=answered("hej"))], DA))
    assert set(tags.values("data-source")) <= set(tags.values("id"))
    assert tags.words.count("[1]") == 1
    assert "Ikke gennemgået" in tags.words
    assert "evidens ikke vurderet" in tags.words
    assert "Søgte efter:" in tags.words


def test_urgent_shows_numbers_to_tap_first() -> None:
    html = conversation([Turn(question="x", answer=FakeMagbot().ask("Jeg vil ikke leve mere"))], DA)
    assert Tags(html).values("href")[:2] == ["tel:70201201", "tel:112"]
    assert html.index("tel:70201201") < html.index("Du er ikke alene")


def test_help_lines_are_found_and_doses_are_not() -> None:
    assert phone_numbers("Ring 112, 82 12 12 12 eller 70 201 201. Ring 112.") == ["112", "82 12 12 12", "70 201 201"]
    assert phone_numbers("112 mg, 1813 mg, 112,5 og 21120") == []
    assert str(with_phones("**Ring 112** nu")) == ('<strong>Ring <a class="mb-tel" href="tel:112">112</a></strong> nu')


def test_a_refusal_shows_no_source_and_no_tools() -> None:
    question = "Hvordan bliver vejret?"
    html = conversation([Turn(question=question, answer=FakeMagbot().ask(question))], DA)
    assert "mb-ref" not in html
    assert "data-copy" not in html
    assert "Ret spørgsmålet" in html


def test_a_gap_says_what_the_sources_do_cover() -> None:
    html = conversation([Turn(question="x", answer=FakeMagbot().ask("Om rumfart?"))], DA)
    assert "Kilderne dækker til gengæld</h3>" in html
    assert "Spørg videre" not in html


def test_an_answer_is_in_its_own_language() -> None:
    html = conversation([Turn(question="x", answer=answered("x", "en"))], DA)
    assert '<div class="mb-answer" lang="en">' in html
    assert "The sources do not all say the same" in html
    assert "Kopiér med kilder" in html


def test_copied_text_holds_quotes_references_and_disclaimer() -> None:
    text = answer_text("hej", answered("hej"))
    assert (
        "[1] A. Forfatter, B. Forfatter, C. Forfatter (2025) Magnesium & hjernen. https://doi.org/10.1234/abc" in text
    )
    assert "“Undersøgelsen bygger på data fra 219.224 deltagere.”" in text
    assert text.endswith("Almen oplysning, ikke lægelig rådgivning.")


def test_a_conversation_survives_the_browser_and_rubbish_does_not() -> None:
    turn = Turn(question="hej", answer=answered("hej"))
    assert restored(f"[{turn.model_dump_json()}]") == [turn]
    assert restored("") == restored("[{}]") == restored("nonsense") == []


def test_both_languages_have_every_word() -> None:
    assert all(getattr(words, name) for words in (DA, EN) for name in words.__dataclass_fields__)


def test_the_list_prefers_the_readers_language() -> None:
    documents = FakeMagbot().documents()
    assert Tags(listing(documents, EN)).values("data-language") == ["en"]
    assert Tags(listing(documents, DA)).values("data-language") == ["da"]


def test_every_shipped_topic_has_a_name_in_both_languages() -> None:
    topics = {topic for item in load_corpus(shipped_corpus()) for topic in item.metadata.topics}
    unnamed = [topic for topic in topics if topic not in _topics() or set(_topics()[topic]) != {"da", "en"}]
    assert unnamed == []
    assert topic_name("my-own-topic", "da") == "my own topic"
