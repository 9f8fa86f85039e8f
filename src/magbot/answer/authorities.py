"""Figures of authorities that differ stand side by side, by rule: limits, recommendations, what counts as low blood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from magbot.answer.citations import Citations
from magbot.calculator.tables import Tables
from magbot.retrieval.lookup import Lookup
from magbot.schema import Caveat, Citation, Language, Statement
from magbot.text.numbers import canonical, numbers_in
from magbot.yaml_files import parse_yaml


@cache
def _rules() -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = parse_yaml((Path(__file__).parent / "authorities.yaml").read_text(encoding="utf-8"))
    return rules


@dataclass(frozen=True)
class Answering:
    """What an answer says so far."""

    statements: Sequence[Statement]
    caveats: Sequence[Caveat]


class Authorities:
    """Shows what the other authorities say where an answer gives the figure of one."""

    def __init__(self, tables: Tables, lookup: Lookup) -> None:
        self._tables = tables
        self._lookup = lookup

    def beside(
        self, cited: Sequence[Citation], said: Answering, citations: Citations, language: Language
    ) -> Iterator[Caveat]:
        """Caveats with the figures that an answer and its other caveats leave out."""
        for rule in _rules():
            about_it = [item.text for item in said.statements if re.search(rule["told"], item.text)]
            about_it += [item.text for item in said.caveats]
            told = " ".join(about_it)
            numbers = {_plain(number) for number in numbers_in(told, language)}
            if all(numbers & set(map(_plain, side)) for side in rule["sides"]):
                continue
            if any(_tells(rule, citation) for citation in cited) and (
                caveat := self._caveat(rule, citations, language)
            ):
                yield caveat

    def _caveat(self, rule: Mapping[str, Any], citations: Citations, language: Language) -> Caveat | None:
        figures, hits = {}, []
        for name, (table, row_id, column) in rule["rows"].items():
            row = self._tables.row(table, row_id)
            hit = self._lookup.find(row.table, language, row.sentences[language]) if row else None
            if row is None or hit is None:
                return None
            figures[name] = row[column].replace(".", "," if language == "da" else ".")
            hits.append(hit)
        numbers = tuple(dict.fromkeys(citations.cite(hit) for hit in hits))
        return Caveat(text=rule["text"][language].format(**figures), citations=numbers)


def _plain(number: str) -> str:
    return canonical(Decimal(number))


def _tells(rule: Mapping[str, Any], citation: Citation) -> bool:
    """Whether a cited sentence gives one of the figures that authorities do not share."""
    if not re.search(rule["told"], citation.quote) or re.search(rule["unless"], citation.quote):
        return False
    held = {_plain(number) for number in numbers_in(citation.quote, citation.language)}
    return bool(held & set(map(_plain, rule["figures"])))
