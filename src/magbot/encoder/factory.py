"""The one place that knows which encoders there are."""

from __future__ import annotations

from pathlib import Path

from magbot.encoder.base import Encoder

BUNDLED = "bundled"
WEIGHTS = Path(__file__).parent / "weights"


def load_encoder(name: str = BUNDLED) -> Encoder:
    """Load an encoder; the value of MAGBOT_EMBEDDING_MODEL goes here.

    Args:
        name: "bundled" for the encoder that comes with magbot; a folder with an encoder of the same kind; or any
            sentence-transformers model by name or folder.

    Raises:
        EncoderError: if it cannot be loaded; the message says why and what to do.

    """
    if name == BUNDLED or (Path(name) / "encoder.json").exists():
        from magbot.encoder.onnx import OnnxEncoder

        return OnnxEncoder(WEIGHTS if name == BUNDLED else Path(name))
    from magbot.encoder.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(name)
