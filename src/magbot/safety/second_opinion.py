"""A second opinion on danger: how like known cries for help a message is, by its words and by the encoder's vector.

It only ever adds to the rules. `python eval/fit_second_opinion.py` makes the weights. Those over vectors belong to one
encoder; with another one, the words alone decide, with a threshold of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from magbot.encoder.base import Encoder
from magbot.safety import ngrams
from magbot.safety.concepts import read

FILE = Path(__file__).parent / "second_opinion.npz"
LEVELS = ("sure", "likely", "maybe")
"""Enough alone; enough for words about a person; enough for a help line beside the answer."""
_CLAUSE = re.compile(r"(?<=[.!?;:,\n])\s+|\s+(?:btw|forresten|i øvrigt)\s+", re.IGNORECASE)
_LEAST_WORDS = 3
_MOST_CLAUSES = 8

NETWORK_SHARE = 0.7
"""How much the small network counts beside the linear weights."""

WORDS_AGREE = 0.7
"""Below this, the words of a message speak against danger, and the encoder is not believed."""

Floats = NDArray[np.float32]


class Model(NamedTuple):
    """Linear weights, of which the first row says danger or not and the others which kind; and a small network.

    The network has one hidden layer over the encoder's vector and adds to the first row.
    """

    encoder: str
    kinds: tuple[str, ...]
    words: Floats
    words_bias: Floats
    joint: Floats
    joint_vector: Floats
    joint_bias: Floats
    hidden: tuple[Floats, Floats]
    out: tuple[Floats, Floats]
    thresholds: dict[str, float]


class Opinion(NamedTuple):
    """What kind of danger a message is most like, and whether that suffices (see `LEVELS`)."""

    kind: str
    score: float
    sure: bool
    likely: bool
    maybe: bool


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The weights."""
    with np.load(FILE) as content:
        names = [f"{prefix}{level}" for prefix in ("", "words_") for level in LEVELS]
        return Model(
            encoder=str(content["encoder"]),
            kinds=tuple(str(kind) for kind in content["kinds"]),
            words=content["words"].astype(np.float32) * content["words_scale"],
            words_bias=content["words_bias"],
            joint=content["joint"].astype(np.float32) * content["joint_scale"],
            joint_vector=content["joint_vector"].astype(np.float32),
            joint_bias=content["joint_bias"],
            hidden=(content["hidden"].astype(np.float32), content["hidden_bias"]),
            out=(content["out"].astype(np.float32), content["out_bias"]),
            thresholds={name: float(content[name]) for name in names},
        )


def clauses(message: str) -> list[str]:
    """The message and its clauses: danger may be said beside an innocent question."""
    parts = [part for part in _CLAUSE.split(message) if len(part.split()) >= _LEAST_WORDS]
    return [message, *(part for part in parts[:_MOST_CLAUSES] if part != message)]


def folded(text: str) -> str:
    """The text as its pieces are counted: without idioms and denied dangers, where `_` stands instead."""
    return " . ".join(read(text)[0])


def _scores(text: str, model: Model, encoder: Encoder | None) -> tuple[Floats, bool]:
    """Danger or not and each kind, as log-odds; and whether the encoder had a say."""
    words = folded(text)
    hit = ngrams.columns(words)
    value = ngrams.value(len(hit))
    alone: Floats = model.words[:, hit].sum(axis=1) * value + model.words_bias
    # The encoder reads the text as it stands, and would see the danger in an idiom or behind a "not".
    if encoder is None or encoder.id != model.encoder or "_" in words.split():
        return alone, False
    vector = encoder.encode_queries([text])[0]
    found: Floats = model.joint[:, hit].sum(axis=1) * value + model.joint_bias + model.joint_vector @ vector
    hidden = np.maximum(vector @ model.hidden[0] + model.hidden[1], 0)
    found[0] += NETWORK_SHARE * float((hidden @ model.out[0] + model.out[1])[0])
    if alone[0] < WORDS_AGREE:
        found[0] = min(found[0], alone[0])
    return found, True


def opinion(message: str, encoder: Encoder | None) -> Opinion:
    """What a message is most like, judged as a whole and clause by clause.

    Args:
        message: as the person wrote it.
        encoder: only the one that the weights were made for has a say.
    """
    model = load_model()
    opinions = [_opinion(clause, model, encoder) for clause in clauses(message)]
    return max(opinions, key=lambda found: (found.sure, found.likely, found.maybe, found.score))


def _opinion(text: str, model: Model, encoder: Encoder | None) -> Opinion:
    found, joint = _scores(text, model, encoder)
    prefix = "" if joint else "words_"
    score = float(found[0])
    return Opinion(
        kind=model.kinds[int(np.argmax(found[1:]))],
        score=score,
        sure=score > model.thresholds[f"{prefix}sure"],
        likely=score > model.thresholds[f"{prefix}likely"],
        maybe=score > model.thresholds[f"{prefix}maybe"],
    )
