"""Any encoder as LangChain `Embeddings`, for use in other people's chains and vector stores."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from magbot.encoder.base import Encoder
from magbot.encoder.factory import load_encoder


class MagbotEmbeddings(Embeddings):
    """LangChain's view of an `Encoder`.

    Example:
        >>> from magbot.encoder.langchain import MagbotEmbeddings
        >>> len(MagbotEmbeddings().embed_query("Hvor meget magnesium er der i mandler?"))
        384

    """

    def __init__(self, encoder: Encoder | None = None) -> None:
        """Wrap `encoder`; by default the bundled one.

        Raises:
            EncoderError: if the bundled encoder cannot be loaded.

        """
        self.encoder = encoder or load_encoder()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Encode passages: one list of `dimension` numbers for each text."""
        return [[float(number) for number in vector] for vector in self.encoder.encode_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Encode a question: `dimension` numbers."""
        return [float(number) for number in self.encoder.encode_queries([text])[0]]
