"""Stage (b): questions find the statement that answers them, in all four directions between the languages.

Three kinds of batches take turns. Statements: lay questions, the statement or another question that it answers, from
the domain text and magbot's own corpus; every other round goes topic by topic, so that near misses meet. Answers:
MedQuAD questions and answers. Pairs: translated sentences, which keep both languages where the teacher sees the English
one, and as near to each other as the teacher sees them (relational distillation, Park et al. 2019).
"""

from __future__ import annotations

import logging
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training.data import Data, Item, Pair
from training.distil import ROUNDS, device, optimiser, precision, set_rate
from training.model import SentenceEncoder, encode, load, pad, save, teacher_folder, tokenize

# Two statements that the teacher sees as this near say the same, so neither is a wrong answer to the other's question.
SAME = 0.85


@dataclass(frozen=True)
class Settings:
    """Knobs of this stage."""

    seconds: float = 2400
    statements: int = 64  # in a batch
    answers: int = 24
    pairs: int = 96
    tokens: int = 128
    shares: tuple[float, float, float] = (0.52, 0.12, 0.36)  # of statement, answer and pair batches
    software: int = 6000  # software sentences among the pairs
    question_targets: float = 0.25  # how often a question is to find another question instead of the statement
    rate: float = 6e-5
    embedding_rate: float = 2e-4
    temperature: float = 0.05
    reverse: float = 0.3
    stay: float = 0.5
    relation: float = 5.0
    seed: int = 4


@dataclass(frozen=True)
class Batch:
    """Texts, what each is to find (nothing for pairs), and the English text whose teacher vector is the anchor."""

    texts: list[str]
    targets: list[str]
    anchors: list[str]


def statement_batches(items: Sequence[Item], settings: Settings, rng: random.Random) -> Iterator[Batch]:
    """Rounds over the items for ever, in random order and then topic by topic."""
    by_topic: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_topic[item.topic].append(item)
    mixed = True
    while True:
        if mixed:
            order = rng.sample(list(items), len(items))
        else:
            order = [item for topic in rng.sample(sorted(by_topic), len(by_topic)) for item in by_topic[topic]]
        starts = list(range(0, len(order) - settings.statements + 1, settings.statements))
        rng.shuffle(starts)
        for start in starts:
            part = order[start : start + settings.statements]
            questions = [rng.sample(item.questions, 2) for item in part]
            targets = [
                other if rng.random() < settings.question_targets else rng.choice((item.danish, item.english))
                for item, (_, other) in zip(part, questions, strict=True)
            ]
            yield Batch([asked for asked, _ in questions], targets, [item.english for item in part])
        mixed = not mixed


def answer_batches(pairs: Sequence[tuple[str, str]], settings: Settings, rng: random.Random) -> Iterator[Batch]:
    """Random questions with their answers, no answer twice in a batch, for ever."""
    while True:
        part = list({answer: question for question, answer in rng.sample(list(pairs), settings.answers)}.items())
        answers = [answer for answer, _ in part]
        yield Batch([question for _, question in part], answers, answers)


def pair_batches(pairs: Sequence[Pair], settings: Settings, rng: random.Random) -> Iterator[Batch]:
    """Sentences in either language, Danish three times as often, with their English text, for ever."""
    while True:
        part = rng.sample(list(pairs), settings.pairs)
        texts = [pair.english if rng.random() < 0.25 else pair.danish for pair in part]
        yield Batch(texts, [], [pair.english for pair in part])


def search_loss(
    queries: torch.Tensor, targets: torch.Tensor, anchors: torch.Tensor, settings: Settings
) -> torch.Tensor:
    """Cross-entropy both ways over the batch, statements that say the same left out, and distance to the anchors."""
    same = anchors @ anchors.T > SAME
    same.fill_diagonal_(False)
    scores = (queries @ targets.T / settings.temperature).masked_fill(same, -1e4)
    own = torch.arange(len(scores), device=scores.device)
    entropy = torch.nn.functional.cross_entropy
    stay = (1 - (targets * anchors).sum(1)).mean()
    return entropy(scores, own) + settings.reverse * entropy(scores.T, own) + settings.stay * stay


def place_loss(vectors: torch.Tensor, anchors: torch.Tensor, settings: Settings) -> torch.Tensor:
    """Distance to the teacher's vectors, and of all similarities within the batch to the teacher's."""
    apart = 1 - (vectors * anchors).sum(1).mean()
    return apart + settings.relation * torch.nn.functional.mse_loss(vectors @ vectors.T, anchors @ anchors.T)


