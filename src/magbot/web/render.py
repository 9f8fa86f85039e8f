"""The conversation as HTML: questions, answers, their sources. Nothing here trusts what a document or a person wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from magbot.answer.wording import NEARBY, evidence_in_words
from magbot.schema import Answer, Citation, Language, Notice, Outcome, Statement
from magbot.web.export import answer_text
from magbot.web.html import dial, help_lines, join, paragraphs, phone_numbers, strength, with_phones
from magbot.web.source import by_line, source_panel
from magbot.web.turns import Draft, Turn
from magbot.web.wording import EXAMPLES, WORDS, Words

MAX_CALLS = 3


def conversation(turns: Sequence[Turn], words: Words, draft: Draft | None = None) -> str:
    """The whole conversation, or a welcome when there is none yet."""
    if not turns and draft is None:
        return str(welcome(words))
    parts = [_turn(number, turn, words) for number, turn in enumerate(turns, 1)]
    if draft is not None:
        parts.append(_draft(len(turns) + 1, draft, words))
    return str(join(parts))


def welcome(words: Words) -> Markup:
    """What stands in the page before the first question."""
    other: Language = "en" if words.language == "da" else "da"
    return Markup(
        '<section class="mb-welcome"><h2>{welcome}</h2><p>{how}</p>'
        '<h3 class="mb-small">{own}</h3>{examples}<h3 class="mb-small" lang="{lang}">{foreign}</h3>{others}</section>'
    ).format(
        welcome=words.welcome,
        how=words.welcome_how,
        own=words.examples,
        examples=_asks(EXAMPLES[words.language], words.language),
        lang=other,
        foreign=words.examples_other,
        others=_asks(EXAMPLES[other][:3], other),
    )


def _asks(questions: Sequence[str], language: Language) -> Markup:
    buttons = join(
        Markup('<li><button type="button" class="mb-ask" data-ask="{0}" lang="{1}">{0}</button></li>').format(
            q, language
        )
        for q in questions
    )
    return Markup('<ul class="mb-asks">{}</ul>').format(buttons)


def _question(number: int, question: str, words: Words) -> Markup:
    return Markup('<h2 class="mb-question" id="q{}"><span class="mb-sr">{} </span>{}</h2>').format(
        number, words.you_asked, question
    )


def _draft(number: int, draft: Draft, words: Words) -> Markup:
    body = join(_statement(number, statement, draft.citations, words) for statement in draft.statements)
    if draft.error:
        state = Markup('<p class="mb-error" role="alert">{}</p>').format(draft.error)
    else:
        state = Markup('<p class="mb-stage"><span class="mb-pulse" aria-hidden="true"></span>{}</p>').format(
            words.stages.get(draft.stage, words.stages["retrieve"])
        )
    panels = _panels(number, draft.citations, words)
    return Markup(
        '<article class="mb-turn mb-draft" data-turn="{}" data-done="{}">{}<div class="mb-answer">{}{}</div>{}</article>'
    ).format(number, "error" if draft.error else "", _question(number, draft.question, words), body, state, panels)


def _turn(number: int, turn: Turn, words: Words) -> Markup:
    answer = turn.answer
    own = WORDS[answer.language]
    urgent = answer.outcome is Outcome.URGENT
    body = urgent_card(number, answer, own) if urgent else _answer(number, answer, turn.question, own)
    return Markup(
        '<article class="mb-turn mb-is-{outcome}" data-turn="{number}" data-done="yes">{question}'
        '<div class="mb-answer" lang="{lang}">{body}{suggestions}{tools}</div>{panels}</article>'
    ).format(
        outcome=answer.outcome.value,
        number=number,
        question=_question(number, turn.question, words),
        lang=answer.language,
        body=body,
        suggestions=_suggestions(answer, own),
        tools=_tools(turn, words),
        panels=_panels(number, answer.citations, own),
    )


def _answer(number: int, answer: Answer, question: str, words: Words) -> Markup:
    if answer.statements:
        said = join(_statement(number, item, answer.citations, words) for item in answer.statements)
    else:
        said = paragraphs(_refusal_text(answer))
    return join(
        (_notices(number, answer.notices, answer, words), said, _caveats(number, answer, words), _sources(number, answer, words),
         _searched(answer, question, words))
    )  # fmt: skip


def _refusal_text(answer: Answer) -> str:
    """A refusal's own words; the questions that follow in its text are shown as buttons instead."""
    return answer.text.split(NEARBY[answer.language])[0].strip() if answer.suggestions else answer.text


