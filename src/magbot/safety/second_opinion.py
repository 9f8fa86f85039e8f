"""Weighs what a message holds against thousands of cries for help and of texts that only sound like one.

It sees three things: the concepts of the rules and which rules are met, the pieces of the words, and the encoder's
vector. `python eval/fit_second_opinion.py` makes the weights. Those over vectors belong to one encoder; with another
one, concepts and words decide, with thresholds of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from magbot.encoder.base import Encoder
from magbot.safety import danger, mood
from magbot.safety.concepts import Reading, read
from magbot.safety.data import load
from magbot.text import ngrams

FILE = Path(__file__).parent / "second_opinion.npz"
LEVELS = ("danger", "near", "innocent")
"""Above the first: danger. Above the second: a help line beside the answer. Below the third: no rule is believed."""

NETWORK_SHARE = 0.7
"""How much the small network counts beside the linear weights."""

LONG = 14
"""Words from which on the sentences of a message are weighed one by one too: danger may be one clause of a story."""

UNCERTAIN = 1.5
"""So near to the likeliest kind, when none is likely, a crisis is answered: its lines help in any danger."""

_MOST_SENTENCES = 5
_LEAST_WORDS = 3
_SENTENCE = re.compile(r"(?<=[.!?;…])\s+|\n+")

Floats = NDArray[np.float32]


class Model(NamedTuple):
    """Linear weights, of which the first row says danger or not and the others which kind; and a small network.

    The network has one hidden layer over vector and signs and adds to the first row.
    """

    encoder: str
    kinds: tuple[str, ...]
    signs: tuple[str, ...]
    words: Floats
    words_signs: Floats
    words_bias: Floats
    joint: Floats
    joint_signs: Floats
    joint_vector: Floats
    joint_bias: Floats
    hidden: tuple[Floats, Floats]
    out: tuple[Floats, Floats]
    thresholds: dict[str, float]


class Opinion(NamedTuple):
    """What kind of danger a message is most like, and whether that suffices (see `LEVELS`)."""

    kind: str
    score: float
    danger: bool
    near: bool
    innocent: bool


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The weights."""
    with np.load(FILE) as content:
        names = [f"{prefix}{level}" for prefix in ("", "words_") for level in LEVELS]
        return Model(
            encoder=str(content["encoder"]),
            kinds=tuple(str(kind) for kind in content["kinds"]),
            signs=tuple(str(sign) for sign in content["signs"]),
            words=content["words"].astype(np.float32) * content["words_scale"],
            words_signs=content["words_signs"],
            words_bias=content["words_bias"],
            joint=content["joint"].astype(np.float32) * content["joint_scale"],
            joint_signs=content["joint_signs"],
            joint_vector=content["joint_vector"].astype(np.float32),
            joint_bias=content["joint_bias"],
            hidden=(content["hidden"].astype(np.float32), content["hidden_bias"]),
            out=(content["out"].astype(np.float32), content["out_bias"]),
            thresholds={name: float(content[name]) for name in names},
        )


@lru_cache(maxsize=1)
def signs() -> tuple[str, ...]:
    """Names of what is looked for in a message beside its words: concepts, the rule that is met, how it is said."""
    rules = tuple(f"rule {kind}" for kind in danger.PRIORITY)
    return (*load("rules")["concepts"], *rules, "excepted", "personal", "resolved")


def signs_in(sentences: Sequence[str], met: danger.Danger | None, *, excepted: bool = False) -> Floats:
    """Which of them folded sentences hold, as 0 and 1.

    Args:
        sentences: as `concepts.read` returns them.
        met: what `danger.find` finds in them.
        excepted: whether the message that they are from is about research, fiction, the past or an animal.
    """
    whole = Reading(" . ".join(sentences), danger.concepts())
    held = [whole.has(concept) for concept in load("rules")["concepts"]]
    held += [met is not None and met.kind == kind for kind in danger.PRIORITY]
    held += [excepted or danger.is_excepted(sentences), danger.may_be_personal(sentences), mood.resolved(sentences)]
    return np.array(held, dtype=np.float32)


class _Part(NamedTuple):
    text: str
    sentences: Sequence[str]
    met: danger.Danger | None


def parts(message: str) -> list[_Part]:
    """The sentences of a long message that are weighed one by one: those that meet a rule before the others."""
    if len(message.split()) < LONG:
        return []
    texts = dict.fromkeys(part for part in _SENTENCE.split(message) if len(part.split()) >= _LEAST_WORDS)
    if len(texts) < 2:
        return []
    found = []
    for text in texts:
        sentences = read(text)[0]
        found.append(_Part(text, sentences, danger.find(sentences)))
    return sorted(found, key=lambda part: part.met is None)[:_MOST_SENTENCES]


def _scores(
    text: str, sentences: Sequence[str], held: Floats, model: Model, encoder: Encoder | None
) -> tuple[Floats, bool]:
    """Danger or not and each kind, as log-odds; and whether the encoder had a say."""
    hit = ngrams.columns(" . ".join(sentences))
    value = ngrams.value(len(hit))
    if encoder is None or encoder.id != model.encoder:
        alone: Floats = model.words[:, hit].sum(axis=1) * value + model.words_signs @ held + model.words_bias
        return alone, False
    vector = encoder.encode_queries([text])[0]
    found: Floats = model.joint[:, hit].sum(axis=1) * value + model.joint_signs @ held + model.joint_bias
    found += model.joint_vector @ vector
    hidden = np.maximum(np.concatenate([vector, held]) @ model.hidden[0] + model.hidden[1], 0)
    found[0] += NETWORK_SHARE * float((hidden @ model.out[0] + model.out[1])[0])
    return found, True


def opinion(message: str, sentences: Sequence[str], met: danger.Danger | None, encoder: Encoder | None) -> Opinion:
    """What a message is most like, judged as a whole and, when it is long, sentence by sentence.

    Args:
        message: as the person wrote it.
        sentences: the same, as `concepts.read` returns them.
        met: what `danger.find` finds in them.
        encoder: only the one that the weights were made for has a say.
    """
    excepted = danger.is_excepted(sentences)
    found = _opinion(message, sentences, signs_in(sentences, met), encoder)
    for part in parts(message):
        held = signs_in(part.sentences, part.met, excepted=excepted)
        found = max(found, _opinion(part.text, part.sentences, held, encoder), key=lambda one: one.score)
    return found


def _opinion(text: str, sentences: Sequence[str], held: Floats, encoder: Encoder | None) -> Opinion:
    model = load_model()
    found, joint = _scores(text, sentences, held, model, encoder)
    prefix = "" if joint else "words_"
    score = float(found[0])
    kinds = dict(zip(model.kinds, found[1:].tolist(), strict=True))
    kind = max(kinds, key=lambda name: kinds[name])
    if kinds[kind] < 0 and kinds["crisis"] > kinds[kind] - UNCERTAIN:
        kind = "crisis"
    return Opinion(
        kind=kind,
        score=score,
        danger=score > model.thresholds[f"{prefix}danger"],
        near=score > model.thresholds[f"{prefix}near"],
        innocent=score < model.thresholds[f"{prefix}innocent"],
    )
