"""Dates as people read them."""

from __future__ import annotations

from datetime import date

from magbot.schema import Language

_MONTHS: dict[Language, tuple[str, ...]] = {
    "da": (
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
        "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip


def write_date(written: str, language: Language) -> str:
    """A date that begins `2026-11-23` in words; anything else comes back as it is."""
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return written
    return f"{day.day}{'.' if language == 'da' else ''} {_MONTHS[language][day.month - 1]} {day.year}"
