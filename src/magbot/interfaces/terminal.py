"""Answers and document lists as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from magbot.added.report import AddReport, Status
from magbot.answer.wording import CAVEATS, KIND_NAMES, SOURCES, about_source
from magbot.schema import Answer, Citation, Language, Metadata


def show_answer(answer: Answer, console: Console | None = None, *, sources: bool = True) -> None:
    """Print notices, answer, caveats, sources and disclaimer; document text is printed as text, never as markup."""
    console = console or Console()
    for notice in answer.notices:
        console.print(Text(notice.text + _marks(notice.citations), style="bold"))
        console.print()
    console.print(Text(answer.text))
    if answer.caveats:
        console.print()
        console.print(Text(f"{CAVEATS[answer.language]}:", style="bold"))
        for caveat in answer.caveats:
            console.print(Padding(Text(f"• {caveat.text}{_marks(caveat.citations)}"), (0, 0, 0, 2)))
    if sources and answer.citations:
        console.print()
        console.print(Text(f"{SOURCES[answer.language]}:", style="bold"))
        for citation in answer.citations:
            show_source(citation, answer.language, console)
    for dropped in answer.generation.dropped_statements if answer.generation else ():
        console.print()
        console.print(Text(f"✗ {dropped.reason}: {dropped.text}", style="dim"))
    console.print()
    console.print(Text(answer.disclaimer, style="dim"))


def show_source(citation: Citation, language: Language, console: Console) -> None:
    """Print one source: what it is, how strong its evidence is, and the quote."""
    kind = KIND_NAMES[citation.kind][language]
    year = f" ({citation.year})" if citation.year else ""
    about = about_source(citation, language)
    console.print(Text(f"[{citation.number}] {citation.title}{year} – {kind}, {about}"))
    console.print(Padding(Text(f"»{citation.quote}«", style="italic"), (0, 0, 0, 4)))


def _marks(numbers: Iterable[int]) -> str:
    marks = "".join(f"[{number}]" for number in numbers)
    return f" {marks}" if marks else ""


def show_documents(documents: Iterable[Metadata], console: Console | None = None) -> None:
    """Print one line a document."""
    table = Table("id", "language", "kind", "evidence", "year", "title", "origin", "reviewed")
    for document in documents:
        level = "" if document.evidence_level is None else str(document.evidence_level)
        table.add_row(
            document.id,
            document.language,
            document.kind,
            level,
            str(document.year or ""),
            Text(document.title),
            "added" if document.is_added else "shipped",
            "yes" if document.reviewed else "no",
        )
    (console or Console()).print(table)


def show_report(report: AddReport, console: Console | None = None) -> None:
    """Print what became of each source, then the counts; what was guessed is marked with a question mark."""
    console = console or Console()
    table = Table("source", "result", "id", "title", "language", "kind")
    for item in report.items:
        metadata = item.metadata
        shown = (
            {name: _guess(str(getattr(metadata, name)), name in item.guessed) for name in ("title", "language", "kind")}
            if metadata
            else {}
        )
        table.add_row(
            Text(item.source),
            item.status.value,
            item.document_id or "",
            *(shown.get(name, Text("")) for name in ("title", "language", "kind")),
        )
    console.print(table)
    for item in report.items:
        if item.message:
            console.print(Text(item.message, style="bold" if item.status is Status.REFUSED else ""))
        if item.help:
            console.print(Padding(Text(item.help), (0, 0, 0, 4)))
    counts = ", ".join(f"{number} {status.value}" for status, number in report.counts.items()) or "nothing found"
    aside = f"; {report.left_aside} files of other types left aside" if report.left_aside else ""
    console.print(Text(f"{counts}{aside}{' (dry run: nothing was changed)' if report.dry_run else ''}"))
    if any(item.guessed for item in report.items):
        console.print(Text("? is a guess; `magbot update ID --title … --kind …` mends it.", style="dim"))


def _guess(value: str, guessed: bool) -> Text:
    return Text(f"{value} ?" if guessed else value)
