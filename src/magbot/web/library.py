"""The document view: the list of sources, and one document to read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import yaml
from markupsafe import Markup

from magbot import web as package
from magbot.answer.wording import author_names, evidence_in_words
from magbot.safety.sanitise import doi_url
from magbot.schema import Document, Kind, Language, Metadata
from magbot.web.html import join, lines, link, strength
from magbot.web.source import document_path, facts, kind_name
from magbot.web.wording import Words

# The rights of most documents are written in one language for both.
_LICENCES: dict[str, dict[Language, str]] = {
    "MIT (magbots note, own words)": {
        "da": "Noten er magbots egne ord (MIT)",
        "en": "The note is magbot’s own words (MIT)",
    },
    "MIT (magbots table, own words)": {"da": "Tabellen er magbots egen (MIT)", "en": "The table is magbot’s own (MIT)"},
}


@cache
def _topics() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(files(package).joinpath("topics.yaml").read_text("utf-8"))
    return found


def topic_name(topic: str, language: Language) -> str:
    """A topic as people read it."""
    names = _topics().get(topic)
    return names[language] if names else topic.replace("-", " ")


def preferred(documents: Sequence[Metadata], language: Language) -> list[Metadata]:
    """One entry for each document, in the reader's language where there is one."""
    chosen: dict[str, Metadata] = {}
    for item in documents:
        if item.id not in chosen or item.language == language:
            chosen[item.id] = item
    return sorted(chosen.values(), key=lambda item: (item.evidence_level or 9, item.title.casefold()))


def listing(documents: Sequence[Metadata], words: Words) -> str:
    """All sources with filters. Filtering happens in the browser, at once and without a server."""
    items = preferred(documents, words.language)
    filters = join(
        (
            _filter("topic", words.topic, _topic_options(items, words.language), words),
            _filter("kind", words.kind, sorted({(item.kind.value, kind_name(item.kind, words.language)) for item in items}), words),
            _filter("level", words.evidence, _levels(items, words), words),
            _filter("year", words.year, sorted({(str(i.year), str(i.year)) for i in items if i.year}, reverse=True), words),
        )
    )  # fmt: skip
    rows = join(_row(item, words) for item in items)
    return str(
        Markup(
            '<div class="mb-library" lang="{w.language}"><div class="mb-filters" role="search"><label class="mb-wide">'
            '{w.search_sources}<input type="search" data-filter="text" placeholder="{w.search_placeholder}"></label>{filters}'
            '</div><p class="mb-count" role="status"><span>{count}</span> {w.documents_shown}</p>'
            '<ul class="mb-documents">{rows}</ul><p class="mb-none" hidden>{w.no_matches}</p></div>'
        ).format(w=words, filters=filters, count=len(items), rows=rows)
    )


def _topic_options(items: Sequence[Metadata], language: Language) -> list[tuple[str, str]]:
    topics = {topic for item in items for topic in item.topics}
    return sorted(((topic, topic_name(topic, language)) for topic in topics), key=lambda option: option[1].casefold())


def _levels(items: Sequence[Metadata], words: Words) -> list[tuple[str, str]]:
    ranked = sorted(items, key=lambda item: (item.kind is Kind.TABLE, item.evidence_level or 9))
    named = {_level(item): evidence_in_words(item.evidence_level, words.language, item.kind) for item in ranked}
    return list(named.items())


def _level(item: Metadata) -> str:
    """What the filter for evidence compares."""
    return item.kind.value if item.kind is Kind.TABLE else str(item.evidence_level or 0)


def _filter(name: str, label: str, options: Sequence[tuple[str, str]], words: Words) -> Markup:
    choices = join(Markup('<option value="{}">{}</option>').format(value, shown) for value, shown in options)
    return Markup('<label>{}<select data-filter="{}"><option value="">{}</option>{}</select></label>').format(
        label, name, words.all, choices
    )