def urgent_card(number: int, answer: Answer, words: Words) -> Markup:
    """Help before anything else: large, with numbers that a thumb can hit."""
    notices = answer.notices or (Notice(kind="urgent", text=answer.text),)
    # The first notice holds the numbers that help at once; further ones can be tapped where the text names them.
    calls = join(_call(phone, words) for phone in phone_numbers(notices[0].text)[:MAX_CALLS])
    said = join(_notice_text(number, notice, answer, words) for notice in notices)
    shown = {notice.text.strip() for notice in notices}
    more = "" if answer.text.strip() in shown else paragraphs(answer.text)
    return Markup(
        '<section class="mb-urgent" role="alert" aria-labelledby="u{0}"><h3 id="u{0}">{1}</h3>'
        '<div class="mb-calls">{2}</div>{3}{4}</section>'
    ).format(number, words.urgent, calls, said, more)


def _call(phone: str, words: Words) -> Markup:
    name = str(help_lines()[phone]["name"][words.language])
    return Markup('<a class="mb-call" href="tel:{}"><span>{}</span> <strong>{}</strong></a>').format(
        dial(phone), words.call if name == phone else name, phone
    )


def _notice_text(number: int, notice: Notice, answer: Answer, words: Words) -> Markup:
    return Markup("<p>{}{}</p>").format(
        with_phones(notice.text), _references(number, notice.citations, answer.citations, words)
    )


def _notices(number: int, notices: Sequence[Notice], answer: Answer, words: Words) -> Markup:
    if not notices:
        return Markup("")
    return Markup('<section class="mb-notices"><h3>{}</h3>{}</section>').format(
        words.notices, join(_notice_text(number, notice, answer, words) for notice in notices)
    )


def _statement(number: int, statement: Statement, citations: Sequence[Citation], words: Words) -> Markup:
    return Markup('<p class="mb-statement">{}{}</p>').format(
        statement.text, _references(number, statement.citations, citations, words)
    )


def _references(number: int, cited: Sequence[int], citations: Sequence[Citation], words: Words) -> Markup:
    known = {citation.number: citation for citation in citations}
    return join(_reference(number, known[mark], words) for mark in cited if mark in known)


def _reference(number: int, citation: Citation, words: Words) -> Markup:
    return Markup(
        '\N{NO-BREAK SPACE}<button type="button" class="mb-ref" data-source="s{0}-{1}" data-quote="{2}" data-from="{3}"'
        ' aria-haspopup="dialog" aria-label="{4} {1}: {5}">[{1}]</button>'
    ).format(number, citation.number, citation.quote, by_line(citation), words.source_number, citation.title)


def _caveats(number: int, answer: Answer, words: Words) -> Markup:
    if not answer.caveats:
        return Markup("")
    items = join(
        Markup("<li>{}{}</li>").format(caveat.text, _references(number, caveat.citations, answer.citations, words))
        for caveat in answer.caveats
    )
    return Markup('<section class="mb-caveats"><h3>{}</h3><ul>{}</ul></section>').format(words.caveats, items)


def _sources(number: int, answer: Answer, words: Words) -> Markup:
    if not answer.citations:
        return Markup("")
    rows = join(
        Markup(
            '<li value="{1}"><button type="button" class="mb-source" data-source="s{0}-{1}" aria-haspopup="dialog">'
            '<span class="mb-n" aria-hidden="true">{1}</span><span class="mb-source-title" lang="{lang}">{title}</span>'
            '<span class="mb-by">{by}</span>{strength}{unreviewed}</button></li>'
        ).format(
            number,
            citation.number,
            lang=citation.language,
            title=citation.title,
            by=by_line(citation),
            strength=strength(citation.evidence_level, words.language),
            unreviewed=_unreviewed(citation, words),
        )
        for citation in answer.citations
    )
    return Markup('<section class="mb-sources"><h3>{}</h3>{}<ol>{}</ol></section>').format(
        words.sources, _evidence(answer, words), rows
    )


