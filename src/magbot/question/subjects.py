"""What a question or a sentence is about, told from its analysed words: illness, group of people, salt, medicine."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import cache
from pathlib import Path

from magbot.schema import Language
from magbot.text.analysis import terms
from magbot.yaml_files import parse_yaml

_EVERYBODY = "everybody"
_ONE_THING = ("condition", "medicine", "nutrient")
Subjects = Mapping[str, frozenset[str]]
"""For each kind of subject, in the order of the file, the names of those that a text is about."""


@cache
def _names(language: Language) -> dict[str, list[tuple[str, list[frozenset[str]]]]]:
    """For each kind its subjects and the words of each of their names."""
    raw = parse_yaml((Path(__file__).parent / "subjects.yaml").read_text(encoding="utf-8"))
    return {
        kind: [
            (name, [frozenset(terms(words, language)) for words in spoken[language]]) for name, spoken in its.items()
        ]
        for kind, its in raw.items()
    }


def subjects_in(held: Set[str], language: Language) -> Subjects:
    """What analysed words of a language are about."""
    return {
        kind: frozenset(name for name, named in its if any(words <= held for words in named))
        for kind, its in _names(language).items()
    }


def subjects_of(text: str, language: Language) -> Subjects:
    """What a text is about, its words read as those of a language."""
    return subjects_in(frozenset(terms(text, language)), language)


def is_other(asked: Set[str], about: Set[str]) -> bool:
    """Whether subjects of one kind are others than those that are asked about."""
    return bool(asked) and bool(about) and _EVERYBODY not in about and not about & asked


def is_unasked_group(asked: Subjects, its: Subjects) -> bool:
    """Whether a sentence is about a group of people alone, and no group is asked about."""
    return bool(its["group"]) and not asked["group"] and _EVERYBODY not in its["group"]


def is_beside(asked: Subjects, first: Subjects, its: Subjects, *, told_together: bool) -> bool:
    """Whether a further sentence is about something else than was asked and than the first sentence is about.

    Where the question names an illness, another illness is beside it; where it names none, one that the first sentence
    is not about, unless the two are told together. A sentence that counts up several is a list and about all.
    """
    told = {kind: named if len(named) == 1 else frozenset() for kind, named in first.items()}
    if any(is_other(asked[kind], about) for kind, about in its.items()):
        return True
    if told_together:
        return False
    strays = any(is_other(told[kind], about) for kind, about in its.items() if not asked[kind])
    by_the_way = any(len(its[kind]) == 1 and not asked[kind] and not first[kind] for kind in _ONE_THING)
    return strays or by_the_way or (is_unasked_group(asked, its) and not first["group"])
