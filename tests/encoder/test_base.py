"""The contract that every encoder keeps."""

import numpy as np
import pytest

from magbot.encoder import Encoder

TEXTS = ["magnesium", "mandler", "", "hjerne " * 400, "almonds brain", "🙂 \x00 ﷽"]


def test_is_an_encoder(encoder: Encoder) -> None:
    assert isinstance(encoder, Encoder)
    assert encoder.id
    assert encoder.dimension > 0


@pytest.mark.parametrize("method", ["encode_queries", "encode_passages"])
def test_shape_type_and_length(encoder: Encoder, method: str) -> None:
    vectors = getattr(encoder, method)(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    known = [0, 1, 3, 4]
    np.testing.assert_allclose(lengths[known], 1, atol=1e-4)


def test_no_texts(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


def test_order_is_kept(encoder: Encoder) -> None:
    texts = ["brain", "magnesium almonds magnesium almonds", "mandler"]
    together = encoder.encode_passages(texts)
    for text, vector in zip(texts, together, strict=True):
        assert float(encoder.encode_passages([text])[0] @ vector) > 0.98


def test_same_text_same_vector(encoder: Encoder) -> None:
    first, second = encoder.encode_passages(["magnesium"]), encoder.encode_passages(["magnesium"])
    np.testing.assert_array_equal(first, second)
