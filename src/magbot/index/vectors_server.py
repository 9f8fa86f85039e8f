"""Chroma as a server of its own, so that several processes and machines share one store (`MAGBOT_CHROMA_URL`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from urllib.parse import urlsplit

import chromadb
import httpx
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from magbot.errors import DamageError
from magbot.index.vectors import Collection, VectorStore
from magbot.refusals import not_stored
from magbot.schema import LANGUAGES, Language


class ServerVectors(VectorStore):
    """Collections whose names begin with that of the store; the server takes care of crashes and of readers."""

    version = 0
    keeps_log = False  # the server sees to its own

    def __init__(self, url: str, name: str, *, create: bool) -> None:
        self._url, self._name = url, name
        with _told(url):
            self._client = _client(url)
            if create:
                self.drop_collections(url, name)
                for language in LANGUAGES:
                    self._client.create_collection(
                        f"{name}-{language}", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
                    )
            self.reload(0)

    def reload(self, version: int) -> None:  # noqa: ARG002 - a server has one state
        """See `VectorStore.reload`."""
        with _told(self._url):
            self._collections = {
                language: self._client.get_collection(f"{self._name}-{language}", embedding_function=None)
                for language in LANGUAGES
            }

    def draft(self, *, fresh: bool = False) -> ServerVectors:  # noqa: ARG002 - the server keeps its own files
        """Itself: what is written early is not in the catalog yet, so nobody sees it."""
        return self

    def seal(self) -> None:
        """Nothing to do."""

    def clean(self, used_since: float) -> None:
        """Nothing to do."""

    @staticmethod
    def drop_collections(url: str, name: str) -> None:
        """Delete the collections of a store from the server, as far as they are there."""
        with _told(url):
            client = _client(url)
            for collection in client.list_collections():
                if collection.name.startswith(f"{name}-"):
                    client.delete_collection(collection.name)

    @contextmanager
    def collection(self, language: Language) -> Iterator[Collection]:
        """See `VectorStore.collection`."""
        with _told(self._url):
            yield cast(Collection, self._collections[language])  # it takes more kinds of values than are used


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn what the client raises into a message that says where the server should be."""
    try:
        yield
    except NotFoundError as error:
        raise DamageError(
            f"The Chroma server at {url} has lost the vectors.", help="`magbot index` makes them anew."
        ) from error
    except (httpx.HTTPError, ChromaError, ValueError) as error:
        raise not_stored("server-gone", url=url, reason=str(error)) from error


def _client(url: str) -> ClientAPI:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    return chromadb.HttpClient(
        host=parts.hostname or "localhost",
        port=parts.port or (443 if secure else 8000),
        ssl=secure,
        settings=ChromaSettings(anonymized_telemetry=False),
    )
