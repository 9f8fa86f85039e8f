"""Remembers what search reads of the index again and again, until the index changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from magbot.encoder.base import Vectors
from magbot.index.catalog import SentenceRow
from magbot.index.index import Index
from magbot.schema import Language

# Kept in memory of each kind, sentences at about 2 kB each; further ones are read from disk each time.
_MOST = 20_000

_T = TypeVar("_T")


class _Shelf(dict[str, _T]):
    """What was read by key; several threads may read at once, each gets a dictionary of its own."""

    def read(self, wanted: Iterable[str], fetch: Callable[[list[str]], Mapping[str, _T]]) -> dict[str, _T]:
        """Values by key; only what is not remembered is fetched."""
        keys = list(wanted)
        found = {key: self[key] for key in keys if key in self}
        missing = [key for key in keys if key not in found]
        if missing:
            fetched = fetch(missing)
            found.update(fetched)
            if len(self) <= _MOST:
                self.update(fetched)
        return found


class Memory:
    """A cache of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._generation = -1
        self._forget()

    def _forget(self) -> None:
        self._rows: _Shelf[SentenceRow] = _Shelf()
        self._vectors: _Shelf[Vectors] = _Shelf()
        self._owners: _Shelf[str] = _Shelf()
        self._known: _Shelf[bool] = _Shelf()

    def renew(self) -> bool:
        """Forget what was remembered of an older state of the index; True if there was a newer one."""
        generation = self._index.generation
        if generation == self._generation:
            return False
        self._forget()
        self._languages = self._index.catalog.languages()
        self._generation = generation
        return True

    def without(self, document_id: str, language: Language) -> bool:
        """Whether a document does not exist in a language; one that was added since `renew` counts as if it did."""
        return language not in self._languages.get(document_id, (language,))

    def any_without(self, language: Language) -> bool:
        """Whether some document does not exist in a language."""
        return any(language not in versions for versions in self._languages.values())

    def rows(self, sentence_ids: Iterable[str]) -> dict[str, SentenceRow]:
        """Sentences by id; those that the catalog does not know are left out."""
        return self._rows.read(sentence_ids, self._index.catalog.sentences)

    def owners(self, entry_ids: Iterable[str]) -> dict[str, str]:
        """The sentence that each entry of the vectors belongs to; those that the catalog does not know are left out."""
        return self._owners.read(entry_ids, self._index.catalog.owners)

    def knows(self, term: str, language: Language) -> bool:
        """Whether an analysed term occurs anywhere in a language."""
        key = f"{language} {term}"
        return self._known.read([key], lambda _: {key: self._index.lexical.knows(term, language)})[key]

    def vectors(self, sentence_ids: Iterable[str], language: Language) -> dict[str, Vectors]:
        """Vectors of sentences of one language by id; those that the index does not have are left out."""
        return self._vectors.read(sentence_ids, lambda ids: self._index.vectors.get(language, ids))
