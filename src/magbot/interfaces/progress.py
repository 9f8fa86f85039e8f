"""A progress bar for encoding, on a terminal; nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from magbot.added.report import AddProgress, OnProgress


@contextmanager
def encoding_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield a callback of (done, total); the bar appears at its first call."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("Indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("encode", total=None, visible=False)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, visible=True)

        yield advance


class _Rate(ProgressColumn):
    """Documents a minute."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed * 60:.0f}/min" if speed else "")


@contextmanager
def adding_progress() -> Iterator[OnProgress]:
    """Yield a callback for `Magbot.add`: documents so far, their rate, the time left and the one at hand."""
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("Adding"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("add", total=None, name="")

        def advance(state: AddProgress) -> None:
            part = state.texts_done / state.texts_total if state.texts_total else 0.0
            progress.update(task, completed=state.done + part, total=state.total, name=state.name)

        yield advance
