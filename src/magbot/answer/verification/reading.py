"""A text as the checks see it: concepts, amounts, and clauses with what turns, orders and weighs them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from magbot.answer.verification.lexicon import Mention, mentions
from magbot.answer.verification.quantities import Quantity, quantities_in
from magbot.answer.verification.signals import clauses, compiled, prepare, signals, words_pattern
from magbot.schema import Language
from magbot.text.words import words

STRENGTHS = (
    "proof",
    "hedge",
    "open",
    "only",
    "condition",
    "can",
    "association",
    "cause",
    "universal",
    "together",
    "advice",
    "majority",
    "safe",
)
_WORD = re.compile(r"[\w%'-]+")
# How many words around a direction tell what it is about, and how many letters tell a word.
_REACH = 3
_SHORTEST = 3
_STEM = 5
_NAME = re.compile(r"\b[A-ZÆØÅ][\w-]*[\w]|\b\w*[A-Za-zÆØÅæøå]-?\d\w*")
_STUDY = re.compile(r"\b[A-ZÆØÅ][\w-]+(?= (?:et al\.? )?\(?(?:19|20)\d\d)")
_PART_END = re.compile(r"[,;:()]")
_JOINTS = frozenset({"eller", "or", "og", "and"})
_THAN = {"da": re.compile(r"\bend\b"), "en": re.compile(r"\bthan\b")}
_WITH_OR_WITHOUT = re.compile(r"\b(?:or without|eller uden)\b")
_GENITIVE = re.compile(r"'?s$")


@cache
def stopwords() -> frozenset[str]:
    """Words of both languages that name nothing, even with a capital letter."""
    lists = words()["stopwords"]
    return frozenset(f"{lists['da']} {lists['en']}".split())


@dataclass(frozen=True)
class Direction:
    """One side of a pair of opposites, and the words beside it."""

    dimension: str
    sign: str
    heads: frozenset[str]


@dataclass(frozen=True)
class Clause:
    """A piece of a text in which a denial reaches no further."""

    text: str
    language: Language

    @cached_property
    def negated(self) -> bool:
        """Whether it denies something."""
        kept = compiled("not_negation", self.language).sub(" ", self.text)
        kept = compiled("without", self.language).sub(" ", kept)
        denied = bool(compiled("negation", self.language).search(kept))
        return denied != bool(compiled("unsure", self.language).search(kept))

    @cached_property
    def nearly_negated(self) -> bool:
        """Whether it says as much as a denial without being one: "lacked a placebo group"."""
        return bool(compiled("near_negation", self.language).search(self.text))

    @cached_property
    def directions(self) -> tuple[Direction, ...]:
        """Every direction in it."""
        found = sorted(
            (match.start(), match.end(), dimension, sign)
            for dimension, sides in signals()["directions"].items()
            for sign in sides
            for match in compiled(f"directions.{dimension}.{sign}", self.language).finditer(self.text)
        )
        directions: list[Direction] = []
        for position in range(len(found) - 1, -1, -1):
            start, end, dimension, sign = found[position]
            left = found[position - 1][1] if position else 0
            right = found[position + 1][0] if position + 1 < len(found) else len(self.text)
            # "Too little or too much magnesium": both are about the same.
            joined = bool(directions) and self.text[end:right].strip() in _JOINTS
            heads = directions[-1].heads if joined else self._heads(left, start, end, right)
            directions.append(Direction(dimension, sign, heads))
        return tuple(reversed(directions))

    def _heads(self, left: int, start: int, end: int, right: int) -> frozenset[str]:
        """What a direction is about: the words right of it, else those left of it, up to the next direction."""
        after = self._content(_PART_END.split(self.text[end:right])[0])[:_REACH]
        return self._keys(after) or self._keys(self._content(self.text[left:start])[-_REACH:])

    @cached_property
    def keys(self) -> frozenset[str]:
        """What it names: concepts and the stems of its longer words."""
        return self._keys(self._content(self.text))

    @staticmethod
    def _content(text: str) -> list[str]:
        return [word for word in _WORD.findall(text) if len(word) >= _SHORTEST and word not in stopwords()]

    def _keys(self, content: Sequence[str]) -> frozenset[str]:
        found = {mention.concept for mention in mentions(" ".join(content), self.language)}
        stems = {word[:_STEM] for word in content if len(word) >= _STEM}
        return frozenset(found | stems)

    @cached_property
    def strengths(self) -> frozenset[str]:
        """Which of STRENGTHS it shows."""
        return frozenset(name for name in STRENGTHS if compiled(f"strength.{name}", self.language).search(self.text))


@dataclass(frozen=True)
class Comparison:
    """A "more A than B": which way, and what stands on each side."""

    dimension: str
    sign: str
    left: frozenset[str]
    right: frozenset[str]

    def swaps(self, other: Comparison) -> bool:
        """Whether the sides of another comparison stand in each other's place here."""
        other_left, other_right = other.left - other.right, other.right - other.left
        crossed, kept = len(self.right & other_left), len(self.right & other_right)
        return crossed > kept and bool(self.left & other_right)


