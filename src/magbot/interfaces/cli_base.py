"""What all commands share: errors as sentences, settings, and opening magbot with a progress bar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from magbot.errors import MagbotError
from magbot.interfaces.logs import start_logging
from magbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from magbot.assistant import Magbot

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@contextmanager
def told_to_people() -> Iterator[None]:
    """Show an error as a sentence with its mend, and exit with 1."""
    try:
        yield
    except MagbotError as error:
        typer.echo(f"magbot: {error.message}", err=True)
        if error.help:
            typer.echo(f"        {error.help}", err=True)
        raise typer.Exit(1) from error


def logged_settings(level: str | None = None) -> Settings:
    """Read the settings and begin to log, to stderr."""
    settings = load_settings()
    start_logging(settings, level)
    return settings


def quiet_settings() -> Settings:
    """The same for commands whose output a person reads: warnings only."""
    return logged_settings("WARNING")


def open_magbot(settings: Settings) -> Magbot:
    """Open magbot; imported late, since `magbot --help` needs none of it."""
    from magbot.assistant import Magbot
    from magbot.interfaces.progress import encoding_progress

    with encoding_progress() as progress:
        return Magbot(settings, progress)
