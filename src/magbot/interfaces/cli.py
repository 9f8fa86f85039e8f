"""The command line: `magbot ask | index | check | list | show | serve | history | forget`."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from magbot import __version__
from magbot.errors import MagbotError
from magbot.interfaces.cli_privacy import add_privacy_commands
from magbot.interfaces.evaluation import add_evaluation_command
from magbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from magbot.assistant import Magbot, RequestedLanguage

app = typer.Typer(
    name="magbot",
    help="Answers questions about magnesium and health, in Danish and English, each statement with its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@contextmanager
def _told_to_people() -> Iterator[None]:
    """Show an error as a sentence with its mend, and exit with 1."""
    try:
        yield
    except MagbotError as error:
        typer.echo(f"magbot: {error.message}", err=True)
        if error.help:
            typer.echo(f"        {error.help}", err=True)
        raise typer.Exit(1) from error


def _settings(level: str | None = None) -> Settings:
    settings = load_settings()
    logging.basicConfig(
        level=level or settings.log_level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return settings


def _magbot(settings: Settings) -> Magbot:
    from magbot.assistant import Magbot
    from magbot.interfaces.progress import encoding_progress

    with encoding_progress() as progress:
        return Magbot(settings, progress)


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
) -> None:
    """Ask one question."""
    if language not in {"auto", "da", "en"}:
        raise typer.BadParameter("use auto, da or en", param_hint="--language")
    requested: RequestedLanguage = language  # type: ignore[assignment]
    with _told_to_people():
        answer = _magbot(_settings("WARNING")).ask(question, language=requested)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    from magbot.interfaces.terminal import show_answer

    show_answer(answer)


@app.command()
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Throw the index away and make it anew.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index in line with the corpus; only what is new is encoded."""
    with _told_to_people():
        magbot = _magbot(_settings("WARNING"))
        if rebuild:
            magbot.rebuild()
        report, health = magbot.last_sync, magbot.health()
    if as_json:
        typer.echo(json.dumps({"report": report.__dict__, "health": health}, ensure_ascii=False, indent=2))
    else:
        typer.echo(report.summary())
        typer.echo(f"{health['documents']} documents, {health['sentences']} sentences, encoder {health['encoder']}")


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of a corpus; the shipped one by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a corpus: front matter, ids, language twins, numbers, offsets, links, sentences."""
    from magbot.corpus.check import check_corpus

    with _told_to_people():
        report = check_corpus(folder or _settings("WARNING").corpus_dir)
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
    form: Annotated[str | None, typer.Option("--format", help="A bibliography: bibtex, csl-json or ris.")] = None,
) -> None:
    """List the documents, or their sources as a bibliography."""
    if form is not None and form not in {"bibtex", "csl-json", "ris"}:
        raise typer.BadParameter("use bibtex, csl-json or ris", param_hint="--format")
    with _told_to_people():
        documents = _magbot(_settings("WARNING")).documents()
    if form is not None:
        from magbot.interfaces.bibliography import Format, bibliography

        typer.echo(bibliography(documents, Format(form)))
    elif as_json:
        listed = [document.model_dump(mode="json") for document in documents]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        from magbot.interfaces.terminal import show_documents

        show_documents(documents)


@app.command()
def show(
    document_id: Annotated[str, typer.Argument(help="Id of a document, as `magbot list` shows it.")],
    language: Annotated[str, typer.Option(help="da or en.")] = "da",
) -> None:
    """Show the text of a document."""
    if language not in {"da", "en"}:
        raise typer.BadParameter("use da or en", param_hint="--language")
    with _told_to_people():
        document = _magbot(_settings("WARNING")).document(document_id, language)  # type: ignore[arg-type]
    typer.echo(document.text)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of page and API.")] = None,
) -> None:
    """Serve the web page and the HTTP API."""
    from magbot.interfaces.serve import serve as run

    with _told_to_people():
        settings = _settings()
        changed = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
        run(settings.model_copy(update=changed))


add_privacy_commands(app, _told_to_people, _settings)
add_evaluation_command(app, _told_to_people)
