"""Stage (a): the student learns to place a sentence, in either language, where the teacher places its English text."""

from __future__ import annotations

import json
import logging
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from training.data import Data
from training.model import SentenceEncoder, by_length, encode, load, pad, save, teacher_folder, tokenize

# How often a sentence is seen in one round, by source; software documentation is plentiful and far from health.
ROUNDS = {"domain": 5, "ntrex": 3, "sib200": 3, "smittestop": 2, "tatoeba": 2, "wiktionary": 1, "omw": 1}
SOFTWARE = 22_000
ENGLISH_SHARE = 0.25  # of the translated sentences, shown to the student in English too
MEDQUAD_ANSWERS = 2_500
MAX_TOKENS = 192


@dataclass(frozen=True)
class Settings:
    """Knobs of this stage."""

    seconds: float = 3000
    batch_tokens: int = 4096
    learning_rate: float = 3e-4
    embedding_rate: float = 6e-4
    contrast: float = 0.1
    temperature: float = 0.05
    save_every: float = 300
    seed: int = 4


def examples(data: Data, seed: int) -> tuple[list[str], list[tuple[str, int, int]]]:
    """English texts for the teacher, and (text for the student, index of the English text, times a round)."""
    rng = random.Random(seed)  # noqa: S311
    english: dict[str, int] = {}
    rows: list[tuple[str, int, int]] = []

    def add(text: str, target: str, rounds: int) -> None:
        rows.append((text, english.setdefault(target, len(english)), rounds))

    software = [pair for pair in data.pairs if pair.source not in ROUNDS]
    chosen = [pair for pair in data.pairs if pair.source in ROUNDS] + rng.sample(software, min(SOFTWARE, len(software)))
    for pair in chosen:
        rounds = ROUNDS.get(pair.source, 1)
        add(pair.danish, pair.english, rounds)
        if rng.random() < ENGLISH_SHARE:
            add(pair.english, pair.english, 1)
    for item in data.domain:
        for danish, text in ((item.danish, item.english), (item.danish_question, item.english_question)):
            add(danish, text, ROUNDS["domain"])
            add(text, text, 1)
    for question, answer in rng.sample(data.medquad, min(MEDQUAD_ANSWERS, len(data.medquad))):
        add(question, question, 1)
        add(answer, answer, 1)
    return list(english), rows


def teacher_vectors(texts: list[str], cache: Path) -> np.ndarray:
    """Teacher vectors, float32 (texts, dimension); kept in `cache` for the next start."""
    if cache.exists() and len(stored := np.load(cache)) == len(texts):
        return stored.astype(np.float32)
    encoder, tokenizer = load(teacher_folder())
    encoder.to(device())
    vectors = encode(encoder, tokenizer, texts, MAX_TOKENS, progress="teacher")
    np.save(cache, vectors.astype(np.float16))
    return vectors


