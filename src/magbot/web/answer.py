"""One answer as HTML: what applies to the person, the direct answer, the rest, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from magbot.answer.wording import NEARBY
from magbot.schema import Answer, Caveat, Citation, Language, Notice, Outcome, Statement
from magbot.web.charts import intake_figure, list_figure, listed
from magbot.web.export import answer_text
from magbot.web.html import dial, help_lines, join, paragraphs, phone_numbers, with_phones
from magbot.web.sources import references, sources, with_references
from magbot.web.turns import Turn
from magbot.web.wording import Words

MAX_CALLS = 3
# A longer first statement is easier to read in the size of the others.
DIRECT_LIMIT = 170


def answer_body(number: int, answer: Answer, words: Words) -> Markup:
    """The parts of an answer in the order in which they matter to the person."""
    if answer.outcome is Outcome.URGENT:
        return urgent_card(number, answer, words)
    said = statements(number, answer.statements, answer.citations, words) or paragraphs(_refusal_text(answer))

    def cite(numbers: Sequence[int]) -> Markup:
        return references(number, numbers, answer.citations, words)

    return join(
        (
            notice_box(number, answer.notices, answer.citations, words),
            said,
            intake_figure(answer, words, cite),
            _caveats(number, answer, words),
            sources(number, answer, words),
        )
    )


def statements(number: int, said: Sequence[Statement], citations: Sequence[Citation], words: Words) -> Markup:
    """The statements; the first is the direct answer and looks it."""
    return join(_statement(number, item, citations, words, direct=place == 0) for place, item in enumerate(said))


def _statement(
    number: int, statement: Statement, citations: Sequence[Citation], words: Words, *, direct: bool
) -> Markup:
    def cite(numbers: Sequence[int]) -> Markup:
        return references(number, numbers, citations, words)

    lead = Markup('<span class="mb-lead">{}</span> ').format(statement.lead) if statement.lead else ""
    if found := listed(statement, words.language):
        title, bars = found
        whole = Markup("") if bars[0].citations else cite(statement.citations)
        return Markup('<div class="mb-statement">{}{}</div>').format(lead, list_figure(title, bars, whole, cite))
    return Markup('<p class="mb-statement{}">{}{}</p>').format(
        " mb-direct" if direct and len(statement.text) <= DIRECT_LIMIT else "",
        lead,
        with_references(statement.text, number, statement.citations, citations, words),
    )


def _refusal_text(answer: Answer) -> str:
    """A refusal's own words; the questions that follow in its text are shown as buttons instead."""
    return answer.text.split(NEARBY[answer.language])[0].strip() if answer.suggestions else answer.text


def urgent_card(number: int, answer: Answer, words: Words) -> Markup:
    """Help before anything else: large, with numbers that a thumb can hit."""
    notices = answer.notices or (Notice(kind="urgent", text=answer.text),)
    # The first notice holds the numbers that help at once; further ones can be tapped where the text names them.
    calls = join(_call(phone, words) for phone in phone_numbers(notices[0].text)[:MAX_CALLS])
    said = join(_notice_text(number, notice, answer.citations, words) for notice in notices)
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


def _notice_text(number: int, notice: Notice, citations: Sequence[Citation], words: Words) -> Markup:
    return Markup("<p>{}</p>").format(
        with_references(notice.text, number, notice.citations, citations, words, dress=with_phones)
    )


def notice_box(number: int, notices: Sequence[Notice], citations: Sequence[Citation], words: Words) -> Markup:
    """What applies to the person, before the answer."""
    if not notices:
        return Markup("")
    return Markup('<section class="mb-notices"><h3>{}</h3>{}</section>').format(
        words.notices, join(_notice_text(number, notice, citations, words) for notice in notices)
    )


def _caveats(number: int, answer: Answer, words: Words) -> Markup:
    """What sources say against the answer, apart from limits that no source is cited for."""
    differing = [caveat for caveat in answer.caveats if caveat.citations]
    limits = [caveat for caveat in answer.caveats if not caveat.citations]
    return _caveat_box(number, words.differing, differing, answer, words) + _caveat_box(
        number, words.caveats, limits, answer, words
    )


