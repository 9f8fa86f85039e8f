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
_WORDS = re.compile(r"[a-zæøåé']+")


@cache
def _detector() -> LanguageDetector:
    from lingua import Language as Lingua
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Lingua.DANISH, Lingua.ENGLISH).build()


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
