"""Stage (b): questions find the statement that answers them, in all four directions between the languages.

Domain batches mix languages on both sides; every other one is made of whole topics, so that near misses meet. MedQuAD
batches hold questions and their answers. The teacher's vectors of the English texts keep the space where it was.
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

from training.data import Data, Item
from training.distil import device, optimiser, set_rate
from training.model import SentenceEncoder, encode, load, pad, save, teacher_folder, tokenize


@dataclass(frozen=True)
class Settings:
    """Knobs of this stage."""

    seconds: float = 800
    items: int = 64
    answers: int = 24
    answer_tokens: int = 128
    medquad_share: float = 0.25  # of the batches
    rate: float = 5e-5
    temperature: float = 0.05
    reverse: float = 0.3
    stay: float = 0.5
    seed: int = 4


@dataclass(frozen=True)
class Batch:
    """Questions, what answers them, and the English statement (or answer) whose teacher vector is the anchor."""

    questions: list[str]
    answers: list[str]
    anchors: list[str]


def domain_batches(items: Sequence[Item], size: int, rng: random.Random) -> Iterator[Batch]:
    """One round over the items, in random order and then topic by topic, for ever."""
    by_topic: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_topic[item.topic].append(item)
    mixed = True
    while True:
        if mixed:
            order = rng.sample(list(items), len(items))
        else:
            order = [item for topic in rng.sample(sorted(by_topic), len(by_topic)) for item in by_topic[topic]]
        starts = list(range(0, len(order) - size + 1, size))
        rng.shuffle(starts)
        for start in starts:
            part = order[start : start + size]
            yield Batch(
                [rng.choice((item.danish_question, item.english_question)) for item in part],
                [rng.choice((item.danish, item.english)) for item in part],
                [item.english for item in part],
            )
        mixed = not mixed


def medquad_batches(pairs: Sequence[tuple[str, str]], size: int, rng: random.Random) -> Iterator[Batch]:
    """Random questions with their answers, no answer twice in a batch, for ever."""
    while True:
        part = list({answer: question for question, answer in rng.sample(list(pairs), size)}.items())
        answers = [answer for answer, _ in part]
        yield Batch([question for _, question in part], answers, answers)


def loss_of(questions: torch.Tensor, answers: torch.Tensor, anchors: torch.Tensor, settings: Settings) -> torch.Tensor:
    """Cross-entropy both ways over the batch, and distance of the answers to their anchors."""
    scores = questions @ answers.T / settings.temperature
    own = torch.arange(len(scores), device=scores.device)
    entropy = torch.nn.functional.cross_entropy
    stay = (1 - (answers * anchors).sum(1)).mean()
    return entropy(scores, own) + settings.reverse * entropy(scores.T, own) + settings.stay * stay


def tune(data: Data, start: Path, target: Path, settings: Settings) -> None:
    """Tune the student in `start` for the given time and write it to `target`."""
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)  # noqa: S311
    medquad = rng.sample(data.medquad, min(2500, len(data.medquad)))
    anchors = anchor_vectors([item.english for item in data.domain] + [answer for _, answer in medquad], settings)
    encoder, tokenizer = load(start)
    encoder.to(device()).train()
    optim = optimiser(encoder, settings.rate, settings.rate)
    sources = (
        domain_batches(data.domain, settings.items, rng),
        medquad_batches(medquad, settings.answers, rng),
    )
    started, step, mean = time.monotonic(), 0, 0.0
    while (used := time.monotonic() - started) < settings.seconds:
        set_rate(optim, used / settings.seconds, warmup=0.05)
        batch = next(sources[rng.random() < settings.medquad_share])
        loss = loss_of(
            _vectors(encoder, tokenizer, batch.questions, settings),
            _vectors(encoder, tokenizer, batch.answers, settings),
            torch.from_numpy(np.stack([anchors[text] for text in batch.anchors])).to(device()),
            settings,
        )
        optim.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optim.step()
        step += 1
        mean = loss.item() if not mean else 0.95 * mean + 0.05 * loss.item()
        if step % 20 == 0:
            logging.info("contrast: step %d, %.0f s, loss %.3f", step, used, mean)
    target.mkdir(parents=True, exist_ok=True)
    save(encoder.eval(), tokenizer, target)


def anchor_vectors(texts: Sequence[str], settings: Settings) -> dict[str, np.ndarray]:
    """Teacher vectors by text."""
    teacher, tokenizer = load(teacher_folder())
    teacher.to(device())
    unique = sorted(set(texts))
    vectors = encode(teacher, tokenizer, unique, settings.answer_tokens, progress="anchors")
    return dict(zip(unique, vectors, strict=True))


def _vectors(encoder: SentenceEncoder, tokenizer: Tokenizer, texts: list[str], settings: Settings) -> torch.Tensor:
    ids, mask = pad(tokenize(tokenizer, texts, settings.answer_tokens))
    return encoder(ids.to(device()), mask.to(device()))


def average(parts: Sequence[tuple[Path, float]], target: Path) -> None:
    """Write the weighted mean of encoders with the same vocabulary (stage c)."""
    encoder, tokenizer = load(parts[0][0])
    states = [(load(folder)[0].state_dict(), weight) for folder, weight in parts]
    total = sum(weight for _, weight in states)
    mixed = {name: sum(state[name] * (weight / total) for state, weight in states) for name in states[0][0]}
    encoder.load_state_dict(mixed)
    target.mkdir(parents=True, exist_ok=True)
    save(encoder, tokenizer, target)
