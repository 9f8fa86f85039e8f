"""The default encoder: one ONNX file and a tokenizer, run by onnxruntime without torch.

Pooling and normalisation are part of the graph, so that token ids go in and unit vectors come out.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from magbot.encoder.base import Vectors
from magbot.errors import EncoderError

BATCH_TOKENS = 1024  # with padding; on two cores more tokens at once were not faster
REINSTALL = "Install magbot again, or restore src/magbot/encoder/weights from the repository."


@dataclass(frozen=True)
class Description:
    """What encoder.json says about the model beside it."""

    id: str
    dimension: int
    max_tokens: int
    sha256: str
    query_prefix: str = ""
    passage_prefix: str = ""

    @classmethod
    def read(cls, folder: Path) -> Description:
        """Read encoder.json in `folder`.

        Raises:
            EncoderError: if it is missing, or is not what this version expects.

        """
        file = folder / "encoder.json"
        try:
            return cls(**json.loads(file.read_text("utf-8")))
        except FileNotFoundError as error:
            raise EncoderError(f"There is no encoder in {folder}: encoder.json is missing.", help=REINSTALL) from error
        except (ValueError, TypeError) as error:
            raise EncoderError(f"{file} cannot be read: {error}.", help=REINSTALL) from error


class OnnxEncoder:
    """An `Encoder` from a folder with model.onnx, tokenizer.json and encoder.json."""

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        """Load the model and check that it is the one that encoder.json describes.

        Args:
            folder: where the three files lie.
            threads: processor threads; by default one for each core, at most four.

        Raises:
            EncoderError: if a file is missing, damaged, or not the one described.

        """
        self._description = Description.read(folder)
        try:
            weights = (folder / "model.onnx").read_bytes()
            if hashlib.sha256(weights).hexdigest() != self._description.sha256:
                raise EncoderError(f"The encoder in {folder} is damaged: its checksum is wrong.", help=REINSTALL)
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(
                weights, _options(threads or min(4, os.cpu_count() or 1)), providers=["CPUExecutionProvider"]
            )
        except EncoderError:
            raise
        except Exception as error:  # tokenizers raises bare Exception, onnxruntime a dozen kinds
            raise EncoderError(f"The encoder in {folder} cannot be read: {error}.", help=REINSTALL) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._description.max_tokens)

    @property
    def id(self) -> str:
        """The name in encoder.json."""
        return self._description.id

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._description.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode_queries`."""
        return self._encode([self._description.query_prefix + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode_passages`."""
        return self._encode([self._description.passage_prefix + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        """Make unit vectors of shape (len(texts), dimension)."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for rows in batches([len(ids) for ids in tokens], BATCH_TOKENS):
            width = max(len(tokens[row]) for row in rows)
            ids = np.zeros((len(rows), width), dtype=np.int64)
            mask = np.zeros((len(rows), width), dtype=np.int64)
            for position, row in enumerate(rows):
                ids[position, : len(tokens[row])] = tokens[row]
                mask[position, : len(tokens[row])] = 1
            (vectors[rows],) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return vectors


def batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Every index of `lengths` once, similar lengths together, at most `tokens` a batch with padding.

    A text longer than `tokens` gets a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    batch: list[int] = []
    for index in order:
        if batch and (len(batch) + 1) * lengths[index] > tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _options(threads: int) -> Any:
    """Session options: few threads, and none that spin while they wait for the next question."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
