"""The tab “About”."""

from __future__ import annotations

from markupsafe import Markup

from magbot.assistant import Magbot
from magbot.safety import disclaimer
from magbot.settings import Settings
from magbot.text.numbers import write_number
from magbot.web.about_text import ABOUT, AboutText
from magbot.web.html import dial, help_lines, join, with_phones
from magbot.web.source import facts
from magbot.web.wording import Words


def about(magbot: Magbot, words: Words, settings: Settings) -> str:
    """What it is, how it works, what it is not, where help is, and which versions run."""
    text = ABOUT[words.language]
    health = magbot.health()
    rows: list[tuple[str, Markup | str]] = [
        (name, _value(health[key], words)) for key, name in text.versions.items() if key in health
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
            privacy=" ".join(_privacy(text, settings)),
            rights_title=text.rights_title,
            rights=text.rights,
            versions_title=text.versions_title,
            versions=facts(rows),
            api=text.api,
        )
    )


def _privacy(text: AboutText, settings: Settings) -> list[str]:
    """What is kept here, as it is set: nothing, unless the owner has switched it on."""
    days = settings.keep_days
    return [
        text.history_kept.format(days) if settings.keep_history else text.nothing_kept,
        *([text.feedback_kept.format(days)] if settings.keep_feedback else []),
        text.privacy,
    ]


def _help(words: Words) -> list[Markup]:
    """The Danish help lines, as tappable numbers."""
    text = ABOUT[words.language]
    return [
        Markup('<a class="mb-tel" href="tel:{}">{}</a> {} ({})').format(
            dial(number),
            number,
            "" if (name := str(line["name"][words.language])) == number else name,
            text.regions.get(line["region"], line["region"]),
        )
        for number, line in help_lines().items()
        if "Denmark" in line["region"] or line["region"].startswith("Region")
    ]


def _value(value: object, words: Words) -> str:
    if isinstance(value, int | float):
        return write_number(value, words.language)
    return ABOUT[words.language].extractive if value == "extractive" else str(value)