def _row(item: Metadata, words: Words) -> Markup:
    searchable = " ".join(
        [
            item.title,
            *item.authors,
            *(topic_name(topic, words.language) for topic in item.topics),
            item.journal or "",
            str(item.year or ""),
        ]
    ).casefold()
    by = ", ".join(
        part
        for part in (
            author_names(item.authors, words.language, 3),
            str(item.year or ""),
            kind_name(item.kind, words.language),
        )
        if part
    )
    return Markup(
        '<li data-text="{text}" data-topic="{topics}" data-kind="{kind}" data-level="{level}" data-year="{year}">'
        '<a href="{path}" data-open="{id}" data-language="{lang}" lang="{lang}">{title}</a>'
        '<span class="mb-by">{by}</span>{strength}{unreviewed}</li>'
    ).format(
        text=searchable,
        topics=" ".join(item.topics),
        kind=item.kind.value,
        level=_level(item),
        year=item.year or "",
        path=document_path(item.id, item.language),
        id=item.id,
        lang=item.language,
        title=item.title,
        by=by,
        strength=strength(item.evidence_level, words.language, item.kind),
        unreviewed="" if item.reviewed else Markup('<span class="mb-tag">{}</span>').format(words.unreviewed),
    )


def reader(document: Document, words: Words, start: int = 0, end: int = 0) -> str:
    """A whole document with the characters from start to end marked."""
    meta = document.metadata
    rows: list[tuple[str, Markup | str]] = [
        (words.evidence, _evidence(meta, words)),
        (words.kind, kind_name(meta.kind, words.language)),
        (words.authors, author_names(meta.authors, words.language)),
        (words.year, str(meta.year or "")),
        (words.population, meta.population or ""),
        (words.topics, ", ".join(topic_name(topic, words.language) for topic in meta.topics)),
        (words.licence, _LICENCES.get(meta.licence or "", {}).get(words.language, meta.licence or "")),
        ("DOI", link(doi_url(meta.doi), meta.doi or "")),
    ]
    return str(
        Markup(
            '<article class="mb-reader" lang="{lang}"><p lang="{own}"><button type="button" class="mb-plain" data-list>'
            '← {back}</button></p><h2 tabindex="-1">{title}</h2><div lang="{own}">{tag}{facts}<p class="mb-actions">{original}</p>'
            '</div><div class="mb-text">{text}</div></article>'
        ).format(
            lang=meta.language,
            own=words.language,
            back=words.back_to_list,
            title=meta.title,
            tag="" if meta.reviewed else Markup('<p class="mb-tag">{}</p>').format(words.unreviewed),
            facts=facts(rows),
            original=link(meta.url, words.open_original),
            text=_text(document, start, end),
        )
    )


def _evidence(meta: Metadata, words: Words) -> Markup:
    reason = (
        Markup(' <span class="mb-by mb-own-line" lang="{}">{}</span>').format(meta.language, meta.evidence_reason)
        if meta.evidence_reason
        else Markup("")
    )
    return strength(meta.evidence_level, words.language, meta.kind) + reason


def _text(document: Document, start: int, end: int) -> Markup:
    """Blocks between blank lines; offsets are counted through all of them, so that a mark may cross blocks."""
    headings = {heading.start: heading.level for heading in document.headings}
    blocks: list[Markup] = []
    position = 0
    for block in document.text.split("\n\n"):
        stripped = block.strip("\n")
        offset = position + len(block) - len(block.lstrip("\n"))
        position += len(block) + 2
        if not stripped.strip() or (headings.get(offset) == 1 and stripped.strip() == document.metadata.title):
            continue
        tag = f"h{min(headings[offset] + 2, 6)}" if offset in headings else "p"
        blocks.append(Markup("<{0}>{1}</{0}>").format(tag, lines(stripped, start - offset, end - offset)))
    return join(blocks)


def not_found(words: Words) -> str:
    """What stands there when a link leads to no document."""
    return str(
        Markup(
            '<p class="mb-error" role="alert">{}</p><p><button type="button" class="mb-plain" data-list>← {}</button></p>'
        ).format(words.not_found, words.back_to_list)
    )