def _caveat_box(number: int, title: str, caveats: Sequence[Caveat], answer: Answer, words: Words) -> Markup:
    if not caveats:
        return Markup("")
    items = join(
        Markup("<li>{}</li>").format(with_references(item.text, number, item.citations, answer.citations, words))
        for item in caveats
    )
    return Markup('<section class="mb-caveats"><h3>{}</h3><ul>{}</ul></section>').format(title, items)


def searched(number: int, answer: Answer, question: str, words: Words) -> Markup:
    """What was searched for where that is not the question itself, and a field to put it right and search again."""
    if answer.outcome is Outcome.URGENT:
        return Markup("")
    standalone = answer.standalone_question or question
    if not _same(standalone, question):
        button, form = _edit(number, standalone, words.edit, words)
        return _searched_row(_searched_for(standalone, words), button, form, words)
    button, form = _edit(number, question, words.edit_question, words)
    documents = len({citation.document_id for citation in answer.citations})
    count = f"{words.rests_on} {documents} {words.evidence_count[documents != 1]}. " if documents else ""
    return _searched_row(Markup("{}").format(count), button, form, words)


def searching(question: str, searched_for: str, words: Words) -> Markup:
    """The same row while the answer is on its way; it keeps its place when there is nothing to say yet."""
    if _same(searched_for or question, question):
        return _searched_row(Markup(""), Markup(""), Markup(""), words)
    hold = Markup('<span class="mb-plain mb-hold" aria-hidden="true">{}</span>').format(words.edit)
    return _searched_row(_searched_for(searched_for, words), hold, Markup(""), words)


def _same(standalone: str, question: str) -> bool:
    return " ".join(standalone.split()) == " ".join(question.split())


def _searched_for(standalone: str, words: Words) -> Markup:
    return Markup("{} <q>{}</q> ").format(words.searched_for, standalone)


def _searched_row(shown: Markup, button: Markup, form: Markup, words: Words) -> Markup:
    return Markup('<div class="mb-searched" lang="{}"><p>{}{}</p>{}</div>').format(words.language, shown, button, form)


def _edit(number: int, question: str, name: str, words: Words) -> tuple[Markup, Markup]:
    button = Markup(
        '<button type="button" class="mb-plain" data-edit aria-expanded="false" aria-controls="e{}">{}</button>'
    ).format(number, name)
    form = Markup(
        '<form id="e{n}" data-again hidden><label class="mb-sr" for="f{n}">{w.edit_label}</label><input id="f{n}" '
        'name="question" value="{value}" autocomplete="off"><button type="submit">{w.search_again}</button></form>'
    ).format(w=words, n=number, value=question)
    return button, form


def suggestions(answer: Answer, words: Words) -> Markup:
    """Further questions as buttons; where there is no answer, what there is one to."""
    if not answer.suggestions:
        return Markup("")
    title = words.suggestions if answer.outcome is Outcome.ANSWERED else NEARBY[answer.language].rstrip(":")
    return Markup('<section class="mb-suggestions"><h3 class="mb-small">{}</h3>{}</section>').format(
        title, ask_buttons(answer.suggestions, answer.language)
    )


def ask_buttons(questions: Sequence[str], language: Language) -> Markup:
    """Questions that a press asks."""
    buttons = join(
        Markup('<li><button type="button" class="mb-ask" data-ask="{0}" lang="{1}">{0}</button></li>').format(
            question, language
        )
        for question in questions
    )
    return Markup('<ul class="mb-asks">{}</ul>').format(buttons)


def tools(turn: Turn, words: Words) -> Markup:
    """Copy and read aloud; the text they use travels with the answer, so that they need no server."""
    if turn.answer.outcome is not Outcome.ANSWERED:
        return Markup("")
    answer = turn.answer
    said: list[Notice | Statement | Caveat] = [*answer.notices, *answer.statements, *answer.caveats]
    spoken = "\n".join(" ".join(filter(None, (getattr(item, "lead", ""), item.text))) for item in said)
    return Markup(
        '<div class="mb-tools" lang="{w.language}">'
        '<button type="button" class="mb-plain" data-copy="{text}" data-done="{w.copied}">{w.copy}</button>'
        '<button type="button" class="mb-plain" data-speak="{spoken}" data-lang="{language}" data-stop="{w.stop_speaking}" '
        'aria-pressed="false">{w.speak}</button></div>'
    ).format(w=words, text=answer_text(turn.question, answer), spoken=spoken, language=answer.language)
