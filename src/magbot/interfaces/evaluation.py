"""`magbot eval`: runs the evaluation of the checkout that magbot was installed from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typer

import magbot
from magbot.errors import MagbotError
from magbot.interfaces.cli_base import told_to_people

SCRIPT = Path(magbot.__file__).parent.parent.parent / "eval" / "answers.py"


def add_evaluation_command(app: typer.Typer) -> None:
    """Put `eval` on the command line; its options are those of the script, so that one place knows them."""

    @app.command(
        name="eval",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    )
    def evaluate(context: typer.Context) -> None:
        """Measure the answers on the evaluation cases; `magbot eval --help` lists the options."""
        with told_to_people():
            if not SCRIPT.exists():
                raise MagbotError(
                    "The evaluation cases are not part of the installed package.",
                    help="Run `magbot eval` from a checkout that is installed with `pip install -e .`.",
                )
        # The script is the maintainer's own file; nothing from outside gets into the command.
        raise typer.Exit(subprocess.run([sys.executable, str(SCRIPT), *context.args], check=False).returncode)  # noqa: S603
