"""magbot as a server of the Model Context Protocol: tools for assistants that can call some.

`magbot mcp` speaks it over standard input and output; the service speaks it over HTTP at /mcp.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import FastAPI
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from magbot import __version__
from magbot.assistant import Magbot
from magbot.errors import MagbotError
from magbot.schema import Answer, Document, Language, Message, Metadata, Value
from magbot.text.language import detect_language

INSTRUCTIONS = (
    "Answers about magnesium and health in Danish and English from a curated corpus. Every statement carries the exact "
    "quote it rests on. Show notices first, keep the citations with the statements, and pass the disclaimer on. When "
    "the outcome is `urgent`, show the help lines and nothing else. General information, no medical advice."
)
MAX_RESULTS = 40
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
Asked = Annotated[str, Field(description="The question, in Danish or English")]


class Quote(Value):
    """A sentence of the corpus with where it stands."""

    quote: str
    passage: str
    start: int
    end: int
    score: float
    source: Metadata


class Calculated(Value):
    """The answer that the tables give, or none."""

    answer: Answer | None


def mcp_server(magbot: Magbot) -> MCPServer:
    """The server with its four tools; none of them changes anything."""
    server = MCPServer(name="magbot", title="magbot", version=__version__, instructions=INSTRUCTIONS)

    @server.tool(annotations=_READS)
    def ask(
        question: Asked,
        history: Annotated[list[Message] | None, Field(description="Earlier turns, oldest first")] = None,
        language: Literal["auto", "da", "en"] = "auto",
    ) -> Answer:
        """Answer a question about magnesium and health, each statement with its exact quote."""
        try:
            return magbot.ask(question, history or (), language)
        except MagbotError as error:
            raise ToolError(str(error)) from error

    @server.tool(annotations=_READS)
    def search(
        query: Asked, limit: Annotated[int, Field(ge=1, le=MAX_RESULTS, description="How many at most")] = 8
    ) -> list[Quote]:
        """Find the sentences of the corpus that are nearest to a question; nothing is decided or answered."""
        found = magbot.search(query, detect_language(query), limit)
        return [
            Quote(
                quote=hit.sentence.text,
                passage=hit.passage.text,
                start=hit.sentence.start,
                end=hit.sentence.end,
                score=hit.score,
                source=hit.metadata,
            )
            for hit in found.hits
        ]

    @server.tool(annotations=_READS)
    def get_document(
        document_id: Annotated[str, Field(description="As citations and search results name it")],
        language: Language = "en",
    ) -> Document:
        """Read a whole document; the offsets of quotes count in its text."""
        try:
            return magbot.document(document_id, language)
        except MagbotError as error:
            raise ToolError(str(error)) from error

    @server.tool(annotations=_READS)
    def calculate(question: Asked) -> Calculated:
        """Look up or compute amounts: recommended intake, magnesium in foods and salts, mg, mmol and mEq."""
        try:
            return Calculated(answer=magbot.calculate(question))
        except MagbotError as error:
            raise ToolError(str(error)) from error

    return server


def add_mcp(app: FastAPI, magbot: Magbot, host: str) -> None:
    """Serve the tools at /mcp beside the API. Requests from pages of other sites are refused on a local address."""
    server = mcp_server(magbot)
    served = server.streamable_http_app(stateless_http=True, json_response=True, host=host)
    app.router.routes.extend(served.routes)
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(owner: FastAPI) -> AsyncIterator[Any]:
        async with server.session_manager.run(), inner(owner) as state:
            yield state

    app.router.lifespan_context = lifespan
