"""What a person should know because of what they say about themselves: notices, merged and in order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from magbot.safety.assessment import NoticeDraft, NoticeSupport
from magbot.safety.concepts import Reading
from magbot.safety.danger import concepts
from magbot.safety.data import load, numbers
from magbot.schema import Language

MOST = 3


class _Rule(NamedTuple):
    kind: str
    when: tuple[str, ...]
    unless: tuple[str, ...]
    sticky: bool


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(r["kind"], tuple(r["when"]), tuple(r.get("unless", ())), bool(r.get("sticky")))
        for r in load("notices")["rules"]
    )


@lru_cache(maxsize=1)
def order() -> tuple[str, ...]:
    """Kinds of notice, the most important first."""
    return tuple(load("notices")["texts"])


def kinds(sentences: Sequence[str], *, medicine: bool = False, sticky_only: bool = False) -> set[str]:
    """Kinds of notice that a message calls for.

    Args:
        sentences: folded sentences, as `concepts.read` returns them.
        medicine: whether the message names a medicine.
        sticky_only: only facts about a person that hold for the rest of a conversation.
    """
    reading = Reading(" . ".join(sentences), concepts(), {"named_medicine": medicine})
    return {
        rule.kind
        for rule in _rules()
        if (rule.sticky or not sticky_only)
        and any(reading.holds(condition) for condition in rule.when)
        and not any(reading.holds(condition) for condition in rule.unless)
    }


def draft(kind: str, language: Language) -> NoticeDraft:
    """The notice of one kind."""
    entry: dict[str, Any] = load("notices")["texts"][kind]
    return NoticeDraft(
        kind=kind,
        text=entry[language].strip().format_map(numbers()),
        support=tuple(NoticeSupport(document_id=s["id"], quote=s[language]) for s in entry.get("support", ())),
    )


def drafts(kinds_found: set[str], medicine: Sequence[NoticeDraft], language: Language) -> list[NoticeDraft]:
    """Notices in the order to show, those about medicines among them."""
    ready = {note.kind: note for note in medicine}
    if "stopping-medicine" in kinds_found:  # says more than that the sources do not cover the medicine
        ready.pop("unknown-medicine", None)
    return [ready.get(kind) or draft(kind, language) for kind in order() if kind in ready or kind in kinds_found]
