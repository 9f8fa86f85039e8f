from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from web.fake import FakeMagbot

from magbot.interfaces.api import create_app
from magbot.interfaces.api_problem import MAX_BODY_BYTES
from magbot.schema import Answer
from magbot.settings import Settings


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(FakeMagbot(), Settings())) as client:
        yield client


def problem(response, status: int) -> dict[str, object]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["detail"]
    return body


def test_ask_returns_the_whole_answer(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "Hjælper magnesium?", "history": [], "language": "auto"})
    answer = Answer.model_validate(response.json())
    assert [citation.number for citation in answer.citations] == [1, 2, 3, 4]


def test_stream_ends_with_the_answer(client: TestClient) -> None:
    response = client.post("/api/ask/stream", json={"question": "Hjælper magnesium?"})
    events = [line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")]
    data = [json.loads(line.removeprefix("data: ")) for line in response.text.splitlines() if line.startswith("data: ")]
    assert events == ["stage", "notice", "statement", "statement", "statement", "answer"]
    assert Answer.model_validate(data[-1]["answer"]) == Answer.model_validate(
        client.post("/api/ask", json={"question": "Hjælper magnesium?"}).json()
    )


def test_stream_reports_an_error_as_problem_details(client: TestClient) -> None:
    response = client.post("/api/ask/stream", json={"question": "fejl"})
    assert "event: error" in response.text
    assert json.loads(response.text.split("data: ")[-1].strip())["status"] == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "  "},
        {"question": 3},
        {"question": "a", "x": 1},
        {"question": "a", "language": "de"},
    ],
)
def test_malformed_requests_are_problems_without_what_was_sent(client: TestClient, body: dict[str, object]) -> None:
    assert '"input"' not in json.dumps(problem(client.post("/api/ask", json=body), 422))


def test_broken_json_is_a_problem(client: TestClient) -> None:
    problem(client.post("/api/ask", content=b"{", headers={"content-type": "application/json"}), 422)


def test_errors_of_magbot_carry_help(client: TestClient) -> None:
    assert problem(client.post("/api/ask", json={"question": "fejl"}), 422)["help"] == "Ask another."


def test_large_bodies_are_refused_announced_or_not(client: TestClient) -> None:
    large = b"x" * (MAX_BODY_BYTES + 1)
    problem(client.post("/api/ask", content=large), 413)
    problem(client.post("/api/ask", content=iter([large])), 413)


def test_documents_are_listed_and_read(client: TestClient) -> None:
    assert [item["language"] for item in client.get("/api/documents").json()] == ["da", "en"]
    assert client.get("/api/documents/hjernen-2025?language=en").json()["metadata"]["language"] == "en"
    problem(client.get("/api/documents/unknown"), 404)
    problem(client.get("/api/documents/..%2Fsecret"), 404)
    problem(client.get("/api/documents/UPPER"), 422)
    problem(client.get("/api/nothing"), 404)
    problem(client.delete("/api/ask"), 405)


def test_document_link_leads_to_the_page(client: TestClient) -> None:
    response = client.get("/document/hjernen-2025?language=en", follow_redirects=False)
    assert response.status_code == 307
    assert response.headers["location"] == "/en/?document=hjernen-2025&language=en"


def test_health_and_docs_need_no_other_host(client: TestClient) -> None:
    assert client.get("/api/health").json()["status"] == "ok"
    docs = client.get("/docs").text
    assert "POST /api/ask" in docs
    assert "http" not in docs.replace("HTTP", "").split("<section>")[0]
