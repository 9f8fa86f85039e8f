"""The words of an urgent answer: the right help line first, then what to do now."""

from __future__ import annotations

from typing import Any

from magbot.safety.assessment import Urgent
from magbot.safety.danger import Danger
from magbot.safety.data import load, numbers
from magbot.schema import Language, Notice

_NOW_VARIANT = {"crisis": "crisis-now", "poisoning": "poisoning-severe"}
_MAY_BE_POISONING = ("stroke", "heart", "emergency")


def _entry(danger: Danger) -> dict[str, Any]:
    entries = load("urgent")
    name = _NOW_VARIANT.get(danger.kind, danger.kind) if danger.now else danger.kind
    if danger.bystander and f"{name}-bystander" in entries:
        name = f"{name}-bystander"
    entry: dict[str, Any] = entries[name]
    return entry


def help_line(danger: Danger, language: Language) -> str:
    """The one line that names whom to call."""
    line: str = _entry(danger)["line"][language]
    return line.format_map(numbers())


def urgent(danger: Danger, language: Language, *, under_18: bool = False, taken: bool = False) -> Urgent:
    """The whole urgent answer for a danger.

    Args:
        danger: what the message tells of.
        language: of the answer.
        under_18: whether a child or a young person is in it.
        taken: whether it may come from something that was taken.
    """
    entry = _entry(danger)
    common = load("urgent")
    more = list(entry["more"][language]) if "more" in entry else [common["abroad"][language]]
    if under_18 and danger.kind == "crisis":
        more.insert(0, common["under_18-bystander" if danger.bystander else "under_18"][language])
    if taken and danger.kind in _MAY_BE_POISONING:
        more.insert(0, common["taken"][language])
    texts = [help_line(danger, language), *(text.format_map(numbers()) for text in more)]
    return Urgent(
        kind=danger.kind,
        notices=tuple(Notice(kind=danger.kind, text=text) for text in texts),
        text=entry["text"][language].format_map(numbers()),
    )


def reminder(danger: Danger, language: Language) -> str:
    """One line that repeats the help line in a later answer."""
    still: str = load("urgent")["still"][language]
    return still + help_line(danger, language)
