"""One source as the panel beside an answer shows it."""

from __future__ import annotations

from urllib.parse import urlencode

from markupsafe import Markup

from magbot.answer.wording import KIND_NAMES, author_names
from magbot.safety.sanitise import doi_url
from magbot.schema import Citation, Kind, Language
from magbot.web.html import join, lines, link, strength
from magbot.web.wording import Words


def kind_name(kind: Kind, language: Language) -> str:
    """The kind of a document as people read it."""
    return KIND_NAMES.get(kind, KIND_NAMES[Kind.OTHER])[language]


def by_line(citation: Citation, language: Language) -> str:
    """Authors and year in one short line."""
    authors = author_names(citation.authors, language, 2)
    return ", ".join(part for part in (authors, str(citation.year or "")) if part)


def document_path(document_id: str, language: str, start: int | None = None, end: int | None = None) -> str:
    """The link of a document, or of a span in it, that can be shared."""
    fragment = "" if start is None else f"#{start}-{end}"
    return f"/document/{document_id}?{urlencode({'language': language})}{fragment}"


def facts(rows: list[tuple[str, Markup | str]]) -> Markup:
    """A list of names and values; empty values are left out."""
    return Markup('<dl class="mb-facts">{}</dl>').format(
        join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in rows if value)
    )


def source_panel(panel_id: str, citation: Citation, words: Words) -> Markup:
    """Everything about one citation, hidden until the page's script moves it into the dialog."""
    start = citation.passage.find(citation.quote)
    path = document_path(citation.document_id, citation.language, citation.start, citation.end)
    unreviewed = Markup("") if citation.reviewed else Markup('<p class="mb-tag">{}</p>').format(words.unreviewed)
    rows = [
        (words.evidence, strength(citation.evidence_level, words.language, citation.kind)),
        (words.kind, kind_name(citation.kind, words.language)),
        (words.authors, author_names(citation.authors, words.language)),
        (words.year, str(citation.year or "")),
        ("DOI", link(doi_url(citation.doi), citation.doi or "")),
    ]
    return Markup(
        '<div class="mb-panel-content" id="{id}" lang="{words.language}" hidden>'
        '<p class="mb-eyebrow">{words.source_number} {number}</p><h2 lang="{lang}">{title}</h2>{unreviewed}'
        '<h3 class="mb-small">{words.in_context}</h3>{where}<blockquote lang="{lang}">{quote}</blockquote>{facts}'
        '<p class="mb-actions"><a href="{path}" data-open="{document}" data-language="{lang}" data-start="{start}"'
        ' data-end="{end}">{words.read_document}</a>{original}'
        '<button type="button" class="mb-plain" data-copy-link="{path}" data-done="{words.copied}">{words.copy_link}</button>'
        "</p></div>"
    ).format(
        id=panel_id,
        words=words,
        number=citation.number,
        lang=citation.language,
        title=citation.title,
        unreviewed=unreviewed,
        # A note says here that it is one: its words are magbot's own, whatever the title above.
        where=Markup('<p class="mb-by mb-where" lang="{}">{}</p>').format(citation.language, citation.heading)
        if citation.heading not in {"", citation.title}
        else "",
        quote=lines(citation.passage, start, start + len(citation.quote)) if start >= 0 else citation.passage,
        facts=facts(rows),
        path=path,
        document=citation.document_id,
        start=citation.start,
        end=citation.end,
        original=link(citation.url, words.open_original),
    )
