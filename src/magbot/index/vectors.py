"""Vector store: Chroma on disk, one collection a language.

Two collections instead of a filter, because a filter on half of the rows makes an HNSW search slow and incomplete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import chromadb
import numpy as np
from chromadb.api.models.Collection import Collection
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings

from magbot.encoder.base import Vectors
from magbot.schema import Language

LANGUAGES: tuple[Language, ...] = ("da", "en")
_BATCH = 2000


@dataclass(frozen=True)
class Neighbour:
    """A vector near the question's, and the sentence it belongs to."""

    entry_id: str
    sentence_id: str
    similarity: float


class VectorStore:
    """Unit vectors under string ids, each belonging to a sentence."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open()

    def _open(self) -> None:
        settings = ChromaSettings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(path=str(self._folder), settings=settings)
        self._collections: dict[Language, Collection] = {
            language: self._client.get_or_create_collection(
                f"sentences-{language}", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
            for language in LANGUAGES
        }

    def reload(self) -> None:
        """See what another process has written: Chroma caches the client of a folder, so the cache goes too."""
        SharedSystemClient.clear_system_cache()
        self._open()

    def write(
        self, language: Language, entry_ids: Sequence[str], sentence_ids: Sequence[str], vectors: Vectors
    ) -> None:
        """Insert or replace; `vectors` has shape (len(entry_ids), dimension)."""
        collection = self._collections[language]
        for first in range(0, len(entry_ids), _BATCH):
            part = slice(first, first + _BATCH)
            collection.upsert(
                ids=list(entry_ids[part]),
                embeddings=vectors[part],
                metadatas=[{"sentence": sentence_id} for sentence_id in sentence_ids[part]],
            )

    def delete(self, language: Language, entry_ids: Sequence[str]) -> None:
        """Remove entries; ids that are not there are ignored."""
        for first in range(0, len(entry_ids), _BATCH):
            self._collections[language].delete(ids=list(entry_ids[first : first + _BATCH]))

    def query(self, language: Language, vector: Vectors, limit: int) -> list[Neighbour]:
        """Nearest entries to one vector of shape (dimension,), most similar first."""
        collection = self._collections[language]
        found = collection.query(query_embeddings=vector[None, :], n_results=limit, include=["metadatas", "distances"])
        metadatas, distances = found["metadatas"], found["distances"]
        if not metadatas or not distances:
            return []
        return [
            Neighbour(entry_id, str(metadata["sentence"]), 1.0 - float(distance))
            for entry_id, metadata, distance in zip(found["ids"][0], metadatas[0], distances[0], strict=True)
        ]

    def get(self, language: Language, entry_ids: Sequence[str]) -> dict[str, Vectors]:
        """Vectors by id; ids that are not there are left out."""
        if not entry_ids:
            return {}
        found = self._collections[language].get(ids=list(entry_ids), include=["embeddings"])
        embeddings = found["embeddings"]
        if embeddings is None:
            return {}
        return {
            entry_id: np.asarray(vector, dtype=np.float32)
            for entry_id, vector in zip(found["ids"], embeddings, strict=True)
        }

    def ids(self, language: Language) -> set[str]:
        """All ids of a language; for repair and tests."""
        return set(self._collections[language].get(include=[])["ids"])

    def count(self) -> int:
        """Entries in all languages."""
        return sum(collection.count() for collection in self._collections.values())
