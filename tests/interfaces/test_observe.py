from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from web.fake import FakeMagbot

from magbot.interfaces.logs import start_logging
from magbot.settings import Settings
from magbot.web.service import create_service

SECRET = "zebrafink"
Written = Callable[[], list[dict[str, object]]]


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data_dir=tmp_path, log_format="json", log_level="DEBUG")


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged in a test, by handlers that begin in it."""
    root, own = logging.getLogger(), logging.getLogger("magbot")
    before = (root.handlers[:], root.level, own.level)
    root.handlers = []
    buffer = io.StringIO()
    monkeypatch.setattr(sys, "stderr", buffer)
    yield buffer
    root.handlers, root.level, own.level = before


@pytest.fixture
def written(settings: Settings, stderr: io.StringIO) -> Written:
    """Reads the log as a program would."""
    start_logging(settings)
    return lambda: [json.loads(line) for line in stderr.getvalue().splitlines()]


def figures(client: TestClient) -> dict[tuple[str, ...], float]:
    text = client.get("/metrics").text
    assert SECRET not in text
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_answers_are_counted_and_logged_without_what_was_said(settings: Settings, written: Written) -> None:
    with TestClient(create_service(FakeMagbot(), settings)) as client:
        asked = client.post("/api/ask", json={"question": f"Hjælper {SECRET}?"}, headers={"X-Request-ID": "given-id-1"})
        client.post("/api/ask/stream", json={"question": f"Om vejret og {SECRET}"})
        client.post("/api/ask", json={"question": f"fejl {SECRET}"})
        client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": f"rumfart {SECRET}"}]})
        client.get(f"/api/documents/{SECRET}?x={SECRET}")
        client.post("/api/ask", json={"question": 3, SECRET: SECRET})
        found = figures(client)
    assert asked.headers["X-Request-ID"] == "given-id-1"
    assert found["magbot_answers_total", "extractive", "da", "answered"] == 1
    assert found["magbot_answers_total", "extractive", "da", "off_topic"] == 1
    assert found["magbot_answers_total", "extractive", "da", "not_in_corpus"] == 1
    assert found["magbot_failures_total", "QuestionError"] == 1
    assert found["magbot_documents",] == 2
    assert found["magbot_http_request_seconds_count", "POST", "/api/ask", "422"] == 2
    assert found["magbot_http_request_seconds_count", "GET", "/api/documents/{document_id}", "404"] == 1

    lines = written()
    assert SECRET not in json.dumps(lines)
    answers = [line for line in lines if line.get("event") == "answer"]
    assert [line["outcome"] for line in answers] == ["answered", "off_topic", "not_in_corpus"]
    first = [line for line in lines if line["request_id"] == "given-id-1"]
    assert [line["event"] for line in first] == ["answer", "request"]
    assert first[1] | {"time": "", "duration_ms": 0, "message": ""} == {
        "time": "", "level": "INFO", "logger": "magbot.interfaces.observe", "message": "", "request_id": "given-id-1",
        "event": "request", "method": "POST", "route": "/api/ask", "status": 200, "duration_ms": 0,
    }  # fmt: skip
    assert all(line["duration_ms"] >= 0 for line in answers)


def test_an_id_that_could_break_a_log_is_not_taken(settings: Settings, written: Written) -> None:
    client = TestClient(create_service(FakeMagbot(), settings))
    for bad in ("short", "x" * 65, "with space1", 'quote"quote'):
        given = client.get("/api/health", headers={"X-Request-ID": bad}).headers["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", given)
    assert all(line["level"] == "DEBUG" for line in written() if line.get("event") == "request")


def test_an_error_inside_is_logged_with_the_request_it_happened_in(settings: Settings, written: Written) -> None:
    class Broken(FakeMagbot):
        def stream(self, question, history=(), language="auto"):
            raise RuntimeError("inside")
            yield

    client = TestClient(create_service(Broken(), settings), raise_server_exceptions=False)
    response = client.post("/api/ask", json={"question": SECRET}, headers={"X-Request-ID": "given-id-2"})
    assert response.status_code == 500
    lines = written()
    assert SECRET not in json.dumps(lines)
    assert ["RuntimeError: inside" in str(line.get("exc_info")) for line in lines if line["level"] == "ERROR"] == [True]
    assert {line["request_id"] for line in lines} == {"given-id-2"}
    assert [line["status"] for line in lines if line.get("event") == "request"] == [500]


def test_figures_can_be_switched_off(settings: Settings) -> None:
    off = TestClient(create_service(FakeMagbot(), settings.model_copy(update={"metrics": False})))
    assert off.get("/metrics").status_code == 404


def test_libraries_stay_quiet_at_any_level(settings: Settings, written: Written) -> None:
    for name in ("httpx", "openai", "sse_starlette.sse", "chromadb", "langchain"):
        logging.getLogger(name).info(SECRET)
        logging.getLogger(name).debug(SECRET)
    assert written() == []


def test_people_read_lines(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    start_logging(settings.model_copy(update={"log_format": "text"}), "INFO")
    logging.getLogger("magbot.x").info("ready")
    assert capsys.readouterr().err == "INFO magbot.x: ready\n"
