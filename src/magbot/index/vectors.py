"""Vectors in Chroma, one collection a language: what can be done with them, wherever Chroma runs.

Two collections instead of a filter, because a filter on half of the rows makes an HNSW search slow and incomplete.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from magbot.encoder.base import Vectors
from magbot.schema import LANGUAGES, Language

BATCH = 2000


class Collection(Protocol):
    """What is used of a collection of Chroma's, wherever it runs."""

    def upsert(self, ids: list[str], embeddings: Vectors, metadatas: list[dict[str, str]]) -> None: ...

    def delete(self, ids: list[str]) -> None: ...

    def get(self, ids: list[str] | None = None, include: Sequence[str] = ()) -> Mapping[str, Any]: ...

    def query(self, query_embeddings: Vectors, n_results: int, include: Sequence[str]) -> Mapping[str, Any]: ...

    def count(self) -> int: ...


@dataclass(frozen=True)
class Neighbour:
    """A vector near the question's."""

    entry_id: str
    similarity: float


class VectorStore(ABC):
    """Unit vectors under string ids, each belonging to a sentence."""

    version: int
    """Which of its states on disk a store is; rises when it is rewritten."""
    keeps_log: bool
    """Whether changes gather in a log, which is to be folded into the rest when it has grown (`fold.py`)."""

    @abstractmethod
    def collection(self, language: Language) -> AbstractContextManager[Collection]:
        """The collection of a language, for as long as the body runs."""

    @abstractmethod
    def reload(self, version: int) -> None:
        """See what another process has written; `version` is the state that the catalog names."""

    @abstractmethod
    def draft(self, *, fresh: bool = False) -> VectorStore:
        """A store to write much into, which nobody sees before `seal` and a catalog that names its version.

        It begins with what is in this one, or empty if `fresh`.
        """

    @abstractmethod
    def seal(self) -> None:
        """Finish a draft; it is not written to afterwards."""

    @abstractmethod
    def clean(self, used_since: float) -> None:
        """Remove states that no reader can be using any more; this one has been in use since then (epoch seconds)."""

    def write(
        self, language: Language, entry_ids: Sequence[str], sentence_ids: Sequence[str], vectors: Vectors
    ) -> None:
        """Insert or replace; `vectors` has shape (len(entry_ids), dimension)."""
        for first in range(0, len(entry_ids), BATCH):
            part = slice(first, first + BATCH)
            with self.collection(language) as collection:
                collection.upsert(
                    ids=list(entry_ids[part]),
                    embeddings=vectors[part],
                    metadatas=[{"sentence": sentence_id} for sentence_id in sentence_ids[part]],
                )

    def delete(self, language: Language, entry_ids: Sequence[str]) -> None:
        """Remove entries; ids that are not there are ignored."""
        for first in range(0, len(entry_ids), BATCH):
            part = list(entry_ids[first : first + BATCH])
            with self.collection(language) as collection:
                # Deleting what is not there would still lengthen Chroma's log.
                present = collection.get(ids=part, include=[])["ids"]
                if present:
                    collection.delete(ids=present)

    def query(self, language: Language, vector: Vectors, limit: int) -> list[Neighbour]:
        """Nearest entries to one vector of shape (dimension,), most similar first."""
        with self.collection(language) as collection:
            # The sentence it belongs to is not asked for: the catalog tells in a tenth of the time.
            found = collection.query(query_embeddings=vector[None, :], n_results=limit, include=["distances"])
        return [
            Neighbour(entry_id, 1.0 - float(distance))
            for entry_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def get(self, language: Language, entry_ids: Sequence[str]) -> dict[str, Vectors]:
        """Vectors by id; ids that are not there are left out."""
        if not entry_ids:
            return {}
        with self.collection(language) as collection:
            found = collection.get(ids=list(entry_ids), include=["embeddings"])
        return {
            entry_id: np.asarray(vector, dtype=np.float32)
            for entry_id, vector in zip(found["ids"], found["embeddings"], strict=True)
        }

    def ids(self, language: Language) -> set[str]:
        """All ids of a language; for repair and tests."""
        with self.collection(language) as collection:
            return set(collection.get(include=[])["ids"])

    def count(self) -> int:
        """Entries in all languages."""
        total = 0
        for language in LANGUAGES:
            with self.collection(language) as collection:
                total += collection.count()
        return total
