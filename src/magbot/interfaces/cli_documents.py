"""The commands that change the corpus: `magbot add | update | remove | review`."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from pydantic import ValidationError

from magbot.added.report import AddReport, Details
from magbot.interfaces.cli_base import AsJson, open_magbot, quiet_settings, told_to_people
from magbot.interfaces.progress import adding_progress
from magbot.interfaces.terminal import show_report

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")]
Title = Annotated[str | None, typer.Option(help="Title; else the file's own, or its name.")]
Authors = Annotated[list[str] | None, typer.Option("--authors", help="An author; may be given several times.")]
Year = Annotated[int | None, typer.Option(help="Year of publication.")]
KindOption = Annotated[str | None, typer.Option("--kind", help="guideline, review, randomised-trial, … or other.")]
LanguageOption = Annotated[str | None, typer.Option("--language", help="da or en; else it is detected.")]
Url = Annotated[str | None, typer.Option(help="Where the document can be read.")]
DocumentId = Annotated[str, typer.Argument(help="Id of an added document, as `magbot list` shows it.")]


def add_document_commands(app: typer.Typer) -> None:
    """Put the commands into an application."""
    app.command()(add)
    app.command()(update)
    app.command()(remove)
    app.command()(review)


def add(
    sources: Annotated[list[str], typer.Argument(help="Files, folders, patterns or http(s) links.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    title: Title = None,
    authors: Authors = None,
    year: Year = None,
    kind: KindOption = None,
    language: LanguageOption = None,
    url: Url = None,
) -> None:
    """Add documents to your own corpus. They count as not reviewed until `magbot review` says otherwise."""
    details = _details(title, authors, year, kind, language, url)
    with told_to_people():
        magbot = open_magbot(quiet_settings())
        with adding_progress() as on_progress:
            report = magbot.add(sources, details, dry_run=dry_run, on_progress=on_progress)
    _tell(report, as_json)


def update(
    document_ids: Annotated[list[str] | None, typer.Argument(help="Ids of added documents; all by default.")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    title: Title = None,
    authors: Authors = None,
    year: Year = None,
    kind: KindOption = None,
    language: LanguageOption = None,
    url: Url = None,
) -> None:
    """Read added documents again from where they came from, and change what is known about them."""
    details = _details(title, authors, year, kind, language, url)
    if details.given() and not document_ids:
        raise typer.BadParameter("name the document that the details belong to")
    with told_to_people():
        magbot = open_magbot(quiet_settings())
        with adding_progress() as on_progress:
            report = magbot.update(document_ids or (), details, dry_run=dry_run, on_progress=on_progress)
    _tell(report, as_json)


def remove(document_id: DocumentId, as_json: AsJson = False) -> None:
    """Remove an added document wholly: its copy, its vectors and its words."""
    with told_to_people():
        removed = open_magbot(quiet_settings()).remove(document_id)
    if as_json:
        typer.echo(json.dumps([item.model_dump(mode="json") for item in removed], ensure_ascii=False, indent=2))
    else:
        for item in removed:
            typer.echo(f"Removed “{item.title}” ({item.id}, {item.language}).")


def review(
    document_id: DocumentId,
    undo: Annotated[bool, typer.Option("--undo", help="Mark it as not reviewed again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Mark an added document as reviewed by a person."""
    with told_to_people():
        changed = open_magbot(quiet_settings()).review(document_id, not undo)
    if as_json:
        typer.echo(json.dumps([item.model_dump(mode="json") for item in changed], ensure_ascii=False, indent=2))
    else:
        for item in changed:
            typer.echo(
                f"“{item.title}” ({item.id}, {item.language}) is {'reviewed' if item.reviewed else 'not reviewed'}."
            )


def _details(
    title: str | None,
    authors: list[str] | None,
    year: int | None,
    kind: str | None,
    language: str | None,
    url: str | None,
) -> Details:
    values = {"title": title, "authors": authors, "year": year, "kind": kind, "language": language, "url": url}
    try:
        return Details.model_validate({name: value for name, value in values.items() if value})
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(first["msg"], param_hint=f"--{first['loc'][0]}") from error


def _tell(report: AddReport, as_json: bool) -> None:
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        show_report(report)
    raise typer.Exit(1 if report.failed else 0)
