"""Training questions from corpus/questions: each is asked of an index that does not hold it.

The expansion questions of the corpus are lay questions with a known answer. One question of each statement is held
out, in both languages at the same place, so that neither it nor its translation can be found; the others stay.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from magbot.assistant import Magbot
from magbot.corpus.load import load_corpus
from magbot.corpus.questions import load_questions
from magbot.corpus.table_questions import load_table_questions
from magbot.encoder.factory import load_encoder
from magbot.index.index import Index
from magbot.retrieval.lookup import Lookup
from magbot.retrieval.memory import Memory
from magbot.retrieval.search import Found, Retriever
from magbot.schema import Hit, Kind, Language

SEED = 20261124


@dataclass(frozen=True)
class HeldOut:
    """A question with the document and the sentence that it was written for."""

    question: str
    language: Language
    document_id: str
    quote: str

    def is_answer(self, hit: Hit) -> bool:
        """Whether a hit is the sentence."""
        return hit.metadata.id == self.document_id and " ".join(hit.sentence.text.split()) == self.quote


@dataclass(frozen=True)
class Bench:
    """A search that does not know the held-out questions."""

    questions: tuple[HeldOut, ...]
    retriever: Retriever
    lookup: Lookup

    def answers(self, held: HeldOut, found: Found) -> list[bool]:
        """Which hits answer: the sentence itself, what it rests on, and what rests on it."""
        own = {_place(hit) for hit in found.hits if held.is_answer(hit)}
        rests = [
            {_place(target) for target in self.lookup.supports(hit)} if hit.metadata.kind is Kind.FAQ else set()
            for hit in found.hits
        ]
        below = {place for hit, its in zip(found.hits, rests, strict=True) if _place(hit) in own for place in its}
        return [_place(hit) in own | below or bool(its & own) for hit, its in zip(found.hits, rests, strict=True)]


def _place(hit: Hit) -> tuple[str, int]:
    return hit.metadata.id, hit.sentence.start


@contextmanager
def bench(magbot: Magbot, without: frozenset[str] = frozenset()) -> Iterator[Bench]:
    """The corpus without one question of each statement, and without some documents and what rests on them.

    The vectors are copied from magbot's own index, so nothing is encoded anew.
    """
    corpus = magbot.settings.corpus_dir
    kept, held = _split(load_questions(corpus / "questions"))
    documents = [
        document
        for document in load_corpus(corpus)
        if document.metadata.id not in without and not any(s.document_id in without for s in document.supports)
    ]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(magbot.settings.data_dir, data)
        index = Index(data, load_encoder(magbot.settings.embedding_model))
        index.sync(documents, origin="shipped", questions=kept | load_table_questions(corpus / "tables"))
        memory = Memory(index)
        yield Bench(tuple(held), Retriever(index, memory), Lookup(index, memory))


def _split(
    questions: dict[tuple[str, str], tuple[str, ...]],
) -> tuple[dict[tuple[str, str], tuple[str, ...]], list[HeldOut]]:
    kept, held = {}, []
    for (key, quote), asked in sorted(questions.items()):
        document_id, _, language = key.rpartition(".")
        # The same place in both languages: the n-th question is mostly a translation of the other language's n-th.
        place = random.Random(f"{SEED} {document_id} {len(asked)}").randrange(len(asked))  # noqa: S311 - not for secrets
        kept[key, quote] = asked[:place] + asked[place + 1 :]
        held.append(HeldOut(asked[place], "da" if language == "da" else "en", document_id, quote))
    random.Random(SEED).shuffle(held)  # noqa: S311
    return kept, held
