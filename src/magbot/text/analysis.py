"""Words as the lexical index sees them: folded, split at compounds, without stop words, stemmed.

The same analysis serves the index and the features that decide whether a question can be answered.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import tantivy

from magbot.schema import Language
from magbot.text.numbers import canonicalise
from magbot.text.words import words

# Changing the analysis makes old lexical indexes wrong; the number is part of the index' fingerprint.
VERSION = 1

_FOLDS = str.maketrans({"æ": "e", "ä": "e", "ø": "o", "ö": "o", "å": "a", "é": "e", "è": "e", "ü": "u"})
_DECIMALS = re.compile(r"(?<=\d)\.(?=\d)")
# Endings of the last part and links between parts: magnesium|niveau|et, blodtryk|s|medicin.
_ENDINGS = ("", "s", "en", "et", "er", "ne", "erne", "ens", "ernes", "men", "met")


def fold(text: str, language: Language) -> str:
    """Bring spellings of one word together: lower case, no accents, `søvn` = `soevn` = `sovn`, one form of numbers."""
    text = canonicalise(text, language).lower()
    # Decimal sign to a letter, so that 0.75 stays one token instead of 0 and 75.
    text = _DECIMALS.sub("p", text)
    if language == "da":
        text = text.replace("oe", "ø").replace("aa", "å").replace("ae", "æ")
    return text.translate(_FOLDS)


@cache
def compound_parts() -> list[str]:
    """Danish word parts, folded, at which compounds are split (`magnesium|tilskud`)."""
    parts = (Path(__file__).parent / "compounds.da.txt").read_text(encoding="utf-8").split()
    return sorted({fold(part + ending, "da") for part in parts for ending in _ENDINGS})


@cache
def analyzer(language: Language) -> tantivy.TextAnalyzer:
    """Tantivy's analysis chain for text that `fold` has prepared."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(60))
    if language == "da":
        builder = builder.filter(tantivy.Filter.split_compound(compound_parts()))
    stopwords = [fold(word, language) for word in words()["stopwords"][language].split()]
    stemmer = {"da": "danish", "en": "english"}[language]
    return builder.filter(tantivy.Filter.custom_stopword(stopwords)).filter(tantivy.Filter.stemmer(stemmer)).build()


def terms(text: str, language: Language) -> list[str]:
    """Stems of a text in order, stop words left out."""
    return list(analyzer(language).analyze(fold(text, language)))
