"""Errors of the HTTP API as problem details (RFC 9457), and the limit on the size of a request's body."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from magbot.errors import (
    DocumentError,
    MagbotError,
    ModelError,
    QuestionError,
    RecordsError,
    RecordsOffError,
    StoreError,
)
from magbot.refusals import told
from magbot.schema import Language

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
MAX_BODY_BYTES = 1_000_000
LIMITED = ("/api/", "/v1/", "/mcp", "/page/log", "/page/links")

_STATUS: tuple[tuple[type[MagbotError], int], ...] = (
    (QuestionError, 422),
    (DocumentError, 404),
    (RecordsOffError, 403),
    (RecordsError, 503),
    (StoreError, 503),
    (ModelError, 503),
)


def status_of(error: MagbotError) -> int:
    """The HTTP status that fits an error of magbot."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem(status: int, detail: str, **extra: object) -> dict[str, object]:
    """A problem details object."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail} | extra


def error_problem(error: MagbotError, language: Language = "en") -> dict[str, object]:
    """A problem details object for an error of magbot: what is wrong, and what to do about it."""
    message, mend, _ = told(error, language)
    return problem(status_of(error), message, **({"help": mend} if mend else {}))


def asked_language(header: str | None) -> Language:
    """The language that a client asks for with `Accept-Language`: Danish when it comes first, else English."""
    return "da" if (header or "").strip().lower().startswith("da") else "en"


def problem_response(body: dict[str, object], headers: dict[str, str] | None = None) -> JSONResponse:
    """The response that carries a problem details object."""
    return JSONResponse(body, status_code=int(str(body["status"])), media_type=MEDIA_TYPE, headers=headers)


async def _on_magbot_error(request: Request, error: Any) -> JSONResponse:
    return problem_response(error_problem(error, asked_language(request.headers.get("accept-language"))))


async def _on_validation_error(_: Request, error: Any) -> JSONResponse:
    # The value that was sent is left out: it may be a question, and errors end up in logs.
    found = [{"where": ".".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in error.errors()]
    detail = "; ".join(f"{item['where']}: {item['message']}" for item in found)
    return problem_response(problem(422, detail, errors=jsonable_encoder(found)))


async def _on_http_exception(_: Request, error: Any) -> JSONResponse:
    return problem_response(problem(error.status_code, str(error.detail)), dict(error.headers or {}))


async def _on_unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected error in %s %s", request.method, request.url.path, exc_info=error)
    return problem_response(problem(500, "Something went wrong inside magbot. The log says what."))


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the API as problem details."""
    app.add_exception_handler(MagbotError, _on_magbot_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_unexpected)


class BodyLimit:
    """ASGI middleware that refuses bodies above a limit, whether or not they announce their length."""

    def __init__(
        self,
        app: ASGIApp,
        limit: int = MAX_BODY_BYTES,
        prefix: tuple[str, ...] = LIMITED,
        larger: Mapping[str, int] | None = None,
    ) -> None:
        self.app = app
        self.limit = limit
        self.prefix = prefix
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while it is small enough."""
        if scope["type"] != "http" or not scope["path"].startswith(self.prefix):
            await self.app(scope, receive, send)
            return
        limit = self.larger.get(scope["path"], self.limit)
        detail = f"The body may hold at most {limit} bytes."
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > limit:
            await problem_response(problem(413, detail))(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                # FastAPI passes this on to the handler above, where other errors would become a 400.
                raise HTTPException(413, detail)
            return message

        await self.app(scope, counted, send)
