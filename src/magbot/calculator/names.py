"""Finds the foods and salts that a question names, by the aliases of the tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from magbot.calculator.spelling import fold, near_name
from magbot.calculator.tables import Row

_ENDING = r"(?:erne|ene|ne|en|et|er|es|s|e|n|r|t)?"
_SHORTEST = 3


@dataclass(frozen=True)
class Named:
    """A row that a question names, and where in its folded text."""

    row: Row
    start: int
    end: int


class Names:
    """The aliases of a table's rows; the longest one that fits wins."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows: dict[str, Row] = {}
        for row in rows:
            for alias in row["aliases"].split(";"):
                parts = fold(alias).split()
                for name in (" ".join(parts), " ".join(reversed(parts)) if len(parts) == 2 else ""):
                    if name:
                        self._rows.setdefault(name, row)
        self._single = [name for name in self._rows if " " not in name]
        self._aliases = sorted(self._rows, key=len, reverse=True)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Compiled at the first question for an amount, since that takes a fifth of a second."""
        # Very short names (te, ol) take no ending, or they would be other words.
        forms = [
            re.escape(name).replace(r"\ ", r",?\ ") + (_ENDING if len(name) > _SHORTEST else "")
            for name in self._aliases
        ]
        return re.compile(r"(?<![\w-])(?:" + "|".join(f"({form})" for form in forms) + r")(?![\w-])")

    def find(self, plain: str) -> list[Named]:
        """Rows named in folded text, in order, each once; misspellings of long names only when nothing else fits."""
        if not self._aliases:  # a corpus without this table; an empty pattern would be found everywhere
            return []
        found = [
            Named(self._rows[self._aliases[(match.lastindex or 1) - 1]], match.start(), match.end())
            for match in self._pattern.finditer(plain)
        ]
        if not found:
            for word in re.finditer(r"[a-z-]+", plain):
                name = near_name(word.group(), self._single)
                found += [Named(self._rows[name], word.start(), word.end())] if name else []
        once: dict[str, Named] = {}
        for named in found:
            once.setdefault(named.row.id, named)
        return list(once.values())
