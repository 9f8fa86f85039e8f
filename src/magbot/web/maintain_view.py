"""The tab “Add sources” as HTML: the login, what can be added, and what was added."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from magbot.added.report import AddItem, AddReport
from magbot.corpus.formats import SUFFIXES
from magbot.errors import MagbotError
from magbot.refusals import told
from magbot.schema import Metadata
from magbot.web.html import join
from magbot.web.maintain_text import MaintainText
from magbot.web.source import document_path, kind_name


def login_form(text: MaintainText) -> str:
    """The field for the token."""
    return _section(
        text,
        Markup(
            '<p>{t.log_in_how}</p><form class="mb-form" data-login data-wrong="{t.wrong}" data-too-often="{t.too_often}">'
            '<label>{t.login_field}<input type="password" name="token" autocomplete="current-password" required></label>'
            '<button type="submit">{t.log_in}</button><p class="mb-error" role="alert" hidden></p></form>'
        ).format(t=text),
    )


def refused_here(text: MaintainText) -> str:
    """Why nothing can be changed from here."""
    return _section(text, Markup("<p>{}</p>").format(text.elsewhere))


def maintain_view(added: Sequence[Metadata], text: MaintainText, *, with_logout: bool) -> str:
    """Everything that a maintainer can do."""
    logout = Markup('<p><button type="button" class="mb-plain" data-logout>{}</button></p>').format(text.log_out)
    body = Markup(
        '<p>{t.intro}</p><label class="mb-drop" data-drop>{t.drop} <input type="file" class="mb-sr" multiple accept="{accept}">'
        '<span class="mb-choose">{t.choose}</span>'
        '<span class="mb-by">{kinds}</span></label>'
        '<form class="mb-form" data-link><label>{t.link}<input type="url" name="url" required pattern="https?://.+" '
        'placeholder="https://"></label><button type="submit">{t.fetch}</button></form>'
        '<ul class="mb-results" aria-label="{t.results}" aria-live="polite"></ul>'
        '<template id="mb-working"><li class="mb-result"><span class="mb-result-name"></span><progress></progress>'
        '<span class="mb-by" data-sending="{t.sending}" data-working="{t.working}" data-broken="{t.broken}"></span></li></template>'
        "<h2>{t.added}</h2>{rows}<h2>{t.index}</h2><p>{t.index_how}</p>"
        '<p class="mb-form"><button type="button" data-rebuild>{t.rebuild}</button></p>{logout}'
    ).format(
        t=text,
        accept=",".join(sorted(SUFFIXES)),
        kinds=text.kinds.format(", ".join(sorted(suffix.removeprefix(".") for suffix in SUFFIXES))),
        rows=_added(added, text),
        logout=logout if with_logout else "",
    )
    return _section(text, body)


def _section(text: MaintainText, body: Markup) -> str:
    return str(
        Markup('<section class="mb-prose mb-maintain" lang="{}"><h2>{}</h2>{}</section>').format(
            text.language, text.title, body
        )
    )


def _added(added: Sequence[Metadata], text: MaintainText) -> Markup:
    rows = join(_added_row(item, text) for item in added)
    none = "" if added else Markup("<p>{}</p>").format(text.none_added)
    return Markup('<div class="mb-added">{}<ul class="mb-documents">{}</ul></div>').format(none, rows)


def _added_row(item: Metadata, text: MaintainText) -> Markup:
    about = [kind_name(item.kind, text.language), *item.authors[:2], str(item.year or "")]
    return Markup(
        '<li><a href="{path}" data-open="{id}" data-language="{lang}" lang="{lang}">{title}</a><span class="mb-by">{by}</span>'
        '<span class="mb-tag{seen}">{tag}</span><span class="mb-actions"><button type="button" class="mb-plain" '
        'data-review="{id}" data-reviewed="{next}">{review}</button><button type="button" class="mb-plain" '
        'data-remove="{id}" data-sure="{sure}">{remove}</button></span></li>'
    ).format(
        path=document_path(item.id, item.language),
        id=item.id,
        lang=item.language,
        title=item.title,
        by=", ".join(part for part in about if part),
        seen=" mb-seen" if item.reviewed else "",
        tag=text.reviewed if item.reviewed else text.unreviewed,
        next="false" if item.reviewed else "true",
        review=text.undo_review if item.reviewed else text.review,
        sure=text.sure.format(item.title),
        remove=text.remove,
    )


def result_rows(report: AddReport, text: MaintainText) -> str:
    """What became of each source."""
    return str(join(_result(item, text) for item in report.items))


def _result(item: AddItem, text: MaintainText) -> Markup:
    title = (
        Markup(' <a href="{}" data-open="{}" data-language="{}" lang="{}">{}</a>').format(
            document_path(item.document_id, item.language),
            item.document_id,
            item.language,
            item.language,
            item.metadata.title,
        )
        if item.metadata and item.document_id and item.language
        else ""
    )
    guessed = ", ".join(text.fields.get(name, name) for name in item.guessed)
    item, spoken = item.in_language(text.language), text.language if item.code else "en"
    # The row begins with the name already.
    message = item.message.removeprefix(f"{item.source}: ")
    said = " ".join(part for part in (message[:1].upper() + message[1:], item.help) if part)
    return Markup(
        '<li class="mb-result" data-status="{}"><b>{}</b> <span class="mb-result-name">{}</span>{}{}{}</li>'
    ).format(
        item.status.value,
        text.status[item.status],
        item.source,
        title,
        Markup(' <span class="mb-by">{} {}</span>').format(text.guessed, guessed) if guessed else "",
        Markup(' <span class="mb-by" lang="{}">{}</span>').format(spoken, said) if said else "",
    )


def failed_row(error: MagbotError, text: MaintainText) -> str:
    """A change that could not be made."""
    message, mend, spoken = told(error, text.language)
    row = Markup('<li class="mb-result" data-status="refused"><b>{}</b> <span lang="{}">{}</span></li>')
    return str(row.format(text.broken, spoken, f"{message} {mend}".strip()))


def rebuilt_row(text: MaintainText) -> str:
    """A rebuilt index."""
    return str(Markup('<li class="mb-result" data-status="added"><b>{}</b></li>').format(text.rebuilt))
