"""Tells Danish from English, for whole documents and for questions of one word."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from magbot.schema import Language
from magbot.text.words import words

if TYPE_CHECKING:
    from lingua import LanguageDetector

_DANISH = frozenset(words()["danish"].split())
_ENGLISH = frozenset(words()["english"].split())
# Of Danish and English prose a third and more are frequent words; German and Swedish share some of them.
_OURS = 0.3
_ENOUGH_WORDS = 20
_SURE = 0.8
_WORDS = re.compile(r"[a-zæøåé']+")


@cache
def _detector() -> LanguageDetector:
    from lingua import Language as Lingua
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Lingua.DANISH, Lingua.ENGLISH).build()


def other_language(text: str) -> str | None:
    """Name of the language of a longer text that is neither Danish (or the Norwegian next to it) nor English.

    None when it is one of them, or when nobody can tell.
    """
    found = _WORDS.findall(text[:20_000].lower())
    ours = sum(word in _DANISH or word in _ENGLISH for word in found)
    if len(found) < _ENOUGH_WORDS or ours > _OURS * len(found):
        return None
    best = _wide_detector().compute_language_confidence_values(text[:3000])[0]
    if best.value < _SURE or best.language.name in {"DANISH", "ENGLISH", "BOKMAL"}:
        return None
    return best.language.name.capitalize()


@cache
def _wide_detector() -> LanguageDetector:
    from lingua import Language as Lingua
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(
        Lingua.DANISH,
        Lingua.ENGLISH,
        Lingua.BOKMAL,
        Lingua.SWEDISH,
        Lingua.GERMAN,
        Lingua.DUTCH,
        Lingua.FRENCH,
        Lingua.SPANISH,
    ).build()


def detect_language(text: str, default: Language = "da") -> Language:
    """Language of a text; `default` decides when nothing in it does (a lone "magnesium?").

    Frequent words and æ, ø, å settle almost every question in microseconds; only what they leave open goes to the
    statistical detector, whose models take most of a second to load.
    """
    lowered = text.lower()
    found = _WORDS.findall(lowered)
    danish = sum(word in _DANISH for word in found) + (2 if re.search(r"[æøå]", lowered) else 0)
    english = sum(word in _ENGLISH for word in found)
    if danish != english:
        return "da" if danish > english else "en"
    if not found:
        return default
    best = _detector().compute_language_confidence_values(text)[0]
    if best.value < 0.6:
        return default
    return "da" if best.language.name == "DANISH" else "en"
