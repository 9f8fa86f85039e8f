"""Brings what people type to one spelling, so that a pattern need not know every way to write a word.

Patterns and text go through the same folding: small letters, æ = ae = a, ø = oe = o, å = aa = a, no accents, and
every doubled letter single, which forgives most misspellings in both languages ("hjææælp", "alergisk", "tabletter").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_LETTERS = str.maketrans({"æ": "a", "ø": "o", "å": "a", "ß": "s", "ð": "d", "þ": "th"})
_DIGRAPHS = re.compile(r"ae|oe|aa")
_DIGRAPH_TO = {"ae": "a", "oe": "o", "aa": "a"}
_DOUBLED = re.compile(r"([a-z])\1+")
_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_APOSTROPHE = re.compile(r"(?<=\w)['’`´ʼ](?=\w)")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_SENTENCE_END = re.compile(r"[.!?;:\n\r…]+")
_NOT_WORD = re.compile(r"[^a-z0-9%_\n.]+")
_SPACED_OUT = re.compile(r"\b(?:[a-z] ){4,}[a-z]\b")
_SUBORDINATE = re.compile(r"\bike (kan|vil|gider|orker|magter|tor|onsker|holder)\b")
_DECIMAL_MARK = "_"  # stays inside a number while sentence marks are cut: 0,68 -> 0_68


def fold(text: str) -> str:
    """Fold letters only; keeps length of nothing, so use it for matching and never for quoting."""
    text = unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).casefold().translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = _DIGRAPHS.sub(lambda match: _DIGRAPH_TO[match[0]], text)
    return _DOUBLED.sub(r"\1", text)


def sentences(text: str, short_forms: Mapping[str, str]) -> list[str]:
    """Folded sentences of a message, words parted by single blanks, short forms written out.

    Args:
        text: what a person typed, any characters.
        short_forms: folded word to its folded long form, for example "cant" to "can not".

    """
    text = _APOSTROPHE.sub("", text)
    text = _DECIMAL.sub(_DECIMAL_MARK, text)
    folded = _SENTENCE_END.sub(" . ", fold(text))
    found = []
    for part in folded.split(" . "):
        words = _NOT_WORD.sub(" ", part).replace(".", " ").split()
        if not words:
            continue
        joined = " ".join(short_forms.get(word, word) for word in words)
        spelled = _SPACED_OUT.sub(lambda match: match[0].replace(" ", ""), joined)
        # Danish turns the words of a clause around: "han siger, at han ikke vil leve" is "han vil ikke leve".
        found.append(_SUBORDINATE.sub(r"\1 ike", spelled))
    return found
