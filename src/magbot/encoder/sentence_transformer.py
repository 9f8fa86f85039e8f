"""Any sentence-transformers model as an `Encoder`, for those who have another one on their machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from magbot.encoder.base import Vectors
from magbot.errors import EncoderError

E5_PREFIXES = ("query: ", "passage: ")


class SentenceTransformerEncoder:
    """An `Encoder` around a sentence-transformers model, by name or by folder.

    Models of the E5 family were trained with "query: " and "passage: " before each text; others that need a
    prefix name it in their own settings under "query" and "passage" or "document".
    """

    def __init__(self, name: str, *, device: str | None = None) -> None:
        """Load the model.

        Args:
            name: a folder, or a name that sentence-transformers knows.
            device: "cpu", "cuda" or whatever torch accepts; by default torch's choice.

        Raises:
            EncoderError: if sentence-transformers is not installed or the model cannot be loaded.

        """
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EncoderError(
                f"The embedding model {name!r} needs the package sentence-transformers.",
                help="pip install sentence-transformers, or set MAGBOT_EMBEDDING_MODEL=bundled.",
            ) from error
        try:
            self._model = SentenceTransformer(name, device=device)
        except Exception as error:  # hub, disk and format errors of several libraries
            raise EncoderError(
                f"The embedding model {name!r} cannot be loaded: {_first_line(error)}",
                help="Check MAGBOT_EMBEDDING_MODEL: a folder or a model's name, or 'bundled'.",
            ) from error
        self._id = f"sentence-transformers:{Path(name).name if Path(name).exists() else name}"
        self._query_prefix, self._passage_prefix = prefixes(
            name, {key: text or "" for key, text in (self._model.prompts or {}).items()}
        )
        self._dimension = int(self._vectors(["a"]).shape[1])

    @property
    def id(self) -> str:
        """The model's name behind "sentence-transformers:"."""
        return self._id

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode_queries`."""
        return self._encode([self._query_prefix + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode_passages`."""
        return self._encode([self._passage_prefix + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        """Make unit vectors of shape (len(texts), dimension)."""
        return self._vectors(texts) if texts else np.empty((0, self._dimension), dtype=np.float32)

    def _vectors(self, texts: list[str]) -> Vectors:
        """Make unit vectors of at least one text; the prefixes are in the texts, so the model adds none."""
        vectors: Any = self._model.encode(texts, prompt="", normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def prefixes(name: str, prompts: dict[str, str]) -> tuple[str, str]:
    """Find what goes before a question and before a passage.

    Args:
        name: the model's name or folder.
        prompts: the prompts that the model itself declares, by their names.

    """
    query = prompts.get("query", "")
    passage = prompts.get("passage", "") or prompts.get("document", "")
    if not (query or passage) and "e5" in Path(name).name.lower().replace("_", "-").split("-"):
        return E5_PREFIXES
    return query, passage


def _first_line(error: Exception) -> str:
    """Return the first line of an error's text, or its kind."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
