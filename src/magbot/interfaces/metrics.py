"""Figures for Prometheus at /metrics: how many answers of which kind, and how long they took. Nothing that was said."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

from magbot import __version__
from magbot.errors import MagbotError
from magbot.schema import Answer

CONTENT_TYPE = CONTENT_TYPE_LATEST
_STAGE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})


class Metrics:
    """Counters of one service, in a registry of their own so that two services in one process stay apart."""

    def __init__(self, health: Callable[[], dict[str, object]]) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("magbot", "Version", registry=registry).info({"version": __version__})
        self._answers = Counter(
            "magbot_answers",
            "Answers by outcome, engine and language",
            ["outcome", "engine", "language"],
            registry=registry,
        )
        self._failures = Counter("magbot_failures", "Questions that ended in an error", ["error"], registry=registry)
        self._generations = Counter(
            "magbot_generations", "How the chat model did, where one is configured", ["result"], registry=registry
        )
        self._stages = Histogram(
            "magbot_stage_seconds", "Time by stage of an answer", ["stage"], buckets=_STAGE_BUCKETS, registry=registry
        )
        self._requests = Histogram(
            "magbot_http_request_seconds", "Time of HTTP requests", ["method", "route", "status"],
            buckets=_STAGE_BUCKETS, registry=registry,
        )  # fmt: skip
        self.running = Gauge("magbot_http_requests_running", "HTTP requests being answered", registry=registry)
        for name in ("documents", "sentences"):
            gauge = Gauge(f"magbot_{name}", f"How many {name} are indexed", registry=registry)
            gauge.set_function(lambda name=name: _number(health().get(name)))  # type: ignore[misc]

    def answered(self, answer: Answer) -> None:
        """Count an answer, with the time of each of its stages."""
        self._answers.labels(answer.outcome.value, answer.engine, answer.language).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)
        if answer.generation:
            self._generations.labels(answer.generation.result).inc()

    def failed(self, error: MagbotError) -> None:
        """Count a question that ended in an error."""
        self._failures.labels(type(error).__name__).inc()

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is the pattern of a path, so that there are few."""
        self._requests.labels(method if method in _METHODS else "other", route, status).observe(seconds)

    def text(self) -> bytes:
        """All figures in the format that Prometheus reads."""
        return generate_latest(self._registry)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
