"""Other models through sentence-transformers."""

from pathlib import Path

import numpy as np
import pytest

from magbot.encoder.sentence_transformer import SentenceTransformerEncoder, prefixes
from magbot.errors import EncoderError


def test_e5_prefixes_are_added(tiny_folder: Path) -> None:
    encoder = SentenceTransformerEncoder(str(tiny_folder))
    query, passage = encoder.encode_queries(["magnesium"])[0], encoder.encode_passages(["magnesium"])[0]
    assert not np.allclose(query, passage)


def test_id_is_the_folder_not_its_place(tiny_folder: Path) -> None:
    assert SentenceTransformerEncoder(str(tiny_folder)).id == "sentence-transformers:tiny-e5"


@pytest.mark.parametrize(
    ("name", "prompts", "expected"),
    [
        ("intfloat/multilingual-e5-small", {}, ("query: ", "passage: ")),
        ("models/e5_base", {}, ("query: ", "passage: ")),
        ("sentence-transformers/all-MiniLM-L6-v2", {"query": "", "document": ""}, ("", "")),
        ("some/model", {"query": "Q: ", "document": "D: "}, ("Q: ", "D: ")),
        ("some/e5", {"query": "ask: ", "passage": "read: "}, ("ask: ", "read: ")),
        ("some/le5on", {}, ("", "")),
    ],
)
def test_prefixes(name: str, prompts: dict[str, str], expected: tuple[str, str]) -> None:
    assert prefixes(name, prompts) == expected


def test_unknown_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be loaded") as caught:
        SentenceTransformerEncoder(str(tmp_path / "nothing-here"))
    assert "MAGBOT_EMBEDDING_MODEL" in caught.value.help