def device() -> str:
    """Choose the GPU when there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def precision() -> torch.autocast:
    """Autocast to bfloat16 where the hardware multiplies it faster; elsewhere without effect."""
    fast = torch.cuda.is_available() or bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    return torch.autocast(device(), dtype=torch.bfloat16, enabled=fast)


def batches(ids: list[list[int]], order: list[int], tokens: int, rng: random.Random) -> Iterator[list[int]]:
    """One round in random order, similar lengths together, at most `tokens` a batch with padding."""
    pool = 4000
    for start in range(0, len(order), pool):
        part = order[start : start + pool]
        found = [[part[i] for i in rows] for rows in by_length([len(ids[i]) for i in part], tokens)]
        rng.shuffle(found)
        yield from found


def optimiser(encoder: SentenceEncoder, rate: float, embedding_rate: float) -> torch.optim.Optimizer:
    """AdamW with a rate of its own for the embedding table."""
    table = encoder.bert.get_input_embeddings().weight
    others = [p for p in encoder.parameters() if p is not table]
    groups = [{"params": others, "lr": rate, "weight_decay": 0.01}, {"params": [table], "lr": embedding_rate}]
    for group in groups:
        group.setdefault("weight_decay", 0.0)
        group["peak"] = group["lr"]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)


def set_rate(optim: torch.optim.Optimizer, progress: float, warmup: float = 0.03) -> None:
    """Linear warm-up, then cosine decay to a hundredth; `progress` is the share of the time that is used."""
    factor = min(1.0, progress / warmup) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))
    for group in optim.param_groups:
        group["lr"] = group["peak"] * max(factor, 1e-4)


def loss_of(vectors: torch.Tensor, targets: torch.Tensor, settings: Settings) -> torch.Tensor:
    """Distance to the teacher's vectors, and a little of telling them apart within the batch."""
    loss = (1 - (vectors * targets).sum(1)).mean()
    if settings.contrast and len(vectors) > 1:
        same = targets @ targets.T > 0.985
        same.fill_diagonal_(False)
        scores = (vectors @ targets.T / settings.temperature).masked_fill(same, -1e4)
        own = torch.arange(len(vectors), device=scores.device)
        loss = loss + settings.contrast * torch.nn.functional.cross_entropy(scores, own)
    return loss


def distil(data: Data, start: Path, target: Path, settings: Settings) -> None:
    """Train the student in `start` for the given time and write it to `target`; goes on where it was stopped."""
    torch.manual_seed(settings.seed)
    texts, rows = examples(data, settings.seed)
    target.mkdir(parents=True, exist_ok=True)
    goals = torch.from_numpy(teacher_vectors(texts, target.parent / "teacher.npy"))
    encoder, tokenizer = load(start, attention="eager")  # the fused kernel's backward pass is slow on processors
    encoder.to(device()).train()
    ids = tokenize(tokenizer, [text for text, _, _ in rows], MAX_TOKENS)
    optim = optimiser(encoder, settings.learning_rate, settings.embedding_rate)
    state, checkpoint = {"used": 0.0, "step": 0, "round": 0, "sequences": 0}, target / "checkpoint.pt"
    if checkpoint.exists():
        stored = torch.load(checkpoint, map_location=device(), weights_only=True)
        encoder.load_state_dict(stored["model"])
        optim.load_state_dict(stored["optimiser"])
        state = stored["state"]
    logging.info("%d rows, %d English texts, state %s", len(rows), len(texts), state)
    mean, last, saved = 0.0, time.monotonic(), state["used"]
    while state["used"] < settings.seconds:
        rng = random.Random(settings.seed + state["round"])  # noqa: S311
        order = [i for i, (_, _, rounds) in enumerate(rows) for _ in range(rounds)]
        rng.shuffle(order)
        for batch in batches(ids, order, settings.batch_tokens, rng):
            tokens, mask = pad([ids[i] for i in batch])
            set_rate(optim, state["used"] / settings.seconds)
            with precision():
                vectors = encoder(tokens.to(device()), mask.to(device()))
            loss = loss_of(vectors.float(), goals[[rows[i][1] for i in batch]].to(device()), settings)
            optim.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optim.step()
            mean = loss.item() if not mean else 0.98 * mean + 0.02 * loss.item()
            now = time.monotonic()
            state["used"], last = state["used"] + min(now - last, 60), now
            state["step"] += 1
            state["sequences"] += len(batch)
            if state["step"] % 50 == 0:
                logging.info("%s loss %.4f", json.dumps({k: round(v) for k, v in state.items()}), mean)
            if state["used"] - saved > settings.save_every:
                saved = state["used"]
                torch.save({"model": encoder.state_dict(), "optimiser": optim.state_dict(), "state": state}, checkpoint)
            if state["used"] >= settings.seconds:
                break
        state["round"] += 1
    save(encoder.eval(), tokenizer, target)
    torch.save({"model": encoder.state_dict(), "optimiser": optim.state_dict(), "state": state}, checkpoint)
