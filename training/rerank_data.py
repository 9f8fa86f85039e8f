"""What the reranker learns from: questions with statements that do and do not answer them.

Wrong statements are those that search would put highest: by the nearness of the statement itself or of its questions.
A statement that rests on the right one, that the right one rests on, or that says the same, is no wrong answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from magbot.corpus.load import load_corpus
from magbot.schema import Language
from training.data import Data, Item

LANGUAGES: tuple[Language, Language] = ("da", "en")
NEIGHBOURS = 24
SAME = 0.85  # two statements this near say the same
RELATED = 0.75  # a statement this near to the one that a question was written for may answer it too


@dataclass(frozen=True)
class Asked:
    """A question, the place of its statement in the pool (None: nothing there answers it) and near wrong ones."""

    question: str
    language: Language
    right: int | None
    wrong: tuple[int, ...]


@dataclass(frozen=True)
class Pool:
    """Statements by language, which questions are asked of them, and how often these are shown."""

    statements: Mapping[Language, list[str]]
    asked: list[Asked]
    share: float


@dataclass(frozen=True)
class Example:
    """A question with statements; the first is right if `answered`."""

    question: str
    candidates: list[str]
    answered: bool


def language_of(item: Item, place: int) -> Language:
    """The language of `item.questions[place]`."""
    return item.more_languages[place - 2] if place > 1 else LANGUAGES[1 - place]


class Vectors:
    """Unit vectors of texts from the encoder whose mistakes are to be mended."""

    def __init__(self, encode: Callable[[Sequence[str]], np.ndarray], texts: Sequence[str], cache: Path) -> None:
        unique = sorted(set(texts))
        self._row = {text: row for row, text in enumerate(unique)}
        if cache.exists() and np.load(cache)["texts"].tolist() == unique:
            self._vectors = np.load(cache)["vectors"]
        else:
            self._vectors = encode(unique)
            np.savez(cache, texts=np.array(unique), vectors=self._vectors)

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """One row for each text."""
        return self._vectors[[self._row[text] for text in texts]]


def supported(corpus: Path, items: Sequence[Item]) -> dict[int, set[int]]:
    """Statements that rest on each other, by their place in `items`."""
    by_document: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        by_document.setdefault(item.topic, []).append(place)
    related: dict[int, set[int]] = {}
    for document in load_corpus(corpus):
        for support in document.supports:
            passage = " ".join(document.text[support.start : support.end].split())
            wanted = " ".join(support.quote.split())
            own = by_document.get(document.metadata.id, [])
            theirs = by_document.get(support.document_id, [])
            for i in (i for i in own if items[i].danish in passage or items[i].english in passage):
                for j in (j for j in theirs if wanted in items[j].danish or wanted in items[j].english):
                    related.setdefault(i, set()).add(j)
                    related.setdefault(j, set()).add(i)
    return related


def mine(
    items: Sequence[Item], asking: Sequence[int], vectors: Vectors, related: Mapping[int, set[int]], without: set[str]
) -> list[Asked]:
    """Every question of the items at `asking`, with its nearest wrong statements."""
    english = vectors.of([item.english for item in items])
    same = english @ english.T > SAME
    found = []
    for language in LANGUAGES:
        own = vectors.of([item.danish if language == "da" else item.english for item in items])
        places, texts = [], []
        for place, item in enumerate(items):
            for at, text in enumerate(item.questions):
                if language_of(item, at) == language:
                    places.append(place)
                    texts.append(text)
        matrix = vectors.of(texts)
        starts = np.searchsorted(places, np.arange(len(items)))
        wanted = set(asking)
        for start in range(0, len(texts), 512):
            part = range(start, min(start + 512, len(texts)))
            questions = matrix[start : start + 512]
            near = np.maximum(questions @ own.T, np.maximum.reduceat(questions @ matrix.T, starts, axis=1))
            for row, index in zip(near, part, strict=True):
                place = places[index]
                if place not in wanted or texts[index] in without:
                    continue
                row[place] = -1
                row[same[place]] = -1
                row[list(related.get(place, ()))] = -1
                best = np.argsort(-row)[:NEIGHBOURS]
                found.append(Asked(texts[index], language, place, tuple(int(i) for i in best)))
    return found


def unanswered(questions: Sequence[Item], items: Sequence[Item], vectors: Vectors) -> list[Asked]:
    """Questions of the domain text that nothing in `items` answers, with the nearest statements."""
    theirs, own = (vectors.of([item.english for item in some]) for some in (questions, items))
    nearest = (theirs @ own.T).max(1)
    found = []
    for language in LANGUAGES:
        texts = [i.danish_question if language == "da" else i.english_question for i in questions]
        near = vectors.of(texts) @ vectors.of([i.danish if language == "da" else i.english for i in items]).T
        for text, row, closest in zip(texts, near, nearest, strict=True):
            if closest < RELATED:
                found.append(Asked(text, language, None, tuple(int(i) for i in np.argsort(-row)[:NEIGHBOURS])))
    return found


def medquad_pool(pairs: Sequence[tuple[str, str]], vectors: Vectors, share: float) -> Pool:
    """English health questions and the beginnings of their answers."""
    answers = list(dict.fromkeys(beginning(answer) for _, answer in pairs))
    place_of = {answer: place for place, answer in enumerate(answers)}
    theirs = vectors.of(answers)
    asked = []
    for question, answer in pairs:
        right = place_of[beginning(answer)]
        row = vectors.of([question])[0] @ theirs.T
        row[theirs @ theirs[right] > SAME] = -1
        row[right] = -1
        asked.append(Asked(question, "en", right, tuple(int(i) for i in np.argsort(-row)[:NEIGHBOURS])))
    return Pool({"da": answers, "en": answers}, asked, share)


def beginning(text: str, words: int = 40) -> str:
    """The first words of a text."""
    return " ".join(text.split()[:words])


def examples(pools: Sequence[Pool], rng: random.Random, candidates: int, across: float) -> Iterator[Example]:
    """Questions for ever; `across` is how often all candidates are in the other language than the question."""
    orders = [iter(()) for _ in pools]
    while True:
        kind = rng.choices(range(len(pools)), [pool.share for pool in pools])[0]
        pool = pools[kind]
        asked = next(orders[kind], None)
        if asked is None:
            orders[kind] = iter(rng.sample(pool.asked, len(pool.asked)))
            continue
        other: Language = "en" if asked.language == "da" else "da"
        statements = pool.statements[other if rng.random() < across else asked.language]
        count = candidates - (asked.right is not None)
        near = asked.wrong[:10] if rng.random() < 0.7 else asked.wrong
        wrong = rng.sample(near, min(count, len(near)))
        if rng.random() < 0.5:
            wrong[-1] = rng.choice([i for i in rng.sample(range(len(statements)), 2) if i != asked.right])
        places = wrong if asked.right is None else [asked.right, *wrong]
        yield Example(asked.question, [statements[i] for i in places], asked.right is not None)


def corpus_items(data: Data) -> list[Item]:
    """Every statement of the corpus, those held back for development last."""
    return [*data.corpus, *data.dev_corpus]
