"""An encoder that remembers the latest questions: triage and search encode the same one, and people ask the same things."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from magbot.encoder.base import Encoder, Vectors

_MOST = 2000  # 1.6 kB each


class RememberingEncoder:
    """An `Encoder` around another one. A question is encoded by itself, so that its vector depends on nothing else."""

    def __init__(self, inner: Encoder) -> None:
        self._inner = inner
        # By a digest: what people asked is kept nowhere.
        self._vectors: OrderedDict[bytes, Vectors] = OrderedDict()
        self._guard = threading.Lock()

    @property
    def id(self) -> str:
        """Of the encoder inside."""
        return self._inner.id

    @property
    def dimension(self) -> int:
        """Of the encoder inside."""
        return self._inner.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode_queries`."""
        return np.stack([self._query(text) for text in texts]) if texts else self._inner.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode_passages`."""
        return self._inner.encode_passages(texts)

    def _query(self, text: str) -> Vectors:
        key = blake2b(text.encode(), digest_size=16).digest()
        with self._guard:
            if key in self._vectors:
                self._vectors.move_to_end(key)
                return self._vectors[key]
        vector: Vectors = self._inner.encode_queries([text])[0]
        with self._guard:
            self._vectors[key] = vector
            if len(self._vectors) > _MOST:
                self._vectors.popitem(last=False)
        return vector
