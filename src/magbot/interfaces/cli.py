"""The command line: `magbot ask | add | update | remove | review | index | check | list | show | serve | chat | mcp | history | forget`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from magbot import __version__
from magbot.interfaces.cli_base import AsJson, logged_settings, open_magbot, quiet_settings, told_to_people
from magbot.interfaces.cli_documents import add_document_commands
from magbot.interfaces.cli_index import add_index_command
from magbot.interfaces.cli_privacy import add_privacy_commands
from magbot.interfaces.cli_settings import add_settings_command
from magbot.interfaces.cli_talk import add_talk_commands
from magbot.interfaces.doctor import add_doctor_command
from magbot.interfaces.evaluation import add_evaluation_command

if TYPE_CHECKING:
    from magbot.assistant import RequestedLanguage

app = typer.Typer(
    name="magbot",
    help="Answers questions about magnesium and health, in Danish and English, each statement with its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"magbot {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Answers questions about magnesium and health, in Danish and English, each statement with its source."""


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in Danish or English.")],
    as_json: AsJson = False,
    language: Annotated[str, typer.Option(help="auto, da or en: the language of the answer.")] = "auto",
    debug: Annotated[
        bool, typer.Option("--debug", help="Also show what was dropped of a language model's answer.")
    ] = False,
) -> None:
    """Ask one question."""
    if language not in {"auto", "da", "en"}:
        raise typer.BadParameter("use auto, da or en", param_hint="--language")
    requested: RequestedLanguage = language  # type: ignore[assignment]
    with told_to_people():
        settings = quiet_settings()
        answer = open_magbot(settings.model_copy(update={"debug": debug or settings.debug})).ask(
            question, language=requested
        )
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    from magbot.interfaces.terminal import show_answer

    show_answer(answer)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of a corpus; the shipped one by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a corpus: front matter, ids, language twins, numbers, offsets, links, sentences."""
    from magbot.corpus.check import check_corpus

    with told_to_people():
        report = check_corpus(folder or quiet_settings().corpus_dir)
    if as_json:
        typer.echo(json.dumps({"counts": report.counts, "problems": report.problems}, ensure_ascii=False, indent=2))
    else:
        for problem in report.problems:
            typer.echo(f"✗ {problem}")
        typer.echo(", ".join(f"{number} {name}" for name, number in report.counts.items()))
        typer.echo("The corpus is sound." if not report.problems else f"{len(report.problems)} problems.")
    raise typer.Exit(1 if report.problems else 0)


@app.command(name="list")
def list_documents(
    as_json: AsJson = False,
    added: Annotated[bool, typer.Option("--added", help="Only documents that were added.")] = False,
    form: Annotated[str | None, typer.Option("--format", help="A bibliography: bibtex, csl-json or ris.")] = None,
) -> None:
    """List the documents, or their sources as a bibliography."""
    if form is not None and form not in {"bibtex", "csl-json", "ris"}:
        raise typer.BadParameter("use bibtex, csl-json or ris", param_hint="--format")
    with told_to_people():
        documents = [item for item in open_magbot(quiet_settings()).documents() if item.is_added or not added]
    if form is not None:
        from magbot.interfaces.bibliography import Format, bibliography

        typer.echo(bibliography(documents, Format(form)))
    elif as_json:
        listed = [
            {**document.model_dump(mode="json"), "origin": "added" if document.is_added else "shipped"}
            for document in documents
        ]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        from magbot.interfaces.terminal import show_documents

        show_documents(documents)


@app.command()
def show(
    document_id: Annotated[str, typer.Argument(help="Id of a document, as `magbot list` shows it.")],
    language: Annotated[str | None, typer.Option(help="da or en; Danish by default where there is a choice.")] = None,
) -> None:
    """Show the text of a document."""
    if language not in {"da", "en", None}:
        raise typer.BadParameter("use da or en", param_hint="--language")
    with told_to_people():
        magbot = open_magbot(quiet_settings())
        there = [item.language for item in magbot.documents() if item.id == document_id]
        chosen = language or min(there, default="da")
        document = magbot.document(document_id, chosen)  # type: ignore[arg-type]
    typer.echo(document.text)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of page and API.")] = None,
) -> None:
    """Serve the web page and the HTTP API."""
    from magbot.interfaces.serve import serve as run

    with told_to_people():
        settings = logged_settings()
        changed = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
        run(settings.model_copy(update=changed))


add_document_commands(app)
add_index_command(app)
add_privacy_commands(app)
add_talk_commands(app)
add_evaluation_command(app)
add_doctor_command(app)
add_settings_command(app)
