"""Turns a bundle (int8 ONNX) back into a torch folder, so that training can go on from a released encoder.

python -m training.restore BUNDLE TARGET
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from training.model import SentenceEncoder, save, teacher_folder


def restore(bundle: Path, target: Path) -> None:
    """Write the encoder of a bundle made by training.export as a folder that `training.model.load` reads."""
    graph = onnx.load(str(bundle / "model.onnx")).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    tokenizer = Tokenizer.from_file(str(bundle / "tokenizer.json"))
    config = BertConfig.from_pretrained(teacher_folder(), local_files_only=True)
    config.vocab_size = len(tensors["embedding_rows"])
    bert = BertModel(config, add_pooling_layer=False)
    state = {name.removeprefix("encoder.bert."): t for name, t in tensors.items() if name.startswith("encoder.bert.")}
    state["embeddings.word_embeddings.weight"] = tensors["embedding_rows"] * tensors["embedding_scale"]

    # Besides attention's own, a layer has three matrices, in the order of the graph: attention output, up and down.
    names = iter(sorted(name for name in tensors if name.startswith("onnx::MatMul") and name.endswith("_quantized")))
    for layer in range(config.num_hidden_layers):
        at = f"encoder.layer.{layer}"
        joined = _matrix(tensors, f"Attention_{layer}_qkv_weight")
        bias = tensors[f"Attention_{layer}_qkv_bias"]
        for part, weight, offset in zip(
            ("query", "key", "value"), np.split(joined, 3, axis=1), np.split(bias, 3), strict=True
        ):
            state[f"{at}.attention.self.{part}.weight"] = weight.T
            state[f"{at}.attention.self.{part}.bias"] = offset
        for part in ("attention.output.dense", "intermediate.dense", "output.dense"):
            state[f"{at}.{part}.weight"] = _matrix(tensors, next(names).removesuffix("_quantized")).T
    loaded = {name: torch.from_numpy(np.ascontiguousarray(value, dtype=np.float32)) for name, value in state.items()}
    bert.load_state_dict(loaded)
    target.mkdir(parents=True, exist_ok=True)
    save(SentenceEncoder(bert.eval()), tokenizer, target)


def _matrix(tensors: dict[str, np.ndarray], name: str) -> np.ndarray:
    return tensors[f"{name}_quantized"].astype(np.float32) * tensors[f"{name}_scale"]


def main() -> None:
    """Command line: python -m training.restore BUNDLE TARGET."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    restore(args.bundle, args.target)


if __name__ == "__main__":
    main()
