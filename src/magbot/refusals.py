"""Why a document is not taken, and what to do about it, in the language of whoever reads it.

Whoever refuses names a code and what belongs in its text; `refusals.yaml` has the texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from magbot.errors import DocumentError, MagbotError, StoreError
from magbot.schema import Language
from magbot.yaml_files import parse_yaml

Fields = Mapping[str, str | int]


def refused(code: str, **fields: str | int) -> DocumentError:
    """The error to raise when something is wrong with a document."""
    message, mend = text_of(code, fields, "en")
    return DocumentError(message, help=mend, code=code, fields=fields)


def not_stored(code: str, **fields: str | int) -> StoreError:
    """The error to raise when a document cannot be kept or changed right now."""
    message, mend = text_of(code, fields, "en")
    return StoreError(message, help=mend, code=code, fields=fields)


def told(error: MagbotError, language: Language) -> tuple[str, str, Language]:
    """What is wrong, what to do about it, and the language in which that is told: English where there is no other."""
    if not error.code:
        return error.message, error.help, "en"
    return *text_of(error.code, error.fields, language), language


def text_of(code: str, fields: Fields, language: Language) -> tuple[str, str]:
    """What is wrong, and what to do about it, for a code."""
    message, mend = _texts()[code][language]
    shown = {name: _shown(value, language) for name, value in fields.items()}
    return message.format_map(shown), mend.format_map(shown)


def _shown(value: str | int, language: Language) -> str:
    if isinstance(value, int):
        return f"{value:,}".replace(",", "." if language == "da" else ",")
    return str(_texts()["in-danish"].get(value, value)) if language == "da" else value


@cache
def _texts() -> Any:
    return parse_yaml(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
