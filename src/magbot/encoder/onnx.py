"""The default encoder: one ONNX file and a tokenizer, run by onnxruntime without torch.

Pooling and normalisation are part of the graph, so that token ids go in and unit vectors come out.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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
            threads: how many batches are worked on at once; by default one for each core, at most four.

        Raises:
            EncoderError: if a file is missing, damaged, or not the one described.

        """
        self._description = Description.read(folder)
        try:
            weights = folder / "model.onnx"
            with weights.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != self._description.sha256:
                    raise EncoderError(f"The encoder in {folder} is damaged: its checksum is wrong.", help=REINSTALL)
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            # By its path: given the bytes, onnxruntime copies them, which takes longer than the rest of a start.
            self._session = onnxruntime.InferenceSession(str(weights), _options(), providers=["CPUExecutionProvider"])
        except EncoderError:
            raise
        except Exception as error:  # tokenizers raises bare Exception, onnxruntime a dozen kinds
            raise EncoderError(f"The encoder in {folder} cannot be read: {error}.", help=REINSTALL) from error
        self._threads = threads or min(4, os.cpu_count() or 1)
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

        def encode(rows: list[int]) -> None:
            width = max(len(tokens[row]) for row in rows)
            ids = np.zeros((len(rows), width), dtype=np.int64)
            mask = np.zeros((len(rows), width), dtype=np.int64)
            for position, row in enumerate(rows):
                ids[position, : len(tokens[row])] = tokens[row]
                mask[position, : len(tokens[row])] = 1
            (vectors[rows],) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})

        parts = list(batches([len(ids) for ids in tokens], BATCH_TOKENS))
        if len(parts) == 1:
            encode(parts[0])
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(encode, parts))
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


def _options() -> Any:
    """Session options: one thread a batch. For a question more only wait for each other, and batches run side by side."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options
