"""The conversation as HTML: questions, answers, their sources. Nothing here trusts what a document or a person wrote."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from magbot.schema import Language
from magbot.web.answer import answer_body, ask_buttons, notice_box, searched, searching, statements, suggestions, tools
from magbot.web.html import join
from magbot.web.sources import panels
from magbot.web.turns import Draft, Turn
from magbot.web.wording import EXAMPLES, WORDS, Words

LONG_QUESTION = 240


def conversation(turns: Sequence[Turn], words: Words) -> str:
    """A welcome, and the turns that a browser kept; the page shows the welcome while there are none."""
    return str(welcome(words) + join(turn_view(number, turn, words) for number, turn in enumerate(turns, 1)))


def welcome(words: Words) -> Markup:
    """What stands in the page before the first question."""
    other: Language = "en" if words.language == "da" else "da"
    return Markup(
        '<section class="mb-welcome"><p data-undone hidden><button type="button" class="mb-plain" data-undo>{undo}</button></p>'
        "<h2>{welcome}</h2><p>{how}</p>"
        '<h3 class="mb-small">{own}</h3>{examples}<h3 class="mb-small" lang="{lang}">{foreign}</h3>{others}</section>'
    ).format(
        undo=words.undo,
        welcome=words.welcome,
        how=words.welcome_how,
        own=words.examples,
        examples=ask_buttons(EXAMPLES[words.language], words.language),
        lang=other,
        foreign=words.examples_other,
        others=ask_buttons(EXAMPLES[other][:3], other),
    )


def _question(number: int, question: str, words: Words) -> Markup:
    # A long one scrolls in a box of its own, which the keyboard must be able to reach.
    long = Markup(' mb-long" tabindex="0') if len(question) > LONG_QUESTION else ""
    return Markup('<h2 class="mb-question{}" id="q{}"><span class="mb-sr">{} </span>{}</h2>').format(
        long, number, words.you_asked, question
    )


def draft_view(number: int, draft: Draft, words: Words) -> str:
    """A question whose answer is on its way, or why it did not come."""
    if draft.error:
        state = Markup('<p class="mb-error" role="alert">{}</p>').format(draft.error)
    else:
        state = Markup('<p class="mb-stage"><span class="mb-pulse" aria-hidden="true"></span>{}</p>').format(
            words.stages.get(draft.stage, words.stages["retrieve"])
        )
    return str(
        Markup(
            '<article class="mb-turn mb-draft" data-turn="{}" data-done="{}">{}{}<div class="mb-answer">{}{}{}</div>{}</article>'
        ).format(
            number,
            "error" if draft.error else "",
            _question(number, draft.question, words) if draft.question else "",
            searching(draft.question, draft.searched_for, words),
            notice_box(number, draft.notices, draft.citations, words),
            statements(number, draft.statements, draft.citations, words),
            state,
            panels(number, draft.citations, words),
        )
    )


def turn_view(number: int, turn: Turn, words: Words) -> Markup:
    """A question and its answer; the answer speaks its own language, the page's tools that of the page."""
    answer = turn.answer
    own = WORDS[answer.language]
    return Markup(
        '<article class="mb-turn mb-is-{outcome}" data-turn="{number}" data-done="yes">{question}{searched}'
        '<div class="mb-answer" lang="{lang}">{body}{suggestions}{tools}</div>{panels}</article>'
    ).format(
        outcome=answer.outcome.value,
        number=number,
        question=_question(number, turn.question, words),
        searched=searched(number, answer, turn.question, words),
        lang=answer.language,
        body=answer_body(number, answer, own),
        suggestions=suggestions(answer, own),
        tools=tools(turn, words),
        panels=panels(number, answer.citations, own),
    )


def announcement(turn: Turn, words: Words) -> str:
    """What the live region says when an answer is there."""
    answer = turn.answer
    said = " ".join(item.text for item in answer.statements) or answer.text
    first = " ".join(notice.text for notice in answer.notices)
    count = len(answer.citations)
    cited = f"{count} {words.quote_count[count != 1]}." if count else ""
    return str(Markup('<div class="mb-sr" role="status" aria-live="polite" lang="{}">{}</div>').format(
        answer.language, " ".join(part for part in (words.answer_ready, first, said, cited) if part)
    ))  # fmt: skip


def status(text: str, words: Words) -> str:
    """The live region with a short message."""
    return str(
        Markup('<div class="mb-sr" role="status" aria-live="polite" lang="{}">{}</div>').format(words.language, text)
    )
