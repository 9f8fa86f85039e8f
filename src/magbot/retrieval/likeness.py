"""How like others a question is by its wording: those that sources answer, those that none does, other subjects.

A question is read twice: by the pieces of its words, and with a mark in place of each word that the corpus or what is
near does not hold, so that "magnesium mod X" is known for what it is whatever X may be. The encoder's vector has a say
if it is of the encoder that the weights were made with. `python eval/fit_answerability.py` makes the weights.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Sequence, Set
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from magbot.encoder.base import Vectors
from magbot.retrieval.search import Found
from magbot.schema import Language
from magbot.text import ngrams
from magbot.text.analysis import fold, terms

FILE = Path(__file__).parent / "likeness.npz"
OUTCOMES = ("answered", "not_in_corpus", "off_topic")
"""The rows of the weights."""
_WIDTH = 2**14
COLUMNS = 2 * _WIDTH
"""Of the weights: pieces of words, then marked words."""
_WORD = re.compile(r"[\w'’&-]+|[?!.,:;–]")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Marks are capitals, which folded words are not.
_UNKNOWN, _MISSPELT, _GONE, _NAME, _NUMBER, _DATED = "X", "M", "G", "N", "0", "Y"
_MOST = 8.0

Floats = NDArray[np.float32]


class Likeness(NamedTuple):
    """Log-odds, between -1 and 1."""

    answered: float
    """Of being answered, against both others."""
    off_topic: float
    """Of another subject, against what no source holds."""


class _Weights(NamedTuple):
    encoder: str
    words: Floats
    vector: Floats
    bias: Floats


@lru_cache(maxsize=1)
def _weights() -> _Weights:
    with np.load(FILE) as content:
        return _Weights(
            encoder=str(content["encoder"]),
            words=content["words"].astype(np.float32) * content["scale"],
            vector=content["vector"].astype(np.float32),
            bias=content["bias"],
        )


def marked(found: Found, near: Set[str] | None) -> tuple[str, ...]:
    """The words of a question, with marks for names, numbers and years, and for what is unknown, misspelt or not near.

    `near` holds the analysed terms of what is nearest; None when that is in the other language, where words cannot be
    compared and none is marked as unknown, misspelt or not near.
    """
    return tuple(
        _mark(match.group(), found, near, inside=match.start() > 0) for match in _WORD.finditer(found.question)
    )


def _mark(word: str, found: Found, near: Set[str] | None, *, inside: bool) -> str:
    if word[0].isdigit():
        return _DATED if _YEAR.fullmatch(word) else _NUMBER
    stems = set(terms(word, found.language))
    name = _NAME if inside and word[0].isupper() and not word.lower().startswith("magnesi") else ""
    if near is None:
        return name or fold(word, found.language)
    if stems & found.unknown:
        return name + _UNKNOWN
    # A misspelt word has stems of its own, a mended one those of the corpus.
    if stems - found.weights.keys():
        return _MISSPELT
    if stems - near:
        return name + _GONE
    return name or fold(word, found.language)


def columns(question: str, language: Language, words: Sequence[str]) -> NDArray[np.int64]:
    """The columns of the weights that a question and its marked words fall into."""
    framed = ["^", *words, "$"]
    pieces = {*framed, *(" ".join(pair) for pair in itertools.pairwise(framed))}
    for first, middle, last in zip(framed, framed[1:], framed[2:], strict=False):
        pieces |= {f"{first} _ {last}", f"{first} {middle} {last}"}
    frames = sorted({_WIDTH + zlib.crc32(piece.encode()) % _WIDTH for piece in pieces})
    parts = np.unique(ngrams.columns(fold(question, language)) % _WIDTH)
    return np.concatenate([parts, np.array(frames, dtype=np.int64)])


def likeness(found: Found, words: Sequence[str]) -> Likeness:
    """Judge a question by its words as they stand and as `marked` gives them."""
    weights = _weights()
    hit = columns(found.question, found.language, words)
    scores = weights.words[:, hit].sum(axis=1) * ngrams.value(len(hit)) + weights.bias
    return compared(scores + weights.vector @ found.vector if found.encoder == weights.encoder else scores)


def compared(scores: Vectors) -> Likeness:
    """The log-odds of three scores."""
    answered, unknown, off_topic = (float(score) for score in scores)
    return Likeness(_bounded(answered - float(np.logaddexp(unknown, off_topic))), _bounded(off_topic - unknown))


def _bounded(value: float) -> float:
    return max(-_MOST, min(_MOST, value)) / _MOST
