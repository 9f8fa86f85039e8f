"""The word lists of signals.yaml, and texts made ready for comparing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from magbot.schema import Language
from magbot.yaml_files import parse_yaml

# "May 2009" leaves nothing open.
_MONTH_OF_MAY = re.compile(r"\bmay (?=\d)")


@cache
def signals() -> dict[str, Any]:
    """All lists by name."""
    lists: dict[str, Any] = parse_yaml((Path(__file__).parent / "signals.yaml").read_text(encoding="utf-8"))
    return lists


def words_pattern(words: str) -> str:
    """A pattern for a comma-separated list: * stands for any letters, # for a digit that follows; longest first."""
    parts = sorted((part.strip() for part in words.split(",")), key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(_alternative(part) for part in parts if part)})"


def _alternative(part: str) -> str:
    pattern = re.escape(part.removesuffix("#")).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return pattern + (r"(?=\d)" if part.endswith("#") else r"(?!\w)")


@cache
def compiled(path: str, language: Language) -> re.Pattern[str]:
    """Pattern of one list of signals.yaml, by its dotted path."""
    node: Any = signals()
    for part in path.split("."):
        node = node[part]
    return re.compile(words_pattern(node[language]))


@cache
def _short_forms(language: Language) -> tuple[re.Pattern[str], dict[str, str]]:
    known: dict[str, str] = signals()["abbreviations"][language]
    keys = "|".join(re.escape(key) for key in sorted(known, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{keys})|(?<=\w)n't"), known


def prepare(text: str, language: Language) -> str:
    """Lower case, one kind of quotation mark and dash, abbreviations written out."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("‑", "-").lower()
    pattern, known = _short_forms(language)
    text = pattern.sub(lambda match: known[match.group()], text)
    if language == "en":
        text = _MONTH_OF_MAY.sub("maj ", text)
    return " ".join(text.split())


@cache
def _clause_end(language: Language) -> re.Pattern[str]:
    ends = [part.strip() for part in signals()["clause_ends"][language].split(",")]
    joint = {"da": "og|for(?! eksempel)|hvilket|som|så", "en": "and|as|which|so"}[language]
    words = "|".join(sorted((re.escape(end).replace(r"\ ", r"\s+") for end in ends), key=len, reverse=True))
    no = {"da": r"(?:\w+\s+){0,2}(?:ikke|ingen|intet)\b", "en": r"(?:\w+\s+){0,2}(?:not|no)\b"}[language]
    contrast = {
        "da": rf"(?:,|\bog)\s+(?={no})|\s(?=(?:der|som)\s+{no})",
        "en": rf"(?:,|\band)\s+(?={no})|\s(?=(?:that|who|which)\s+{no})",
    }[language]
    because = {"da": r"\sfordi\s", "en": r"\sbecause\s(?!of\b)"}[language]
    return re.compile(rf"[;:]\s|{contrast}|,?{because}|,?\s(?:{words})\s|,\s(?:{joint})\s")


def clauses(text: str, language: Language) -> Iterator[str]:
    """Pieces of a prepared text in which a denial reaches no further."""
    start = 0
    for match in _clause_end(language).finditer(text):
        piece = text[start : match.start()].strip(" ,")
        if len(piece.split()) >= 2:
            yield piece
            start = match.end()
    rest = text[start:].strip(" ,.")
    if rest:
        yield rest
