"""The LangChain view."""

import numpy as np

from magbot.encoder import Encoder
from magbot.encoder.langchain import MagbotEmbeddings


def test_same_vectors_as_the_encoder(encoder: Encoder) -> None:
    embeddings = MagbotEmbeddings(encoder)
    texts = ["magnesium", "mandler og nødder"]
    np.testing.assert_allclose(embeddings.embed_documents(texts), encoder.encode_passages(texts), atol=1e-6)
    np.testing.assert_allclose(embeddings.embed_query(texts[0]), encoder.encode_queries(texts[:1])[0], atol=1e-6)


def test_plain_numbers(bundled: Encoder) -> None:
    vector = MagbotEmbeddings(bundled).embed_query("søvn")
    assert len(vector) == bundled.dimension
    assert all(type(number) is float for number in vector)


def test_bundled_by_default() -> None:
    assert MagbotEmbeddings().encoder.id.startswith("magbot-encoder-")
