"""A small deterministic encoder, documents, and the question whether the parts of an index agree."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from magbot.encoder.base import Vectors
from magbot.index.index import Index
from magbot.schema import Document, Metadata


class HashingEncoder:
    """Adds up a fixed random vector for each word, so that texts with the same words are near each other."""

    dimension = 32

    def __init__(self, name: str = "hashing-1") -> None:
        self.id = name

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self.encode_queries(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        vectors = np.stack([sum((self._word(word) for word in text.lower().split()), self._word("")) for text in texts])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def _word(self, word: str) -> np.ndarray:
        seed = hashlib.blake2b(f"{self.id} {word}".encode(), digest_size=8).digest()
        return np.random.default_rng(int.from_bytes(seed)).normal(size=self.dimension)


def document(document_id: str, text: str, language: str = "en") -> Document:
    metadata = Metadata(id=document_id, title=document_id, language=language)
    return Document(metadata=metadata, text=text, source=f"{document_id}.md")


def disagreements(index: Index) -> list[str]:
    """Where catalog, vectors and words differ; empty for a sound index."""
    entries = index.catalog.entries()
    sentences = index.catalog.sentence_ids(index.catalog.fingerprints())
    found = []
    for language in ("da", "en"):
        expected = {entry for entry, (_, its) in entries.items() if its == language}
        if index.vectors.ids(language) != expected:
            found.append(f"vectors-{language}: {len(index.vectors.ids(language) ^ expected)} differ")
        if set(index.vectors.get(language, sorted(expected))) != expected:
            found.append(f"graph-{language}")
    if {sentence for sentence, _ in entries.values()} != sentences:
        found.append("entries")
    if index.lexical.ids() != sentences:
        found.append(f"words: {len(index.lexical.ids() ^ sentences)} differ")
    if index.catalog.touched():
        found.append("an unfinished change")
    return found
