"""Brand names of medicines as the sources call them, for search: nobody writes "Centyl" in a review."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from magbot.schema import Language
from magbot.yaml_files import parse_yaml


@cache
def _generic() -> dict[str, dict[Language, str]]:
    """Brand in small letters to what the sources call it."""
    entries = parse_yaml((Path(__file__).parent / "brands.yaml").read_text(encoding="utf-8"))
    return {brand: {"da": entry["da"], "en": entry["en"]} for entry in entries for brand in entry["brands"]}


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(_generic(), key=len, reverse=True)))
    return re.compile(rf"\b(?P<brand>{names})(?:en|et|erne|'s|s)?\b", re.IGNORECASE)


def with_generic_names(question: str, language: Language) -> str:
    """The question with the generic name, and the class in brackets, in place of each brand."""
    return _pattern().sub(lambda match: _generic()[match["brand"].lower()][language], question)