def _unreviewed(citation: Citation, words: Words) -> Markup:
    return Markup("") if citation.reviewed else Markup('<span class="mb-tag">{}</span>').format(words.unreviewed)


def _evidence(answer: Answer, words: Words) -> Markup:
    """How many sources of which strength: a bar for the eye, a sentence for everyone."""
    documents = {citation.document_id: citation.evidence_level for citation in answer.citations}
    if len(documents) < 2:
        return Markup("")
    counts = sorted(Counter(level or 6 for level in documents.values()).items())
    bar = join(Markup('<i data-level="{}" style="flex:{}"></i>').format(level % 6, count) for level, count in counts)
    said = ", ".join(
        f"{count} {words.evidence_count[count > 1]}: {evidence_in_words(level % 6 or None, words.language)}"
        for level, count in counts
    )
    return Markup('<p class="mb-evidence"><span class="mb-bar" aria-hidden="true">{}</span><span>{}</span></p>').format(
        bar, said
    )


def _searched(answer: Answer, question: str, words: Words) -> Markup:
    standalone = answer.standalone_question
    if not standalone or " ".join(standalone.split()) == " ".join(question.split()):
        return Markup("")
    return Markup(
        '<p class="mb-searched">{} <q>{}</q> <button type="button" class="mb-plain" data-edit="{}">{}</button></p>'
    ).format(words.searched_for, standalone, standalone, words.edit)


def _suggestions(answer: Answer, words: Words) -> Markup:
    if not answer.suggestions:
        return Markup("")
    return Markup('<section class="mb-suggestions"><h3 class="mb-small">{}</h3>{}</section>').format(
        words.suggestions, _asks(answer.suggestions, answer.language)
    )


def _tools(turn: Turn, words: Words) -> Markup:
    """Copy and read aloud; the text they use travels with the answer, so that they need no server."""
    if turn.answer.outcome is not Outcome.ANSWERED:
        return Markup("")
    spoken = " ".join(statement.text for statement in turn.answer.statements)
    return Markup(
        '<div class="mb-tools" lang="{lang}"><button type="button" class="mb-plain" data-copy="{text}" data-done="{copied}">'
        '{copy}</button><button type="button" class="mb-plain" data-speak="{spoken}" data-lang="{spoken_lang}" '
        'data-stop="{stop}" aria-pressed="false">{speak}</button></div>'
    ).format(
        lang=words.language,
        text=answer_text(turn.question, turn.answer),
        copied=words.copied,
        copy=words.copy,
        spoken=spoken,
        spoken_lang=turn.answer.language,
        stop=words.stop_speaking,
        speak=words.speak,
    )


def _panels(number: int, citations: Sequence[Citation], words: Words) -> Markup:
    return join(source_panel(f"s{number}-{citation.number}", citation, words) for citation in citations)


def announcement(turn: Turn, words: Words) -> str:
    """What the live region says when an answer is there."""
    answer = turn.answer
    said = " ".join(item.text for item in answer.statements) or answer.text
    first = " ".join(notice.text for notice in answer.notices)
    count = len(answer.citations)
    cited = f"{count} {words.evidence_count[count != 1]}." if count else ""
    return str(Markup('<div class="mb-sr" role="status" aria-live="polite" lang="{}">{}</div>').format(
        answer.language, " ".join(part for part in (words.answer_ready, first, said, cited) if part)
    ))  # fmt: skip


def status(text: str, words: Words) -> str:
    """The live region with a short message."""
    return str(
        Markup('<div class="mb-sr" role="status" aria-live="polite" lang="{}">{}</div>').format(words.language, text)
    )
