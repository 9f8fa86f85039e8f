"""What the tab “Add sources” calls: log in, add, review, remove and rebuild. The work itself is `Magbot`'s."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import Field

from magbot.added.report import AddProgress, Upload
from magbot.added.sources import MAX_FILE_BYTES
from magbot.assistant import Magbot
from magbot.errors import MagbotError
from magbot.schema import Language, Value
from magbot.settings import Settings
from magbot.web.gate import COOKIE, SESSION_S, Gate
from magbot.web.maintain_text import MAINTAIN
from magbot.web.maintain_view import failed_row, login_form, maintain_view, rebuilt_row, refused_here, result_rows

_WAIT_S = 0.2
_MAX_TOKEN = 1_000


class Login(Value):
    """Body of a login."""

    token: str = Field(max_length=_MAX_TOKEN)


class Link(Value):
    """Body of adding by address: never a path, which would name a file of the server."""

    url: str = Field(pattern=r"^https?://[^\s]+$", max_length=2_000)


class Review(Value):
    """Body of a review."""

    reviewed: bool


Told = Callable[[int, int], None]
Spoken = Annotated[Language, Query()]


def maintain_routes(magbot: Magbot, settings: Settings) -> APIRouter:
    """The routes below /page; none of them is part of the public API."""
    router = APIRouter(prefix="/page", include_in_schema=False)
    gate = Gate(settings)
    # One change after the other: the index has one writer anyway, and progress is told for one at a time.
    worker = ThreadPoolExecutor(1, "maintain")
    checked = [Depends(gate.check)]

    @router.get("/corpus")
    def corpus(request: Request, language: Spoken = "da") -> HTMLResponse:
        text = MAINTAIN[language]
        if gate.may(request):
            added = [item for item in magbot.documents() if item.is_added]
            return HTMLResponse(maintain_view(added, text, with_logout=gate.takes_token))
        return HTMLResponse(login_form(text) if gate.takes_token else refused_here(text))

    @router.post("/login", status_code=204)
    def login(request: Request, body: Login) -> Response:
        session = gate.log_in(request, body.token)
        response = Response(status_code=204)
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, session, SESSION_S, path="/page", secure=secure, httponly=True, samesite="strict")
        return response

    @router.post("/logout", status_code=204)
    def logout(request: Request) -> Response:
        gate.log_out(request)
        response = Response(status_code=204)
        response.delete_cookie(COOKIE, path="/page")
        return response

    @router.post("/documents", dependencies=checked)
    async def upload(
        request: Request, name: Annotated[str, Query(min_length=1, max_length=255)], language: Spoken = "da"
    ) -> StreamingResponse:
        data = bytearray()
        async for piece in request.stream():
            data += piece
            if len(data) > MAX_FILE_BYTES:
                raise HTTPException(413, f"The file may hold at most {MAX_FILE_BYTES} bytes.")
        return _adding(Upload(name, bytes(data)), language)

    @router.post("/links", dependencies=checked)
    def link(body: Link, language: Spoken = "da") -> StreamingResponse:
        return _adding(body.url, language)

    def _adding(source: str | Upload, language: Language) -> StreamingResponse:
        def work(tell: Told) -> str:
            def on_progress(progress: AddProgress) -> None:
                tell(progress.texts_done, progress.texts_total)

            return result_rows(magbot.add([source], on_progress=on_progress), MAINTAIN[language])

        return _streamed(worker, work, language)

    @router.post("/rebuild", dependencies=checked)
    def rebuild(language: Spoken = "da") -> StreamingResponse:
        def work(tell: Told) -> str:
            magbot.rebuild(tell)
            return rebuilt_row(MAINTAIN[language])

        return _streamed(worker, work, language)

    @router.post("/documents/{document_id}/review", status_code=204, dependencies=checked)
    def review(document_id: str, body: Review) -> None:
        worker.submit(magbot.review, document_id, body.reviewed).result()

    @router.delete("/documents/{document_id}", status_code=204, dependencies=checked)
    def remove(document_id: str) -> None:
        worker.submit(magbot.remove, document_id).result()

    return router


def _streamed(worker: ThreadPoolExecutor, work: Callable[[Told], str], language: Language) -> StreamingResponse:
    """Lines of JSON: how far it is, and at last the result as a row of the page."""
    steps: queue.Queue[tuple[int, int]] = queue.Queue()
    future = worker.submit(work, lambda done, total: steps.put((done, total)))
    return StreamingResponse(_lines(future, steps, language), media_type="application/x-ndjson")


def _lines(future: Future[str], steps: queue.Queue[tuple[int, int]], language: Language) -> Iterator[str]:
    while not (future.done() and steps.empty()):
        try:
            done, total = steps.get(timeout=_WAIT_S)
        except queue.Empty:
            continue
        yield json.dumps({"done": done, "total": total}) + "\n"
    try:
        row = future.result()
    except MagbotError as error:
        row = failed_row(error, MAINTAIN[language])
    yield json.dumps({"html": row}) + "\n"
