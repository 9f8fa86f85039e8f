"""The tab “Quality”: the figures of the last evaluation, and its report where there is one."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from markupsafe import Markup

import magbot as package
from magbot.settings import Settings
from magbot.text.dates import write_date
from magbot.text.numbers import write_number
from magbot.web.html import join
from magbot.web.quality_text import QUALITY, QualityText
from magbot.web.wording import Words

logger = logging.getLogger(__name__)

_PACKAGE = Path(package.__file__).parent
_CHECKOUT = _PACKAGE.parent.parent


@dataclass(frozen=True)
class Figures:
    """What an evaluation found: shares from 0 to 1 by name."""

    scores: dict[str, float]
    cases: int | None = None
    when: str = ""


def report_file(settings: Settings) -> Path | None:
    """The last evaluation report: the one that is set, else in the data folder, else in the checkout."""
    places = (settings.report, settings.data_dir / "report.html", _CHECKOUT / "eval" / "out" / "report.html")
    return next((place for place in places if place and place.is_file()), None)


def figures(settings: Settings) -> Figures | None:
    """The figures beside the report, else those of the baseline that every change is held against."""
    report = report_file(settings)
    beside = [report.with_suffix(".json")] if report else []
    for place in (*beside, _PACKAGE / "baseline.json", _CHECKOUT / "eval" / "baseline.json"):
        if found := _read(place):
            return found
    return None


def _read(place: Path) -> Figures | None:
    if not place.is_file():
        return None
    try:
        content = json.loads(place.read_text(encoding="utf-8"))
        scores = {str(name): float(value) for name, value in content["scores"].items()}
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        logger.warning("%s holds no figures of an evaluation (%s).", place, error)
        return None
    return Figures(scores, content.get("cases"), str(content.get("when", "")))


def quality(words: Words, settings: Settings) -> str:
    """How good it is, as measured; said so when nobody has measured."""
    text = QUALITY[words.language]
    found = figures(settings)
    if found is None:
        body = Markup("<p>{}</p>").format(text.none)
    else:
        body = Markup("<p>{}</p>{}<p>{}</p>").format(
            _intro(found, words, text), _table(found, words, text), text.limits
        )
    report = (
        Markup(
            '<h2>{0}</h2><p><a href="/report" target="_blank" rel="noopener">{1}</a></p>'
            '<iframe class="mb-report" src="/report" title="{0}" sandbox="" loading="lazy"></iframe>'
        ).format(text.report, text.open_report)
        if report_file(settings)
        else Markup("")
    )
    return str(
        Markup('<section class="mb-prose" lang="{}"><h2>{}</h2>{}{}</section>').format(
            words.language, text.title, body, report
        )
    )


def _intro(found: Figures, words: Words, text: QualityText) -> str:
    parts = [text.intro_with_count.format(found.cases) if found.cases else text.intro]
    return " ".join([*parts, text.when.format(write_date(found.when, words.language))] if found.when else parts)


def _table(found: Figures, words: Words, text: QualityText) -> Markup:
    rows = join(
        Markup(
            '<tr><th scope="row">{}</th><td><span class="mb-track" aria-hidden="true"><i style="width:{}%"></i></span>'
            "<b>{}</b></td></tr>"
        ).format(name, f"{found.scores[key] * 100:.1f}", _percent(found.scores[key], words))
        for key, name in text.rows.items()
        if key in found.scores
    )
    return Markup('<table class="mb-bars"><caption class="mb-sr">{}</caption><tbody>{}</tbody></table>').format(
        text.title, rows
    )


def _percent(share: float, words: Words) -> str:
    written = write_number(Decimal(str(share)) * 100, words.language)
    return f"{written}\N{NO-BREAK SPACE}%" if words.language == "da" else f"{written}%"
