"""The tabs “Quality” and “About”."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

import magbot as package
from magbot.interfaces.api_service import Assistant
from magbot.safety import disclaimer
from magbot.web.about_text import ABOUT
from magbot.web.html import dial, help_lines, join, with_phones
from magbot.web.source import facts
from magbot.web.wording import Words

_PACKAGE = Path(package.__file__).parent


def report_file() -> Path | None:
    """The last evaluation report: in the installed package, else in the checkout."""
    places = (_PACKAGE / "report.html", _PACKAGE.parent.parent / "eval" / "report.html")
    return next((place for place in places if place.is_file()), None)


def quality(words: Words) -> str:
    """The last evaluation report, or that there is none."""
    title = words.tab_quality
    if report_file() is None:
        return str(Markup('<section class="mb-prose" lang="{}"><h2>{}</h2><p>{}</p></section>').format(
            words.language, title, words.no_report))  # fmt: skip
    return str(Markup('<section lang="{0}"><h2 class="mb-sr">{1}</h2><iframe class="mb-report" src="/report" title="{1}" sandbox=""'
        "></iframe></section>").format(words.language, title))  # fmt: skip


def about(magbot: Assistant, words: Words) -> str:
    """What it is, how it works, what it is not, where help is, and which versions run."""
    text = ABOUT[words.language]
    rows: list[tuple[str, Markup | str]] = [
        (name, str(value)) for name, value in magbot.health().items() if isinstance(value, str | int | float)
    ]
    long = disclaimer(words.language, long=True)
    return str(
        Markup(
            '<section class="mb-prose" lang="{lang}"><h2>{what_title}</h2><p>{what}</p><h2>{how_title}</h2><ol>{how}</ol>'
            "<h2>{not_title}</h2>{disclaimer}<h2>{help_title}</h2><ul>{help}</ul><h2>{privacy_title}</h2><p>{privacy}</p>"
            "<h2>{rights_title}</h2><p>{rights}</p><h2>{versions_title}</h2>{versions}"
            '<p><a href="/docs">{api}</a></p></section>'
        ).format(
            lang=words.language,
            what_title=text.what_title,
            what=text.what,
            how_title=text.how_title,
            how=join(Markup("<li>{}</li>").format(step) for step in text.how),
            not_title=text.not_title,
            disclaimer=join(Markup("<p>{}</p>").format(with_phones(part)) for part in long.split("\n") if part.strip()),
            help_title=text.help_title,
            help=join(Markup("<li>{}</li>").format(line) for line in _help(words)),
            privacy_title=text.privacy_title,
            privacy=text.privacy,
            rights_title=text.rights_title,
            rights=text.rights,
            versions_title=text.versions_title,
            versions=facts(rows),
            api=text.api,
        )
    )


def _help(words: Words) -> list[Markup]:
    """The Danish help lines, as tappable numbers."""
    return [
        Markup('{}: <a class="mb-tel" href="tel:{}">{}</a> ({}, {})').format(
            line["name"][words.language], dial(number), number, line["region"], line["checked"]
        )
        for number, line in help_lines().items()
        if "Denmark" in line["region"] or line["region"].startswith("Region")
    ]
