"""One answer as Markdown, with notices first and references last: for exports and for chat programs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from magbot.answer.wording import CAVEATS, SOURCES, about_source, author_names
from magbot.safety.sanitise import doi_url, safe_url, strip_hidden
from magbot.schema import Answer, Citation, Language, Statement

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def answer_markdown(answer: Answer) -> str:
    """Notices, statements, caveats, sources with their quotes, disclaimer.

    What people and documents wrote is escaped, so it cannot become markup.
    """
    said = [_said(item) for item in answer.statements] or [plain(answer.text)]
    block = [*(marked(f"> **{plain(item.text)}**", item.citations) for item in answer.notices), *said]
    if answer.caveats:
        block.append(f"### {CAVEATS[answer.language]}")
        block.append("\n".join(f"- {marked(plain(item.text), item.citations)}" for item in answer.caveats))
    if answer.citations:
        block.append(f"### {SOURCES[answer.language]}")
        block.append("\n\n".join(_source(item, answer.language) for item in answer.citations))
    return "\n\n".join([*block, f"*{plain(answer.disclaimer)}*"])


def reference(citation: Citation) -> str:
    """A citation as a line of a reference list."""
    where = doi_url(citation.doi) or safe_url(citation.url) or ""
    parts = (
        author_names(citation.authors, citation.language),
        f"({citation.year})" if citation.year else "",
        f"{citation.title}.",
        where,
    )
    return " ".join(part for part in parts if part)


def marked(text: str, numbers: Sequence[int]) -> str:
    """A statement with the numbers of its citations."""
    return text + "".join(f" [{number}]" for number in numbers)


def plain(text: str) -> str:
    """Text on one line in which nothing is markup."""
    return _MARKUP.sub(r"\\\1", " ".join(strip_hidden(text).split()))


def _said(statement: Statement) -> str:
    lead = f"*{plain(statement.lead)}* " if statement.lead else ""
    return lead + marked(plain(statement.text), statement.citations)


def _source(citation: Citation, language: Language) -> str:
    about = about_source(citation, language)
    return f"[{citation.number}] {plain(reference(citation))} ({about})\n> {plain(citation.quote)}"
