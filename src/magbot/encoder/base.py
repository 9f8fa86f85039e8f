"""What every encoder can do. The index stores `id` and `dimension`, and refuses vectors made by another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity, across Danish and English."""

    @property
    def id(self) -> str:
        """Names the model and its version: equal ids give interchangeable vectors."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions.

        Args:
            texts: any number of texts, also none and also empty ones.

        Returns:
            float32 unit vectors of shape (len(texts), dimension), in the order of `texts`.

        """

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages; arguments and result as in `encode_queries`."""
