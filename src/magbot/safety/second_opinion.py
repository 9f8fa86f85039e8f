"""A second opinion on danger: how like known cries for help a message is, by the encoder's vectors.

It only ever adds to the rules. The weights belong to one encoder and are made by `python eval/safety.py --fit` from
the dev part of the cases; with another encoder there is no second opinion, and the rules stand alone.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from magbot.encoder.base import Encoder

FILE = Path(__file__).parent / "second_opinion.json"


class Model(NamedTuple):
    """Linear weights over question vectors of one encoder."""

    encoder: str
    weights: NDArray[np.float32]
    bias: float
    threshold: float
    kinds: tuple[str, ...]
    kind_weights: NDArray[np.float32]
    kind_bias: NDArray[np.float32]


@lru_cache(maxsize=1)
def load_model() -> Model | None:
    """The weights, or None when there are none yet."""
    if not FILE.exists():
        return None
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return Model(
        encoder=content["encoder"],
        weights=np.asarray(content["weights"], dtype=np.float32),
        bias=content["bias"],
        threshold=content["threshold"],
        kinds=tuple(content["kinds"]),
        kind_weights=np.asarray(content["kind_weights"], dtype=np.float32),
        kind_bias=np.asarray(content["kind_bias"], dtype=np.float32),
    )


def kind_of(question: str, encoder: Encoder) -> str | None:
    """Kind of danger that the message is like, or None when it is not like any.

    Args:
        question: as the person wrote it.
        encoder: only the one that the weights were made for gives an opinion.
    """
    model = load_model()
    if model is None or model.encoder != encoder.id:
        return None
    vector = encoder.encode_queries([question])[0]
    if float(vector @ model.weights) + model.bias <= model.threshold:
        return None
    return model.kinds[int(np.argmax(model.kind_weights @ vector + model.kind_bias))]
