"""The commands that hold a conversation: `magbot chat | mcp`."""

from __future__ import annotations

import typer

from magbot.interfaces.cli_base import open_magbot, quiet_settings, told_to_people


def add_talk_commands(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command()
    def chat() -> None:
        """Talk with magbot in the terminal; a citation's number shows its source."""
        from rich.console import Console

        from magbot.interfaces.chat import Chat

        with told_to_people():
            assistant = open_magbot(quiet_settings())
        console = Console()
        Chat(assistant, console).run(lambda: console.input("[bold]> [/bold]"))

    @app.command()
    def mcp() -> None:
        """Serve the Model Context Protocol on standard input and output, for assistants that call tools."""
        from magbot.interfaces.mcp import mcp_server

        with told_to_people():
            assistant = open_magbot(quiet_settings())
        mcp_server(assistant).run("stdio")
