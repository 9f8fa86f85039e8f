"""Questions and names brought to one spelling for matching; offsets are of the folded text."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

_FOLDS = str.maketrans({"æ": "e", "ä": "e", "ø": "o", "ö": "o", "å": "a", "é": "e", "μ": "u", "µ": "u", "’": "'"})
_WORD = re.compile(r"[a-z][a-z']*")
_SHORT = {
    "mag": "magnesium",
    "choc": "chocolate",
    "ska": "skal",
    "ha": "have",
    "wemon": "women",
    "wimen": "women",
    "hvormeget": "hvor meget",
    "hvormange": "hvor mange",
}
# Words that decide what is asked for, so that a misspelling of them matters.
_KEYWORDS = [
    "magnesium",
    "anbefalet",
    "anbefaling",
    "anbefalede",
    "recommended",
    "recommendation",
    "kvinde",
    "kvinder",
    "gravid",
    "gravide",
    "pregnant",
    "ammende",
    "breastfeeding",
    "procent",
    "percent",
    "percentage",
    "dagsbehov",
    "supplement",
    "tilskud",
    "elementaert",
    "elemental",
]
_KEYWORD_RATIO = 84
_MIN_LETTERS = 6
_NAME_RATIO = 88


def fold(text: str) -> str:
    """Lower case without Danish letters, whichever way they were typed: `grød` = `groed` = `grod`."""
    text = text.lower().replace("oe", "o").replace("aa", "a").replace("ae", "e")
    text = text.translate(_FOLDS)
    return re.sub(r"\s+%", "%", re.sub(r"\s+", " ", text)).strip()


@lru_cache(maxsize=64)
def mend(text: str) -> str:
    """Folded text with short forms written out and misspelt keywords mended."""
    return _WORD.sub(lambda match: _mended(match.group()), fold(text))


def _mended(word: str) -> str:
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < _MIN_LETTERS:
        return word
    best = process.extractOne(word, _FOLDED_KEYWORDS, scorer=fuzz.ratio, score_cutoff=_KEYWORD_RATIO)
    # An inflection or a compound is not a misspelling.
    return best[0] if best and not word.startswith(best[0]) and not best[0].startswith(word) else word


def near_name(word: str, names: list[str]) -> str | None:
    """The name that a longer word is a misspelling of, if one is near enough."""
    if len(word) < _MIN_LETTERS:
        return None
    best = process.extractOne(word, names, scorer=fuzz.ratio, score_cutoff=_NAME_RATIO)
    return best[0] if best else None


_FOLDED_KEYWORDS = [fold(word) for word in _KEYWORDS]
