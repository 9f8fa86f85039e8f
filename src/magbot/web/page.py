"""The gradio page: which parts there are and what happens when. What they look like stands in the modules beside it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from magbot.assistant import Magbot
from magbot.errors import MagbotError
from magbot.events import AnswerEvent, NoticeEvent, StageEvent, StatementEvent
from magbot.refusals import told
from magbot.safety.sanitise import QUESTION_LIMIT
from magbot.schema import Language
from magbot.settings import Settings
from magbot.web.about import about
from magbot.web.export import exported
from magbot.web.feedback import feedback_form
from magbot.web.frame import dialog, disclaimer, header, toolbar
from magbot.web.library import listing, not_found, reader
from magbot.web.quality import quality
from magbot.web.render import announcement, conversation, draft_view, status, turn_view
from magbot.web.turns import Asked, Draft, Turn, asked, restored
from magbot.web.wording import WORDS, Words

HERE = Path(__file__).parent
# Answers are computed on threads; this many people can be answered at once before others wait in line.
CONCURRENCY = 16
# Between two updates of a streamed answer: faster than an eye follows costs only traffic.
MIN_INTERVAL_S = 0.08
# Custom events of the page's script, handed on to gradio. The names in quotes are what gradio looks for.
BRIDGE = """
for (const name of ["ask", "opendocument", "closedocument"])
  document.addEventListener("magbot:" + name, (event) => trigger(name, event.detail || {}));
window.magbot.server = server;
"""
# What the browser adds to a call: the conversation so far, which the server does not keep, and the page's address.
TYPED = "(typed) => [typed, window.magbot.asking(typed)]"
PRESSED = "() => [window.magbot.asking()]"
FAILED = "() => [window.magbot.failing()]"
AT_START = "() => [window.magbot.atStart()]"

Update = tuple[Any, ...]


def html(value: str, **options: Any) -> gr.HTML:
    """A part of the page that brings its own style."""
    return gr.HTML(value, apply_default_css=False, **options)


def build_page(magbot: Magbot, settings: Settings, language: Language = "da") -> gr.Blocks:
    """The page in one language."""
    words = WORDS[language]
    answers = Answers(magbot, words)
    shelf = Shelf(magbot, words)

    def export_conversation(wanted: dict[str, str]) -> str:
        """Called by the page's script with format and conversation, so that no file is left on the server."""
        return exported(restored(str(wanted.get("turns", ""))), str(wanted.get("form", "")))

    page: gr.Blocks
    with gr.Blocks(title="magbot", analytics_enabled=False, fill_width=True) as page:
        html(header(words), elem_id="mb-header")
        with gr.Tabs(elem_id="mb-tabs") as tabs:
            with gr.Tab(words.tab_ask, id="ask", elem_id="mb-tab-ask"):
                html(toolbar(words), elem_id="mb-toolbar")
                talk = html(
                    conversation([], words),
                    elem_id="mb-conversation",
                    js_on_load=BRIDGE,
                    server_functions=[export_conversation],
                )
                now = html("", elem_id="mb-now")
                with gr.Row(elem_id="mb-dock"):
                    question = gr.Textbox(
                        label=words.ask_label,
                        placeholder=words.ask_placeholder,
                        lines=1,
                        max_lines=5,
                        max_length=QUESTION_LIMIT,
                        container=False,
                        scale=1,
                        min_width=0,
                        elem_id="mb-question",
                    )
                    send = gr.Button(words.ask_button, variant="primary", scale=0, min_width=72, elem_id="mb-send")
                    html(disclaimer(words, QUESTION_LIMIT), elem_id="mb-disclaimer")
            with (
                gr.Tab(words.tab_sources, id="sources", elem_id="mb-tab-sources") as sources_tab,
                gr.Column(elem_id="mb-shelf"),
            ):
                reading = html("", elem_id="mb-reading")
                listed = html(shelf.listed(), elem_id="mb-listing")
            with gr.Tab(words.tab_add, id="add", elem_id="mb-tab-add"):
                html('<div class="mb-maintain-place"></div>', elem_id="mb-maintain")
            with gr.Tab(words.tab_quality, id="quality", elem_id="mb-tab-quality"):
                html(quality(words, settings), elem_id="mb-quality")
            with gr.Tab(words.tab_about, id="about", elem_id="mb-tab-about"):
                html(about(magbot, words, settings), elem_id="mb-about")
        live = html(status("", words), elem_id="mb-live")
        html(dialog(words), elem_id="mb-dialog")
        if settings.keep_feedback:
            html(feedback_form(words, settings.keep_days), elem_id="mb-feedback-place")
        from_browser = gr.Textbox(visible=False)

        said = [now, live, question]
        shown = [reading, tabs]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        line: dict[str, Any] = quiet | {"concurrency_limit": CONCURRENCY}
        typed = gr.on([question.submit, send.click], answers.typed, [question, from_browser], said, js=TYPED, **line)
        pressed = talk.ask(answers.pressed, [from_browser], said, js=PRESSED, **line)
        for asking in (typed, pressed):
            asking.failure(answers.broken, [from_browser], said, js=FAILED, **quiet)
        talk.opendocument(shelf.opened, None, shown, **quiet)
        sources_tab.select(shelf.listed, None, listed, **quiet)
        talk.closedocument(shelf.closed, None, shown, **quiet)
        page.load(answers.resumed, [from_browser], [talk], js=AT_START, **quiet)
        page.load(shelf.linked, [from_browser], shown, js=AT_START, **quiet)
    return page


