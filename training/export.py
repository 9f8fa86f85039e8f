"""From torch to what magbot loads: one int8 ONNX file, the tokenizer, and a small description with a checksum."""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from tokenizers import Tokenizer

from training.model import load, pad, teacher_folder, tokenize

OPSET = 17


class _Graph(torch.nn.Module):
    """The encoder with its inputs as int64 tensors and one output, for export."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.encoder(input_ids, attention_mask)


def to_onnx(folder: Path, target: Path) -> None:
    """Write the fp32 graph, with attention, layer norm and GELU fused."""
    encoder, tokenizer = load(folder, attention="eager")
    ids, mask = pad(tokenize(tokenizer, ["Magnesium og hjernen", "A somewhat longer sentence about sleep."], 256))
    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "batch", 1: "tokens"} for name in names} | {"embedding": {0: "batch"}}
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "plain.onnx"
        torch.onnx.export(
            _Graph(encoder),
            (ids, mask),
            str(plain),
            input_names=names,
            output_names=["embedding"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        options = FusionOptions("bert")
        options.enable_embed_layer_norm = False  # it wants fp32 embeddings; ours become int8
        fused = optimize_model(
            str(plain),
            model_type="bert",
            num_heads=encoder.bert.config.num_attention_heads,
            hidden_size=encoder.bert.config.hidden_size,
            optimization_options=options,
            opt_level=0,
        )
        logging.info("fused: %s", fused.get_fused_operator_statistics())
        fused.save_model_to_file(str(target))


def quantise(source: Path, target: Path, reduce_range: bool = True) -> None:
    """Dynamic int8: matrices per output channel, the embedding table per row.

    `reduce_range` keeps weights to 7 bits, so that processors without VNNI do not saturate their 16-bit sums.
    """
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        reduce_range=reduce_range,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )
    model = onnx.load(str(target))
    _quantise_embedding(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def _quantise_embedding(model: onnx.ModelProto) -> None:
    """Replace the largest Gather's table by int8 rows and a scale for each row."""
    tables = {tensor.name: tensor for tensor in model.graph.initializer}
    gathers = [node for node in model.graph.node if node.op_type == "Gather" and node.input[0] in tables]
    gather = max(gathers, key=lambda node: int(np.prod(tables[node.input[0]].dims)))
    tensor = tables[gather.input[0]]
    table = numpy_helper.to_array(tensor).astype(np.float32)
    scale = np.maximum(np.abs(table).max(1, keepdims=True) / 127, 1e-8).astype(np.float32)
    rows = np.clip(np.rint(table / scale), -127, 127).astype(np.int8)
    model.graph.initializer.remove(tensor)
    model.graph.initializer.extend(
        [numpy_helper.from_array(rows, "embedding_rows"), numpy_helper.from_array(scale, "embedding_scale")]
    )
    ids, output = gather.input[1], gather.output[0]
    nodes = [
        helper.make_node("Gather", ["embedding_rows", ids], ["embedding_int8"]),
        helper.make_node("Cast", ["embedding_int8"], ["embedding_float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["embedding_scale", ids], ["embedding_row_scale"]),
        helper.make_node("Mul", ["embedding_float", "embedding_row_scale"], [output]),
    ]
    position = list(model.graph.node).index(gather)
    model.graph.node.remove(gather)
    for offset, node in enumerate(nodes):
        model.graph.node.insert(position + offset, node)


def bundle(folder: Path, target: Path, name: str, *, int8: bool = True, reduce_range: bool = True) -> None:
    """Write model.onnx, tokenizer.json and encoder.json into `target`, each by a rename."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as temporary:
        fp32, model = Path(temporary) / "fp32.onnx", Path(temporary) / "model.onnx"
        to_onnx(folder, fp32)
        if int8:
            quantise(fp32, model, reduce_range)
        else:
            fp32.rename(model)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.save(str(Path(temporary) / "tokenizer.json"), pretty=False)
        description = {
            "id": name,
            "dimension": 384,
            "max_tokens": 256,
            "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
            "query_prefix": "",
            "passage_prefix": "",
        }
        (Path(temporary) / "encoder.json").write_text(json.dumps(description, indent=2) + "\n")
        for file in ("model.onnx", "tokenizer.json", "encoder.json"):
            (Path(temporary) / file).replace(target / file)


def main() -> None:
    """Command line: python -m training.export MODEL_FOLDER TARGET_FOLDER NAME."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", help="a trained folder, or 'teacher'")
    parser.add_argument("target", type=Path)
    parser.add_argument("name")
    parser.add_argument("--fp32", action="store_true")
    parser.add_argument("--full-range", action="store_true", help="8-bit weights: only for processors with VNNI")
    args = parser.parse_args()
    folder = teacher_folder() if args.folder == "teacher" else Path(args.folder)
    bundle(folder, args.target, args.name, int8=not args.fp32, reduce_range=not args.full_range)


if __name__ == "__main__":
    main()
