"""Who is answering, and what it is not: the one place for this wording."""

from __future__ import annotations

from magbot.safety.data import load, numbers
from magbot.schema import Language
from magbot.text.dates import write_date


def disclaimer(language: Language, *, long: bool = False) -> str:
    """Says that a machine answers, what its sources are, and that it is no doctor.

    Args:
        language: of the text.
        long: for the About page, in Markdown; otherwise one or two sentences for every answer and export.

    """
    text: str = load("disclaimer")["long" if long else "short"][language]
    return text.strip().format_map(numbers() | {"checked": write_date(str(load("help_lines")["checked"]), language)})
