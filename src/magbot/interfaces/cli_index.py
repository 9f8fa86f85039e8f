"""`magbot index`: bring the index in line, make it anew, change its encoder, go back, tidy up."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from magbot.errors import StoreError
from magbot.interfaces.cli_base import AsJson, open_magbot, quiet_settings, told_to_people


def add_index_command(app: typer.Typer) -> None:
    """Put the command into an application."""
    app.command()(index)


def index(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index anew; until that is done, the old one answers.")
    ] = False,
    encoder: Annotated[
        str | None,
        typer.Option(help="Make an index with another encoder beside the old one, then use it from now on."),
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Use the index that was in use before this one.")
    ] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete every index but the one in use.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index in line with the documents; only what is new is encoded."""
    from magbot.index import folders

    notes: list[str] = []
    with told_to_people():
        settings = quiet_settings()
        if rollback:
            entry = folders.roll_back(settings.data_dir / "index", settings.chroma_url)
            notes.append(f"The index made with {entry.encoder} at {entry.made_at} is in use again.")
            _refuse_override(settings.model_fields_set)
        if encoder:
            settings = settings.model_copy(update={"embedding_model": encoder})
        magbot = open_magbot(settings)
        if encoder:
            magbot.make_current()
            notes.append("It is in use from now on; restart what is running. `magbot index --rollback` goes back.")
        report = magbot.last_sync
        if rebuild and (report.unchanged or not report.added):
            from magbot.interfaces.progress import encoding_progress

            with encoding_progress() as progress:
                report = magbot.rebuild(progress)
        if prune:
            gone = magbot.prune_indexes()
            notes.append("Deleted: " + (", ".join(f"{entry.folder} ({entry.encoder})" for entry in gone) or "nothing."))
        health = magbot.health()
    if as_json:
        found = {"report": report.__dict__, "health": health, "notes": notes}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        typer.echo(report.summary())
        typer.echo(f"{health['documents']} documents, {health['sentences']} sentences, encoder {health['encoder']}")
        for note in notes:
            typer.echo(note)


def _refuse_override(named: set[str]) -> None:
    if "embedding_model" in named:
        raise StoreError(
            "The index is rolled back, but MAGBOT_EMBEDDING_MODEL still asks for another encoder.",
            help="Unset it; the encoder of the index in use is loaded by itself.",
        )
