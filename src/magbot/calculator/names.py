"""Finds the foods and salts that a question names, by the aliases of the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from magbot.calculator.spelling import fold, near_name
from magbot.calculator.tables import Row

_ENDING = r"(?:erne|ene|ne|en|et|er|es|s|e|n|r|t)?"
_SHORTEST = 3
_START = 2  # by so many letters names are told apart before they are compared
_WORD_START = re.compile(r"(?<![\w-])\S")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    # Very short names (te, ol) take no ending, or they would be other words.
    ending = _ENDING if len(name) > _SHORTEST else ""
    return re.compile(re.escape(name).replace(r"\ ", r",?\ ") + ending + r"(?![\w-])")


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
        self._by_start: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(self._rows, key=len, reverse=True):
            self._by_start[name[:_START]].append(name)

    def _named(self, plain: str) -> Iterator[Named]:
        """What stands there, from left to right, the longest at each place."""
        end = 0
        for word in _WORD_START.finditer(plain):
            start = word.start()
            if start < end:
                continue
            for name in self._by_start.get(plain[start : start + _START], ()):
                if match := _pattern(name).match(plain, start):
                    end = match.end()
                    yield Named(self._rows[name], start, end)
                    break

    def find(self, plain: str) -> list[Named]:
        """Rows named in folded text, in order, each once; misspellings of long names only when nothing else fits."""
        found = list(self._named(plain))
        if not found:
            for word in re.finditer(r"[a-z-]+", plain):
                name = near_name(word.group(), self._single)
                found += [Named(self._rows[name], word.start(), word.end())] if name else []
        once: dict[str, Named] = {}
        for named in found:
            once.setdefault(named.row.id, named)
        return list(once.values())
