"""Names to encoders."""

from pathlib import Path

import pytest

from magbot.encoder import load_encoder
from magbot.encoder.factory import WEIGHTS
from magbot.encoder.onnx import OnnxEncoder
from magbot.encoder.sentence_transformer import SentenceTransformerEncoder
from magbot.errors import EncoderError


def test_default_is_bundled() -> None:
    encoder = load_encoder()
    assert isinstance(encoder, OnnxEncoder)
    assert encoder.id.startswith("magbot-encoder-")


def test_folder_with_an_encoder_of_our_kind() -> None:
    assert load_encoder(str(WEIGHTS)).id == load_encoder().id


def test_folder_with_another_model(tiny_folder: Path) -> None:
    assert isinstance(load_encoder(str(tiny_folder)), SentenceTransformerEncoder)


def test_nothing_of_that_name() -> None:
    with pytest.raises(EncoderError):
        load_encoder("./no/such/folder")
