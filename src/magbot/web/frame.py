"""What stands around the conversation: header, tool bar, disclaimer, and the dialog for a source."""

from __future__ import annotations

from markupsafe import Markup

from magbot.text.numbers import write_number
from magbot.web.wording import Words


def header(words: Words) -> str:
    """Name, what it is, and the switches for language and theme."""
    other, path = ("en", "en/") if words.language == "da" else ("da", "../")
    return str(
        Markup(
            '<header class="mb-head" lang="{w.language}"><a class="mb-skip" href="#mb-question">{w.skip}</a>'
            '<div><h1>{w.name}</h1><p><span class="mb-tagline">{w.tagline}</span> <span class="mb-machine">{w.machine}</span></p></div>'
            '<div class="mb-switches"><a href="{path}" hreflang="{other}" lang="{other}" data-switch="{other}">'
            '{w.other_language}</a><button type="button" data-theme aria-label="{w.theme}" title="{w.theme}">'
            '<span aria-hidden="true">◐</span></button></div></header>'
        ).format(w=words, other=other, path=path)
    )


def toolbar(words: Words) -> str:
    """What can be done with the whole conversation; shown once there is one."""
    return str(
        Markup(
            '<div class="mb-bar" lang="{w.language}"><button type="button" class="mb-plain" data-new>{w.new_conversation}'
            '</button><details class="mb-exports" data-more-tabs="{w.more_tabs}"><summary class="mb-plain">{w.export}</summary>'
            "<div>"
            '<button type="button" class="mb-plain" data-print>{w.print}</button>'
            '<button type="button" class="mb-plain" data-export="html">{w.export_html}</button>'
            '<button type="button" class="mb-plain" data-export="md">{w.export_md}</button>'
            '<button type="button" class="mb-plain" data-export="json">{w.export_json}</button></div></details></div>'
        ).format(w=words)
    )


def disclaimer(words: Words, limit: int) -> str:
    """The line below the question field; always in view."""
    full = words.full.format(write_number(limit, words.language))
    return str(
        Markup('<p class="mb-disclaimer" lang="{}" data-lost="{}" data-slow="{}" data-full="{}">{}</p>').format(
            words.language, words.lost, words.slow, full, words.disclaimer
        )
    )


def dialog(words: Words) -> str:
    """The empty dialog for a source, and the small card that shows a quote on hover and focus."""
    return str(
        Markup(
            '<dialog id="mb-panel" lang="{w.language}" aria-labelledby="mb-panel-title"><div class="mb-panel-head">'
            '<button type="button" class="mb-close" data-close aria-label="{w.close}"><span aria-hidden="true">✕</span></button>'
            '</div><div id="mb-panel-body"></div></dialog><div id="mb-tip" role="tooltip" hidden></div>'
        ).format(w=words)
    )
