"""The reranker: question and statement read together, from the bilingual encoder.

The first layers read each text alone and stay as they are, so that a statement need not be read anew for each question;
the others read both. The score starts as what the encoder already knows (how near the two means and the single tokens come, each read with
the other text in view) and learns what that misses. Loss: listwise softmax over one right and several near wrong
statements, and a binary one, which makes scores comparable between questions, also those that nothing answers.

    python -m training.rerank --data DIR --encoder BUNDLE --out DIR --seconds 1800
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from training.data import Data, prepare
from training.distil import device, precision, set_rate
from training.evaluate import named
from training.model import load, pad, tokenize
from training.rerank_data import (
    Asked,
    Example,
    Pool,
    Vectors,
    beginning,
    corpus_items,
    examples,
    medquad_pool,
    mine,
    supported,
    unanswered,
)
from training.restore import restore

APART = 3  # layers that read each text alone
LISTS = 20  # in a batch
CANDIDATES = 5
TOKENS = 96
RATE = 1.5e-4
HEAD_RATE = 1e-3
BINARY = 0.3
ACROSS = 0.25


class Lower(torch.nn.Module):
    """The encoder's first layers, which read each text alone; they are not trained."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.embeddings = bert.embeddings
        self.layers = torch.nn.ModuleList(bert.encoder.layer[:APART])

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Ids and mask, both (batch, tokens), to states (batch, tokens, size)."""
        states = self.embeddings(input_ids=input_ids)
        for layer in self.layers:
            states = layer(states, attention_mask=_hidden(attention_mask))
        return states


class Upper(torch.nn.Module):
    """The encoder's other layers, which read both texts, and one number: whether the second answers the first."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        size = bert.config.hidden_size
        self.layers = torch.nn.ModuleList(bert.encoder.layer[APART:])
        self.kind = torch.nn.Parameter(torch.zeros(size))
        self.nearness = torch.nn.Parameter(torch.tensor([6.0, 6.0]))
        self.bias = torch.nn.Parameter(torch.tensor(-6.0))
        self.hidden = torch.nn.Linear(3 * size, 192)
        self.last = torch.nn.Linear(192, 1)
        torch.nn.init.zeros_(self.last.weight)
        torch.nn.init.zeros_(self.last.bias)

    def forward(self, states: torch.Tensor, attention_mask: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """States of both texts, mask and kinds (0 question, 1 statement) to logits (batch)."""
        second = (kinds * attention_mask).unsqueeze(-1).float()
        first = ((1 - kinds) * attention_mask).unsqueeze(-1).float()
        states = states + second * self.kind
        for layer in self.layers:
            states = layer(states, attention_mask=_hidden(attention_mask))
        states = states.float()
        asked = _unit((states * first).sum(1) / first.sum(1))
        told = _unit((states * second).sum(1) / second.sum(1))
        units = _unit(states)
        alike = torch.matmul(units, units.transpose(1, 2)) - 2 * (1 - second.transpose(1, 2))
        best = (alike.max(2).values.unsqueeze(-1) * first).sum(1) / first.sum(1)
        near = self.nearness[0] * (asked * told).sum(1, keepdim=True) + self.nearness[1] * best
        joined = torch.cat([states[:, 0], asked * told * 20, asked - told], dim=1)
        more = self.last(torch.nn.functional.gelu(self.hidden(joined)))
        return (near + self.bias + more).squeeze(-1)


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    return vectors / torch.sqrt((vectors * vectors).sum(-1, keepdim=True) + 1e-9)


def _hidden(mask: torch.Tensor) -> torch.Tensor:
    """What is added to attention scores: much less than nothing where there is only padding."""
    return (1.0 - mask[:, None, None, :].float()) * -10000.0


class Reader:
    """Texts to the states of the lower layers, each read once."""

    def __init__(self, lower: Lower, tokenizer: Tokenizer) -> None:
        self._lower, self._tokenizer = lower, tokenizer
        self._known: dict[str, torch.Tensor] = {}

    @torch.no_grad()
    def read(self, texts: Sequence[str]) -> None:
        """Make the states of those that are new."""
        new = sorted({text for text in texts if text not in self._known}, key=len)
        for start in range(0, len(new), 64):
            part = new[start : start + 64]
            ids, mask = (t.to(device()) for t in pad(tokenize(self._tokenizer, part, TOKENS), step=8))
            with precision():
                states = self._lower(ids, mask).to(torch.bfloat16).cpu()
            for text, its, count in zip(part, states, mask.sum(1).tolist(), strict=True):
                self._known[text] = its[:count].clone()

    def length(self, text: str) -> int:
        """Tokens of a text that was read."""
        return len(self._known[text])

    def pairs(self, texts: Sequence[tuple[str, str]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """States, mask and kinds of pairs, (pairs, longest rounded up to 8)."""
        rows = [(self._known[asked], self._known[told]) for asked, told in texts]
        width = -(-max(len(a) + len(b) for a, b in rows) // 8) * 8
        states = torch.zeros((len(rows), width, rows[0][0].shape[1]), dtype=torch.bfloat16)
        mask, kinds = (torch.zeros((len(rows), width), dtype=torch.long) for _ in range(2))
        for row, (asked, told) in enumerate(rows):
            both = len(asked) + len(told)
            states[row, : len(asked)] = asked
            states[row, len(asked) : both] = told
            mask[row, :both] = 1
            kinds[row, len(asked) : both] = 1
        return states.float(), mask, kinds


def scores(model: Upper, reader: Reader, texts: Sequence[tuple[str, str]], parts: int = 3) -> torch.Tensor:
    """Logits in the order of `texts`; shorter pairs go apart, so that they are not padded to the longest."""
    reader.read([text for pair in texts for text in pair])
    order = sorted(range(len(texts)), key=lambda i: reader.length(texts[i][0]) + reader.length(texts[i][1]))
    size = -(-len(order) // parts)
    found = []
    for start in range(0, len(order), size):
        states, mask, kinds = (t.to(device()) for t in reader.pairs([texts[i] for i in order[start : start + size]]))
        with precision():
            found.append(model(states, mask, kinds))
    return torch.cat(found)[torch.from_numpy(np.argsort(order))]


def loss_of(logits: torch.Tensor, batch: Sequence[Example]) -> torch.Tensor:
    """Listwise where there is a right statement, binary everywhere."""
    lists = logits.view(len(batch), CANDIDATES)
    answered = torch.tensor([example.answered for example in batch])
    target = torch.zeros_like(lists)
    target[answered, 0] = 1
    functional = torch.nn.functional
    binary = functional.binary_cross_entropy_with_logits(lists, target)
    first = torch.zeros(int(answered.sum()), dtype=torch.long)
    return functional.cross_entropy(lists[answered], first) + BINARY * CANDIDATES * binary


@torch.inference_mode()
def right_first(model: Upper, reader: Reader, asked: Sequence[Asked], pool: Pool, limit: int) -> float:
    """How often the right statement of a question comes before its nearest wrong ones."""
    texts = []
    for item in asked:
        told = pool.statements[item.language]
        assert item.right is not None
        texts += [(item.question, told[place]) for place in (item.right, *item.wrong[: limit - 1])]
    found = torch.cat(
        [scores(model, reader, texts[start : start + 256], 4) for start in range(0, len(texts), 256)]
    ).view(len(asked), limit)
    return float((found.argmax(1) == 0).float().mean())


def pools_of(
    data: Data, corpus: Path, encoder: str, without: set[str], cache: Path
) -> tuple[list[Pool], tuple[Pool, list[Asked]]]:
    """Training pools, and the pool and questions of the documents that are held back."""
    items = corpus_items(data)
    domain = [*data.domain, *data.dev_domain]
    medquad = random.Random(1).sample(data.medquad, 4000)  # noqa: S311
    texts = [text for item in (*items, *domain) for text in item.texts]
    texts += [text for question, answer in medquad for text in (question, beginning(answer))]
    vectors = Vectors(named(encoder), texts, cache)
    related = supported(corpus, items)
    logging.info("%d statements rest on others", len(related))
    told = {"da": [i.danish for i in items], "en": [i.english for i in items]}
    told_domain = {"da": [i.danish for i in domain], "en": [i.english for i in domain]}
    seen = len(data.corpus)
    asked = mine(items, range(len(items)), vectors, related, without)
    pools = [
        Pool(told, [a for a in asked if a.right is not None and a.right < seen], 0.62),
        Pool(told_domain, mine(domain, range(len(data.domain)), vectors, {}, without), 0.2),
        Pool(told, unanswered(data.domain, items, vectors), 0.1),
        medquad_pool(medquad, vectors, 0.08),
    ]
    logging.info("questions: %s", [len(pool.asked) for pool in pools])
    held = [a for a in asked if a.right is not None and a.right >= seen]
    return pools, (pools[0], random.Random(2).sample(held, min(200, len(held))))  # noqa: S311


def train(args: argparse.Namespace) -> None:
    """Train for the given time; the weights go to OUT/reranker.pt, also along the way."""
    data = prepare(args.data, args.seed, args.corpus)
    without = set(json.loads(args.without.read_text("utf-8"))) if args.without else set()
    pools, (dev_pool, dev) = pools_of(data, args.corpus, args.encoder, without, args.out / "vectors.npz")
    start = args.out / "start"
    if not (start / "model.safetensors").exists():
        restore(Path(args.encoder), start)
    encoder, tokenizer = load(start, attention="eager")
    model = Upper(encoder.bert).to(device()).train()
    reader = Reader(Lower(encoder.bert).to(device()).eval(), tokenizer)
    head = [p for name, p in model.named_parameters() if not name.startswith("layers.")]
    body = list(model.layers.parameters())
    groups = [{"params": body, "lr": RATE, "peak": RATE}, {"params": head, "lr": HEAD_RATE, "peak": HEAD_RATE}]
    optim = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    stream = examples(pools, random.Random(args.seed), CANDIDATES, ACROSS)  # noqa: S311
    step, mean, tried = 0, 0.0, 0.0
    logging.info("dev before: %.3f", right_first(model.eval(), reader, dev, dev_pool, 12))
    model.train()
    started = time.monotonic()
    while (used := time.monotonic() - started) < args.seconds:
        set_rate(optim, used / args.seconds, warmup=0.04)
        batch = [next(stream) for _ in range(LISTS)]
        logits = scores(model, reader, [(e.question, told) for e in batch for told in e.candidates])
        loss = loss_of(logits, batch)
        optim.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*body, *head], 1.0)
        optim.step()
        step += 1
        mean = loss.item() if not mean else 0.98 * mean + 0.02 * loss.item()
        if step % 20 == 0:
            logging.info("rerank: step %d, %.0f s, loss %.3f", step, used, mean)
        if used - tried > args.every:
            tried = used
            logging.info("dev at %.0f s: %.3f", used, right_first(model.eval(), reader, dev, dev_pool, 12))
            model.train()
            torch.save(model.state_dict(), args.out / "reranker.pt")
    torch.save(model.state_dict(), args.out / "reranker.pt")
    logging.info("dev after: %.3f", right_first(model.eval(), reader, dev, dev_pool, 12))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--encoder", default="src/magbot/encoder/weights", help="the bundle to start from")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--without", type=Path, help="JSON list of questions that are kept for fitting and measuring")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--every", type=float, default=300, help="seconds between looks at the development questions")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=4)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    train(args)


if __name__ == "__main__":
    main()