def sources(data: Data, settings: Settings, rng: random.Random) -> tuple[list[Iterator[Batch]], list[str]]:
    """The three kinds of batches and every English text that needs a teacher vector."""
    medquad = rng.sample(data.medquad, min(2500, len(data.medquad)))
    software = [pair for pair in data.pairs if pair.source not in ROUNDS]
    near = [pair for pair in data.pairs if pair.source in ROUNDS and " " in pair.danish]
    near += [Pair(item.danish, item.english, item.topic) for item in data.domain]
    pairs = near + rng.sample(software, min(settings.software, len(software)))
    items = [*data.domain, *data.corpus]
    texts = [item.english for item in items] + [answer for _, answer in medquad] + [pair.english for pair in pairs]
    kinds = [
        statement_batches(items, settings, rng),
        answer_batches(medquad, settings, rng),
        pair_batches(pairs, settings, rng),
    ]
    return kinds, texts


def tune(data: Data, start: Path, target: Path, settings: Settings) -> None:
    """Tune the student in `start` for the given time and write it to `target`."""
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)  # noqa: S311
    kinds, texts = sources(data, settings, rng)
    anchors = anchor_vectors(texts, settings, target.parent / "anchors.npz")
    encoder, tokenizer = load(start, attention="eager")  # the fused kernel's backward pass is slow on processors
    encoder.to(device()).train()
    optim = optimiser(encoder, settings.rate, settings.embedding_rate)
    started, step, means = time.monotonic(), 0, [0.0, 0.0, 0.0]
    while (used := time.monotonic() - started) < settings.seconds:
        set_rate(optim, used / settings.seconds, warmup=0.05)
        kind = rng.choices(range(3), settings.shares)[0]
        batch = next(kinds[kind])
        anchor = torch.from_numpy(np.stack([anchors[text] for text in batch.anchors])).to(device())
        vectors = _vectors(encoder, tokenizer, [*batch.texts, *batch.targets], settings)
        if batch.targets:
            loss = search_loss(vectors[: len(batch.texts)], vectors[len(batch.texts) :], anchor, settings)
        else:
            loss = place_loss(vectors, anchor, settings)
        optim.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optim.step()
        step += 1
        means[kind] = loss.item() if not means[kind] else 0.95 * means[kind] + 0.05 * loss.item()
        if step % 20 == 0:
            logging.info("tune: step %d, %.0f s, losses %s", step, used, [round(mean, 3) for mean in means])
    target.mkdir(parents=True, exist_ok=True)
    save(encoder.eval(), tokenizer, target)


def anchor_vectors(texts: Sequence[str], settings: Settings, cache: Path) -> dict[str, np.ndarray]:
    """Teacher vectors by text; kept in `cache` for the next start."""
    known: dict[str, np.ndarray] = {}
    if cache.exists():
        stored = np.load(cache)
        known = dict(zip(stored["texts"].tolist(), stored["vectors"].astype(np.float32), strict=True))
    if missing := sorted(set(texts) - known.keys()):
        teacher, tokenizer = load(teacher_folder())
        teacher.to(device())
        with precision():
            vectors = encode(teacher, tokenizer, missing, settings.tokens, progress="anchors")
        known |= dict(zip(missing, vectors, strict=True))
        np.savez(cache, texts=np.array(list(known)), vectors=np.stack(list(known.values())).astype(np.float16))
    return known


def _vectors(encoder: SentenceEncoder, tokenizer: Tokenizer, texts: list[str], settings: Settings) -> torch.Tensor:
    """Unit vectors, float32; the shorter half goes apart, so that it is not padded to the longest text."""
    ids = tokenize(tokenizer, texts, settings.tokens)
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    halves = (order[: len(order) // 2], order[len(order) // 2 :])
    found: list[torch.Tensor] = []
    for rows in halves:
        tokens, mask = pad([ids[i] for i in rows], step=8)
        with precision():
            found.append(encoder(tokens.to(device()), mask.to(device())).float())
    back = torch.tensor(np.argsort(order))
    return torch.nn.functional.normalize(torch.cat(found), dim=1)[back]


def average(parts: Sequence[tuple[Path, float]], target: Path) -> None:
    """Write the weighted mean of encoders with the same vocabulary (stage c)."""
    encoder, tokenizer = load(parts[0][0])
    states = [(load(folder)[0].state_dict(), weight) for folder, weight in parts]
    total = sum(weight for _, weight in states)
    mixed = {name: sum(state[name] * (weight / total) for state, weight in states) for name in states[0][0]}
    encoder.load_state_dict(mixed)
    target.mkdir(parents=True, exist_ok=True)
    save(encoder, tokenizer, target)
