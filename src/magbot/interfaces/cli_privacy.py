"""The commands about what is kept: `magbot history | forget`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from magbot.interfaces.cli_base import quiet_settings, told_to_people
from magbot.records import Records


def add_privacy_commands(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command()
    def history() -> None:
        """Print the questions, answers and feedback that are kept, as JSON."""
        with told_to_people():
            records = Records(quiet_settings())
            kept = {
                "turns": [turn.model_dump(mode="json") for turn in records.turns()],
                "feedback": [given.model_dump(mode="json") for given in records.feedback()],
            }
        typer.echo(json.dumps(kept, ensure_ascii=False, indent=2))

    @app.command()
    def forget(
        expired: Annotated[bool, typer.Option("--expired", help="Only what is older than MAGBOT_KEEP_DAYS.")] = False,
    ) -> None:
        """Delete the questions, answers and feedback that are kept, for good."""
        with told_to_people():
            records = Records(quiet_settings())
            gone = records.expire() if expired else records.forget()
        typer.echo(f"Deleted {gone.turns} turns and {gone.feedback} pieces of feedback.")
