"""A conversation as plain text, Markdown, HTML for printing, and JSON: always with quotes and references."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from markupsafe import Markup

from magbot.answer.wording import about_source
from magbot.schema import Answer, Citation
from magbot.web.html import doi_url, join, safe_url
from magbot.web.turns import Turn
from magbot.web.wording import WORDS

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_STYLE = Markup(
    "body{font:12pt/1.5 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "h2{font-size:1.1rem;margin-top:2rem}aside{border-left:3px solid #777;padding-left:1rem}"
    "footer{margin-top:2rem;font-size:.85rem}li{margin:.4rem 0}a{color:#114}"
)


def exported(turns: Sequence[Turn], form: str) -> str:
    """The conversation as `md`, `html` or `json`; nothing for any other format."""
    writers = {"md": conversation_markdown, "html": conversation_html, "json": conversation_json}
    return writers[form](turns) if form in writers else ""


def reference(citation: Citation) -> str:
    """A citation as a line of a reference list."""
    where = doi_url(citation.doi) or safe_url(citation.url) or ""
    parts = (", ".join(citation.authors), f"({citation.year})" if citation.year else "", f"{citation.title}.", where)
    return " ".join(part for part in parts if part)


def answer_text(question: str, answer: Answer) -> str:
    """One answer with its references as plain text, for the clipboard."""
    words = WORDS[answer.language]
    lines = [question, ""]
    lines += [notice.text for notice in answer.notices]
    lines += [_marked(item.text, item.citations) for item in answer.statements] or [answer.text]
    if answer.caveats:
        lines += ["", f"{words.caveats}:"] + [f"- {_marked(item.text, item.citations)}" for item in answer.caveats]
    if answer.citations:
        lines += ["", f"{words.sources}:"]
        lines += [
            f"[{item.number}] {reference(item)} ({about_source(item, answer.language)})\n    “{item.quote}”"
            for item in answer.citations
        ]
    return "\n".join([*lines, "", answer.disclaimer])


def conversation_markdown(turns: Sequence[Turn]) -> str:
    """The conversation as Markdown; what people and documents wrote cannot become markup."""
    parts = []
    for turn in turns:
        answer, words = turn.answer, WORDS[turn.answer.language]
        said = [_marked(_plain(item.text), item.citations) for item in answer.statements] or [_plain(answer.text)]
        block = [f"## {_plain(turn.question)}", *(f"> **{_plain(item.text)}**" for item in answer.notices), *said]
        if answer.caveats:
            block.append(f"### {words.caveats}")
            block.append("\n".join(f"- {_marked(_plain(item.text), item.citations)}" for item in answer.caveats))
        if answer.citations:
            block.append(f"### {words.sources}")
            block.append("\n\n".join(_markdown_source(item, answer) for item in answer.citations))
        parts.append("\n\n".join([*block, f"*{_plain(answer.disclaimer)}*"]))
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


def _html_turn(turn: Turn) -> Markup:
    answer, words = turn.answer, WORDS[turn.answer.language]
    notices = join(Markup("<aside><p>{}</p></aside>").format(item.text) for item in answer.notices)
    said = [_marked(item.text, item.citations) for item in answer.statements] or [answer.text]
    caveats = join(Markup("<li>{}</li>").format(_marked(item.text, item.citations)) for item in answer.caveats)
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


def _markdown_source(citation: Citation, answer: Answer) -> str:
    level = about_source(citation, answer.language)
    return f"[{citation.number}] {_plain(reference(citation))} ({level})\n> {_plain(citation.quote)}"


def _marked(text: str, numbers: Sequence[int]) -> str:
    return text + "".join(f" [{number}]" for number in numbers)


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
