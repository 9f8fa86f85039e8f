"""Texts to unit vectors: the bundled bilingual encoder, or any sentence-transformers model."""

from magbot.encoder.base import Encoder
from magbot.encoder.factory import load_encoder

__all__ = ["Encoder", "load_encoder"]
