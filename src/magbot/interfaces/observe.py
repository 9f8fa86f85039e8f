"""What the service tells its owner: a line and figures for each request and each answer, and never what was said."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, cast

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from magbot.assistant import Magbot, RequestedLanguage
from magbot.errors import MagbotError
from magbot.events import AnswerEvent, Event
from magbot.interfaces.logs import REQUEST_ID
from magbot.interfaces.metrics import Metrics
from magbot.schema import Answer
from magbot.schema import Message as Turn

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# An id that a proxy chose is kept if it cannot be mistaken for anything else in a log.
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED_FROM = 400


def observed(magbot: Magbot, metrics: Metrics) -> Magbot:
    """The same assistant; its answers are counted and logged."""
    return cast(Magbot, _Observed(magbot, metrics))


class _Observed:
    def __init__(self, inner: Magbot, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def ask(self, question: str, history: Sequence[Turn] = (), language: RequestedLanguage = "auto") -> Answer:
        for event in self.stream(question, history, language):
            if isinstance(event, AnswerEvent):
                return event.answer
        raise AssertionError("the stream ends with the answer")

    def stream(
        self, question: str, history: Sequence[Turn] = (), language: RequestedLanguage = "auto"
    ) -> Iterator[Event]:
        start = time.perf_counter()
        try:
            for event in self._inner.stream(question, history, language):
                if isinstance(event, AnswerEvent):
                    self._metrics.answered(event.answer)
                    _log_answer(event.answer, time.perf_counter() - start)
                yield event
        except MagbotError as error:
            self._metrics.failed(error)
            log.info(
                "not answered: %s", type(error).__name__, extra={"event": "failure", "error": type(error).__name__}
            )
            raise


def _log_answer(answer: Answer, seconds: float) -> None:
    milliseconds = round(seconds * 1000, 1)
    told = {"outcome": answer.outcome.value, "engine": answer.engine, "language": answer.language}
    log.info(
        "answer: %s by %s in %s ms", answer.outcome.value, answer.engine, milliseconds,
        extra={"event": "answer", "duration_ms": milliseconds} | told,
    )  # fmt: skip


class ObserveRequests:
    """ASGI middleware that gives each request an id, and tells of it when it has ended."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(HEADER.lower().encode(), b"").decode("latin-1")
        request_id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        status = 500
        start = time.perf_counter()

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        # Not taken back: each request is a task of its own, and an error is logged after this has ended.
        REQUEST_ID.set(request_id)
        try:
            with self._metrics.running.track_inprogress():
                await self.app(scope, receive, with_id)
        finally:
            self._tell(scope, status, time.perf_counter() - start)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        # The pattern and not the path: a path can hold the name of someone's document.
        route = str(getattr(scope.get("route"), "path", "none"))
        self._metrics.requested(scope["method"], route, status, seconds)
        milliseconds = round(seconds * 1000, 1)
        told = {"method": scope["method"], "route": route, "status": status, "duration_ms": milliseconds}
        quiet = scope["method"] in _QUIET and status < _REFUSED_FROM
        log.log(
            logging.DEBUG if quiet else logging.INFO,
            "%s %s %d in %s ms", *told.values(),
            extra={"event": "request"} | told,
        )  # fmt: skip
