from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"

from magbot.encoder import Encoder, load_encoder


@pytest.fixture(scope="session")
def bundled() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of eight numbers a word."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["[UNK]", "magnesium", "mandler", "almonds", "query", "passage", ":", "hjerne", "brain"]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("model") / "tiny-e5"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)], device="cpu").save(str(folder))
    return folder


@pytest.fixture(params=["bundled", "sentence-transformers"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """Each kind of encoder; all keep one contract."""
    if request.param == "bundled":
        return request.getfixturevalue("bundled")
    return load_encoder(str(request.getfixturevalue("tiny_folder")))
