"""The default encoder: what it understands, how it is loaded, and what it says when it cannot be."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magbot.encoder import Encoder
from magbot.encoder.factory import WEIGHTS
from magbot.encoder.onnx import OnnxEncoder, batches
from magbot.errors import EncoderError


@pytest.mark.parametrize(
    ("danish", "english", "other"),
    [
        ("Nødder indeholder meget magnesium.", "Nuts are rich in magnesium.", "The train was late this morning."),
        ("Hvor længe skal jeg sove?", "How long should I sleep?", "How long is the bridge?"),
        ("Migræne giver ondt i hovedet.", "Migraine gives you a headache.", "Migrating birds fly south."),
    ],
)
def test_languages_meet(bundled: Encoder, danish: str, english: str, other: str) -> None:
    first, second, third = bundled.encode_passages([danish, english, other])
    assert first @ second > 0.5
    assert first @ second > first @ third + 0.2


@pytest.mark.parametrize(("one", "two"), [("hår", "har"), ("måde", "made"), ("får", "far")])
def test_ring_is_a_letter_of_its_own(bundled: Encoder, one: str, two: str) -> None:
    first, second = bundled.encode_queries([one, two])
    assert first @ second < 0.95


def test_both_spellings_of_a_ring_are_one(bundled: Encoder) -> None:
    composed, decomposed = bundled.encode_queries(["gåtur", "ga\u030atur"])
    assert composed @ decomposed > 0.9999


def test_long_text_is_cut(bundled: Encoder) -> None:
    cut, longer = bundled.encode_passages(["søvn " * 600, "søvn " * 600 + "kalium"])
    assert cut @ longer > 0.999


def test_loads_without_torch() -> None:
    program = (
        "import sys; from magbot.encoder import load_encoder; load_encoder().encode_queries(['søvn']);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_bundled_file_is_the_one_described() -> None:
    described = json.loads((WEIGHTS / "encoder.json").read_text())
    model = (WEIGHTS / "model.onnx").read_bytes()
    assert hashlib.sha256(model).hexdigest() == described["sha256"]
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) <= 40_000_000


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"encoder\.json is missing") as caught:
        OnnxEncoder(tmp_path)
    assert caught.value.help


def test_wrong_checksum(tmp_path: Path) -> None:
    for name in ("encoder.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((WEIGHTS / name).read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"not the model")
    with pytest.raises(EncoderError, match="checksum is wrong"):
        OnnxEncoder(tmp_path)


def test_right_checksum_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes((WEIGHTS / "tokenizer.json").read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"not the model")
    described = json.loads((WEIGHTS / "encoder.json").read_text())
    described["sha256"] = hashlib.sha256(b"not the model").hexdigest()
    (tmp_path / "encoder.json").write_text(json.dumps(described))
    with pytest.raises(EncoderError, match="cannot be read"):
        OnnxEncoder(tmp_path)


@pytest.mark.parametrize("content", ["{", "[]", '{"id": "x"}', '{"id": "x", "unknown": 1}'])
def test_unreadable_description(tmp_path: Path, content: str) -> None:
    (tmp_path / "encoder.json").write_text(content)
    with pytest.raises(EncoderError, match="cannot be read"):
        OnnxEncoder(tmp_path)


@given(st.lists(st.integers(1, 300)), st.integers(1, 1024))
def test_batches_hold_each_index_once(lengths: list[int], tokens: int) -> None:
    found = list(batches(lengths, tokens))
    assert sorted(index for batch in found for index in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= tokens


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_becomes_a_unit_vector(bundled: Encoder, texts: list[str]) -> None:
    vectors = bundled.encode_queries(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), np.ones(len(texts)), atol=1e-4)