class Answers:
    """What the page does with questions. It holds nothing: two people's conversations cannot be mixed up."""

    def __init__(self, magbot: Magbot, words: Words) -> None:
        self._magbot = magbot
        self._words = words

    def typed(self, question: str, from_browser: str) -> Iterator[Update]:
        """A question from the text field."""
        yield from self._answered(question, asked(from_browser))

    def pressed(self, from_browser: str) -> Iterator[Update]:
        """A question from one of the buttons."""
        said = asked(from_browser)
        yield from self._answered(said.question, said)

    def broken(self, from_browser: str) -> Update:
        """What is shown when something went wrong that nobody foresaw; the log has the details, the person the question."""
        said = asked(from_browser)
        draft = Draft(question=said.question, error=self._words.failed)
        return draft_view(said.turn, draft, self._words), status("", self._words), said.question or gr.skip()

    def resumed(self, from_browser: str) -> str:
        """The conversation of this browser tab, after a reload."""
        return conversation(restored(_field(from_browser, "turns")), self._words)

    def _answered(self, question: str, said: Asked) -> Iterator[Update]:
        words, number = self._words, said.turn
        question = question.strip()
        if not question:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        draft = Draft(question=question)
        yield draft_view(number, draft, words), status(words.stages["retrieve"], words), ""
        last = time.monotonic()
        try:
            for event in self._magbot.stream(question, said.history):
                if isinstance(event, AnswerEvent):
                    turn = Turn(question=question, answer=event.answer)
                    yield (
                        str(turn_view(number, turn, words)),
                        announcement(turn, words) + vault(number, turn),
                        gr.skip(),
                    )
                    return
                draft = _extended(draft, event)
                if time.monotonic() - last >= MIN_INTERVAL_S:
                    last = time.monotonic()
                    yield draft_view(number, draft, words), gr.skip(), gr.skip()
        except MagbotError as error:
            what, mend, _ = told(error, words.language)
            failed = Draft(question=question, error=f"{words.failed} ({' '.join(filter(None, (what, mend)))})")
            yield draft_view(number, failed, words), gr.skip(), question


class Shelf:
    """What the page does with documents."""

    def __init__(self, magbot: Magbot, words: Words) -> None:
        self._magbot = magbot
        self._words = words

    def opened(self, event: gr.EventData) -> Update:
        """A document, asked for by a link in the page."""
        data: dict[str, Any] = event._data
        return self._show(str(data.get("document", "")), data.get("language"), data.get("start"), data.get("end"))

    def listed(self) -> str:
        """All documents as they are now."""
        return listing(self._magbot.documents(), self._words)

    def closed(self) -> Update:
        """Back to the list."""
        return "", gr.skip()

    def linked(self, from_browser: str) -> Update:
        """A document, asked for by the page's address."""
        document = _field(from_browser, "document")
        if not document:
            return gr.skip(), gr.skip()
        return self._show(
            document, _field(from_browser, "language"), _field(from_browser, "start"), _field(from_browser, "end")
        )

    def _show(self, document_id: str, language: object, start: object, end: object) -> Update:
        wanted: Language = "en" if language == "en" else "da" if language == "da" else self._words.language
        try:
            document = self._magbot.document(document_id, wanted)
        except MagbotError:
            return not_found(self._words), gr.Tabs(selected="sources")
        return reader(document, self._words, _offset(start), _offset(end)), gr.Tabs(selected="sources")


def _extended(draft: Draft, event: StageEvent | NoticeEvent | StatementEvent) -> Draft:
    if isinstance(event, NoticeEvent):
        return draft.model_copy(update={"notices": event.notices})
    if isinstance(event, StageEvent):
        # A second "answer" takes back what was shown of the first.
        fresh = {"statements": (), "citations": ()} if event.stage == "answer" else {}
        searched = event.searched_for or draft.searched_for
        return draft.model_copy(update={"stage": event.stage, "searched_for": searched, **fresh})
    known = {citation.number: citation for citation in (*draft.citations, *event.citations)}
    return draft.model_copy(
        update={"statements": (*draft.statements, event.statement), "citations": tuple(known.values())}
    )


def vault(number: int, turn: Turn) -> str:
    """The turn for the page's script, which keeps it in this browser tab only."""
    return str(Markup('<div hidden data-number="{}" data-store="{}"></div>').format(number, turn.model_dump_json()))


def _field(from_browser: str, name: str) -> str:
    try:
        value = json.loads(from_browser or "{}").get(name)
    except (ValueError, AttributeError):
        return ""
    return value if isinstance(value, str) else ""


def _offset(value: object) -> int:
    text = str(value if value is not None else "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
