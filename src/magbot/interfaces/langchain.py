"""magbot in LangChain: a retriever, and a Runnable from question to answer.

from magbot.interfaces.langchain import MagbotRetriever, magbot_runnable
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from magbot.assistant import Magbot
from magbot.schema import Answer, Message
from magbot.text.language import detect_language


class MagbotRetriever(BaseRetriever):
    """Finds sentences of the corpus; `page_content` is the exact quote, its offsets are in the metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    magbot: Magbot
    k: int = 8

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002
        found = self.magbot.search(query, detect_language(query), limit=self.k)
        return [
            Document(
                page_content=hit.sentence.text,
                metadata={
                    **hit.metadata.model_dump(mode="json", exclude_none=True),
                    "start": hit.sentence.start,
                    "end": hit.sentence.end,
                    "passage": hit.passage.text,
                    "score": hit.score,
                },
            )
            for hit in found.hits
        ]


def magbot_runnable(magbot: Magbot) -> Runnable[Any, Answer]:
    """A Runnable that takes a question, or {"question", "history"}, and gives the whole Answer."""

    def ask(value: str | dict[str, Any]) -> Answer:
        if isinstance(value, str):
            return magbot.ask(value)
        history = [Message.model_validate(message) for message in value.get("history", ())]
        return magbot.ask(value["question"], history)

    return RunnableLambda(ask)
