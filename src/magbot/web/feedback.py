"""The form for feedback on an answer; it is in the page only where feedback is kept."""

from __future__ import annotations

from markupsafe import Markup

from magbot.records import MAX_COMMENT
from magbot.web.wording import Words

_THUMB = Markup(
    '<svg class="mb-thumb{}" viewBox="0 0 24 24" aria-hidden="true"><path d="M2 10h4v11H2zm6 11h9.4c1 0 1.8-.7 2-1.6l1.9-7'
    'c.3-1.2-.6-2.4-1.9-2.4h-5l.8-4.2c.2-1.1-.5-2.2-1.6-2.4L8 10z"/></svg>'
)


def feedback_form(words: Words, days: int) -> str:
    """A template that the page's script puts below each answer. Nothing is sent before the person presses send."""
    return str(
        Markup(
            '<template id="mb-feedback"><form class="mb-form mb-feedback" lang="{w.language}" data-feedback>'
            '<div role="group" aria-label="{w.helpful}"><span>{w.helpful}</span>'
            '<button type="button" data-verdict="helpful" aria-pressed="false">{up} {w.yes}</button>'
            '<button type="button" data-verdict="not_helpful" aria-pressed="false">{down} {w.no}</button></div>'
            '<div class="mb-reason" hidden><label>{w.reason}<textarea name="comment" rows="2" maxlength="{limit}"></textarea>'
            '</label><p class="mb-by">{kept}</p><button type="submit">{w.send}</button></div>'
            '<p class="mb-by" role="status" data-thanks="{w.thanks}" data-failed="{w.not_sent}"></p></form></template>'
        ).format(
            w=words,
            up=_THUMB.format(""),
            down=_THUMB.format(" mb-down"),
            limit=MAX_COMMENT,
            kept=words.feedback_kept.format(days),
        )
    )
