"""A conversation as plain text, Markdown, HTML for printing, and JSON: always with quotes and references."""

from __future__ import annotations

import json
from collections.abc import Sequence

from markupsafe import Markup

from magbot.answer.markdown import answer_markdown, marked, plain, reference
from magbot.answer.wording import about_source
from magbot.schema import Answer
from magbot.web.html import join
from magbot.web.turns import Turn
from magbot.web.wording import WORDS

_STYLE = Markup(
    "body{font:12pt/1.5 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "h2{font-size:1.25rem;margin:2rem 0 .6rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}p{margin:.5rem 0}"
    "aside{border-left:3px solid #777;padding-left:1rem;margin:.8rem 0}blockquote{margin:.2rem 0 .6rem;font-style:italic}"
    "footer{margin-top:1rem;font-size:.85rem}article+article{border-top:1px solid #bbb;margin-top:2rem}"
    "ol,ul{padding-left:1.6rem}li{margin:.3rem 0;break-inside:avoid}a{color:#114}"
)


def exported(turns: Sequence[Turn], form: str) -> str:
    """The conversation as `md`, `html` or `json`; nothing for any other format."""
    writers = {"md": conversation_markdown, "html": conversation_html, "json": conversation_json}
    return writers[form](turns) if form in writers else ""


def answer_text(question: str, answer: Answer) -> str:
    """One answer with its references as plain text, for the clipboard."""
    words = WORDS[answer.language]
    lines = [question, ""]
    lines += [marked(notice.text, notice.citations) for notice in answer.notices]
    lines += _said(answer)
    if answer.caveats:
        lines += ["", f"{words.caveats}:"] + [f"- {marked(item.text, item.citations)}" for item in answer.caveats]
    if answer.citations:
        lines += ["", f"{words.sources}:"]
        lines += [
            f"[{item.number}] {reference(item)} ({about_source(item, answer.language)})\n    “{item.quote}”"
            for item in answer.citations
        ]
    return "\n".join([*lines, "", answer.disclaimer])


def conversation_markdown(turns: Sequence[Turn]) -> str:
    """The conversation as Markdown; what people and documents wrote cannot become markup."""
    parts = [f"## {plain(turn.question)}\n\n{answer_markdown(turn.answer)}" for turn in turns]
    return "# magbot\n\n" + "\n\n---\n\n".join(parts) + "\n"


def conversation_html(turns: Sequence[Turn]) -> str:
    """The conversation as a page of its own that prints well and needs nothing else."""
    language = turns[-1].answer.language if turns else "da"
    return str(
        Markup(
            '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>magbot</title><style>{}</style></head>'
            "<body><h1>magbot</h1>{}</body></html>"
        ).format(language, _STYLE, join(_html_turn(turn) for turn in turns))
    )


def conversation_json(turns: Sequence[Turn]) -> str:
    """The conversation as JSON: each question with the whole answer object."""
    return json.dumps([turn.model_dump(mode="json") for turn in turns], ensure_ascii=False, indent=2) + "\n"


def _said(answer: Answer) -> list[str]:
    lines = [" ".join(filter(None, (item.lead, marked(item.text, item.citations)))) for item in answer.statements]
    return lines or [answer.text]


def _html_turn(turn: Turn) -> Markup:
    answer, words = turn.answer, WORDS[turn.answer.language]
    notices = join(
        Markup("<aside><p>{}</p></aside>").format(marked(item.text, item.citations)) for item in answer.notices
    )
    said = _said(answer)
    caveats = join(Markup("<li>{}</li>").format(marked(item.text, item.citations)) for item in answer.caveats)
    sources = join(
        Markup('<li value="{}">{} ({})<blockquote lang="{}">{}</blockquote></li>').format(
            item.number,
            reference(item),
            about_source(item, answer.language),
            item.language,
            item.quote,
        )
        for item in answer.citations
    )
    return Markup('<article lang="{}"><h2>{}</h2>{}{}{}{}<footer>{}</footer></article>').format(
        answer.language,
        turn.question,
        notices,
        join(Markup("<p>{}</p>").format(line) for line in said),
        Markup("<aside><h3>{}</h3><ul>{}</ul></aside>").format(words.caveats, caveats) if caveats else "",
        Markup("<h3>{}</h3><ol>{}</ol>").format(words.sources, sources) if sources else "",
        answer.disclaimer,
    )
