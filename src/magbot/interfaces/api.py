"""The HTTP API: ask, stream, and read the corpus. The page is mounted beside it by `magbot.web`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.concurrency import iterate_in_threadpool

from magbot import __version__
from magbot.assistant import Magbot
from magbot.errors import MagbotError
from magbot.interfaces import api_documents
from magbot.interfaces.api_ask import AskRequest
from magbot.interfaces.api_docs import docs_page
from magbot.interfaces.api_openai import openai_router
from magbot.interfaces.api_privacy import privacy
from magbot.interfaces.api_problem import BodyLimit, add_problem_handlers, error_problem
from magbot.schema import Answer, Document, Language, Metadata
from magbot.settings import Settings

DocumentId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=200)]
_AT_ONCE = 2
_DESCRIPTION = (
    "Answers about magnesium and health in Danish and English, each statement with the exact quote it rests on. "
    "General information, no medical advice. Errors are problem details (RFC 9457)."
)
_PROBLEM = {"description": "Problem details (RFC 9457)", "content": {"application/problem+json": {}}}


class Health(BaseModel, extra="allow"):
    """What is running: version, number of documents and sentences, encoder, engine."""

    status: str = "ok"


def create_app(magbot: Magbot, settings: Settings) -> FastAPI:
    """The API as an application of its own."""
    app = FastAPI(title="magbot", version=__version__, description=_DESCRIPTION, docs_url=None, redoc_url=None)
    add_problem_handlers(app)
    app.add_middleware(BodyLimit, larger={api_documents.PATH: api_documents.MAX_UPLOAD_BYTES})
    app.add_middleware(api_documents.AdminOnly, settings=settings)
    app.include_router(_questions(magbot, settings))
    app.include_router(_corpus(magbot))
    app.include_router(openai_router(magbot))
    app.include_router(api_documents.documents(magbot))
    app.include_router(privacy(settings))

    @app.get("/api/health", tags=["service"])
    def health() -> Health:
        """Say whether the service is up, and with which corpus, encoder and engine."""
        return Health.model_validate(magbot.health())

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(app.openapi()))

    return app


def _questions(magbot: Magbot, settings: Settings) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["questions"], responses={422: _PROBLEM, 413: _PROBLEM})

    # Without a chat model to wait for, answers compute, and more at once than this only take turns at Python's lock.
    turns = None if settings.model else CapacityLimiter(_AT_ONCE)

    @router.post("/ask", response_model=Answer)
    async def ask(request: AskRequest) -> Response:
        """Answer one question."""
        answer = await to_thread.run_sync(
            magbot.ask, request.question, request.history, request.language, limiter=turns
        )
        # An answer has been checked when it was made; FastAPI would take it apart and check it once more.
        return Response(answer.model_dump_json(), media_type="application/json")

    @router.post(
        "/ask/stream",
        response_class=EventSourceResponse,
        responses={
            200: {"content": {"text/event-stream": {}}, "description": "stage, notice, statement and answer events"}
        },
    )
    async def ask_stream(request: AskRequest) -> EventSourceResponse:
        """Answer one question as server-sent events.

        `stage`, `notice` and `statement` events come as they happen; the last event is `answer` with the whole answer, or
        `error` with problem details.
        """
        # Without this, a stream is cut off when the service is told to stop.
        return EventSourceResponse(_events(magbot, request), shutdown_grace_period=settings.grace_s)

    return router


async def _events(magbot: Magbot, request: AskRequest) -> AsyncIterator[ServerSentEvent]:
    try:
        # The assistant computes, so it runs on a thread: other people's answers must not wait for this one.
        async for event in iterate_in_threadpool(magbot.stream(request.question, request.history, request.language)):
            yield ServerSentEvent(data=event.model_dump_json(), event=event.type)
    except MagbotError as error:
        yield ServerSentEvent(data=json.dumps(error_problem(error), ensure_ascii=False), event="error")


def _corpus(magbot: Magbot) -> APIRouter:
    router = APIRouter(tags=["corpus"], responses={404: _PROBLEM, 422: _PROBLEM})

    @router.get("/api/documents")
    def documents() -> list[Metadata]:
        """All documents, one entry for each language version."""
        return magbot.documents()

    @router.get("/api/documents/{document_id}")
    def document(document_id: DocumentId, language: Annotated[Language, Query()] = "da") -> Document:
        """One language version of one document, with the text that offsets count in."""
        return magbot.document(document_id, language)

    @router.get("/document/{document_id}", include_in_schema=False)
    def read(request: Request, document_id: DocumentId, language: Annotated[Language | None, Query()] = None) -> Any:
        """The link of a document for people. The browser keeps `#start-end` across the redirect."""
        query = {"document": document_id} | ({"language": language} if language else {})
        root = request.scope.get("root_path", "").rstrip("/")
        page = "/en/" if language == "en" else "/"
        return RedirectResponse(f"{root}{page}?{urlencode(query, quote_via=quote)}", status_code=307)

    return router
