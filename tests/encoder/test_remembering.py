from collections.abc import Sequence

import numpy as np
import pytest
from index.fake import HashingEncoder

from magbot.encoder import remembering
from magbot.encoder.base import Encoder, Vectors
from magbot.encoder.remembering import RememberingEncoder


class Counting(HashingEncoder):
    """Notes which questions it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return super().encode_queries(texts)


def test_a_question_is_encoded_once_and_the_vectors_are_those_of_the_encoder_inside() -> None:
    inner = Counting()
    encoder = RememberingEncoder(inner)
    assert isinstance(encoder, Encoder)
    expected = HashingEncoder().encode_queries(["one", "two", "one"])
    assert np.array_equal(encoder.encode_queries(["one", "two", "one"]), expected)
    assert np.array_equal(encoder.encode_queries(["two"]), expected[1:2])
    assert inner.seen == ["one", "two"]


def test_the_oldest_question_is_forgotten_and_none_is_kept_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "_MOST", 2)
    inner = Counting()
    encoder = RememberingEncoder(inner)
    for question in ("one", "two", "one", "three", "two"):
        encoder.encode_queries([question])
    assert inner.seen == ["one", "two", "three", "two"]
    assert "three" not in repr(vars(encoder))