@dataclass(frozen=True)
class Match:
    """A clause of a quote and how well it matches one of the statement."""

    clause: Clause
    score: float


@dataclass(frozen=True)
class Reading:
    """A whole statement or quote."""

    original: str
    language: Language

    @cached_property
    def text(self) -> str:
        """Ready for comparing."""
        return prepare(self.original, self.language)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Its pieces in order."""
        return tuple(Clause(piece, self.language) for piece in clauses(self.text, self.language))

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every concept in it."""
        return tuple(mentions(self.text, self.language))

    @cached_property
    def concepts(self) -> frozenset[str]:
        """Names of the concepts in it."""
        return frozenset(mention.concept for mention in self.mentions)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every amount in it."""
        return tuple(quantities_in(self.text, self.language))

    @cached_property
    def comparison(self) -> Comparison | None:
        """Its comparison, when it has just one."""
        parts = _THAN[self.language].split(self.text)
        if len(parts) != 2:
            return None
        left, right = Clause(parts[0], self.language), Clause(_PART_END.split(parts[1])[0], self.language)
        if not left.directions:
            return None
        last = left.directions[-1]
        return Comparison(last.dimension, last.sign, left.keys, right.keys)

    @cached_property
    def excluded(self) -> frozenset[str]:
        """Concepts that it names only after "without"."""
        text = _WITH_OR_WITHOUT.sub(" ", self.text)
        inside: set[str] = set()
        for match in compiled("without", self.language).finditer(text):
            following = " ".join(_WORD.findall(text[match.end() :])[:3])
            inside |= {mention.concept for mention in mentions(following, self.language)}
        rest = compiled("without", self.language).split(text)
        outside = set()
        for position, piece in enumerate(rest):
            pieces = _WORD.findall(piece)
            kept = pieces[3:] if position else pieces
            outside |= {mention.concept for mention in mentions(" ".join(kept), self.language)}
        return frozenset(inside - outside)

    @cached_property
    def strengths(self) -> frozenset[str]:
        """Which of STRENGTHS any of its clauses shows."""
        return frozenset().union(*(clause.strengths for clause in self.clauses))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Lower-case names of people, studies, products and scales: words that no dictionary holds."""
        studies = _STUDY.findall(self.original)
        first = len(self.original) - len(self.original.lstrip())
        others = [match.group() for match in _NAME.finditer(self.original) if match.start() > first]
        common = stopwords()
        named = (_GENITIVE.sub("", name.lower()) for name in (*studies, *others))
        nobody = re.compile(words_pattern(signals()["not_names"]))
        return tuple(dict.fromkeys(name for name in named if name not in common and not nobody.fullmatch(name)))
