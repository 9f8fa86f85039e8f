from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import document_files as files
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from magbot.assistant import Magbot
from magbot.index.index import Index
from magbot.interfaces import api_documents
from magbot.interfaces.api import create_app
from magbot.refusals import not_stored
from magbot.settings import Settings, load_settings

TOKEN = "a-token-of-the-owner"
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}
KELP = ("kelp.md", b"# Kelp\n\nKelp from the Baltic holds 121 mg magnesium per 100 g dry weight.\n")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    return load_settings(corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data", admin_token=SecretStr(TOKEN))


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Magbot(settings), settings), headers=AUTHORISED) as client:
        yield client


def add(client: TestClient, *uploads: tuple[str, bytes], **form: object) -> object:
    return client.post("/api/documents", files=[("files", upload) for upload in uploads], data=form)


def test_add_review_remove(client: TestClient) -> None:
    response = add(client, KELP, ("report.pdf", files.pdf([["Dulse holds 271 mg magnesium per 100 g."]])), year=2024)
    assert response.status_code == 201
    report = response.json()
    assert report["counts"] == {"added": 2}
    assert [item["document_id"] for item in report["items"]] == ["added-kelp", "added-report"]
    listed = {item["id"]: item for item in client.get("/api/documents").json()}
    assert listed["added-kelp"]["reviewed"] is False
    assert listed["added-kelp"]["year"] == 2024
    reviewed = client.post("/api/documents/added-kelp/review", json={"reviewed": True})
    assert [item["reviewed"] for item in reviewed.json()] == [True]
    assert client.delete("/api/documents/added-kelp").status_code == 200
    assert client.delete("/api/documents/added-kelp").status_code == 404
    assert client.get("/api/documents/added-kelp?language=en").status_code == 404


def test_some_refused_is_a_report_and_all_refused_a_problem_with_the_report(client: TestClient) -> None:
    empty = ("empty.txt", b"")
    mixed = add(client, empty, KELP)
    assert (mixed.status_code, mixed.json()["counts"], mixed.json()["failed"]) == (
        201,
        {"added": 1, "refused": 1},
        True,
    )
    refused = add(client, empty)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert "empty.txt" in refused.json()["detail"]
    assert refused.json()["help"]
    assert refused.json()["report"]["counts"] == {"refused": 1}
    assert add(client, KELP, dry_run="true").status_code == 200


def test_what_cannot_be_stored_now_can_be_tried_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = not_stored("server-gone", url="http://localhost:8000", reason="Connection refused")
    monkeypatch.setattr(Index, "put_all", Mock(side_effect=gone))
    response = client.post("/api/documents", files=[("files", KELP)], headers={"accept-language": "da"})
    assert response.status_code == 503
    assert "svarer ikke" in response.json()["detail"]
    monkeypatch.undo()
    assert add(client, KELP).status_code == 201


def test_refusals_are_told_in_danish_when_that_is_asked_for(client: TestClient) -> None:
    files_and_form = {"files": [("files", ("tom.txt", b""))]}
    refused = client.post("/api/documents", headers={"Accept-Language": "da-DK,en;q=0.5"}, **files_and_form).json()
    assert refused["detail"] == "tom.txt: filen er tom."
    assert refused["help"] == "Gem den igen, eller lad den ude."
    item = refused["report"]["items"][0]
    assert (item["message"], item["code"], item["fields"]) == (refused["detail"], "empty-file", {"name": "tom.txt"})
    for language, said in (("da", "Der er intet tilføjet dokument"), ("en", "There is no added document")):
        gone = client.delete("/api/documents/added-none", headers={"Accept-Language": language})
        assert gone.json()["detail"].startswith(said)


def test_private_links_and_server_paths_are_refused(client: TestClient) -> None:
    private = client.post("/api/documents", data={"url": "http://127.0.0.1:1/secret"})
    assert private.status_code == 422
    assert "private address" in private.json()["detail"]
    assert client.post("/api/documents", data={"url": "/etc/passwd"}).status_code == 422
    assert client.post("/api/documents", data={"url": "file:///etc/passwd"}).status_code == 422
    assert client.post("/api/documents", data={}).status_code == 422
    path = client.post("/api/documents", files=[("files", ("../../etc/kelp.md", b"Text."))])
    assert "may not hold a path" in path.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/documents"), ("DELETE", "/api/documents/added-kelp"), ("POST", "/api/documents/added-kelp/review")],
)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer"},
        {"Authorization": b"Bearer \xff\xfe"},
        {"Cookie": "token=a-token-of-the-owner", "Origin": "https://elsewhere.example"},
    ],
)
def test_without_the_right_token_nothing_is_read_or_changed(
    client: TestClient, method: str, path: str, headers: dict[str, str]
) -> None:
    def body() -> Iterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    client.headers.pop("Authorization")
    response = client.request(
        method, path, headers=headers, content=body() if method == "POST" and not headers else b""
    )
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"] == "application/problem+json"
    assert TOKEN not in response.text
    assert client.get("/api/documents").json() == []


def test_the_token_is_compared_in_constant_time(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return left == right

    monkeypatch.setattr(api_documents.hmac, "compare_digest", compare)
    client.delete("/api/documents/added-kelp")
    assert compared == [(TOKEN.encode(), TOKEN.encode())]


def test_with_no_token_set_it_is_switched_off_and_says_so(settings: Settings) -> None:
    off = settings.model_copy(update={"admin_token": None})
    with TestClient(create_app(Magbot(off), off)) as client:
        for headers in ({}, AUTHORISED, {"Authorization": "Bearer "}):
            response = client.post("/api/documents", files=[("files", KELP)], headers=headers)
            assert response.status_code == 403
            assert "MAGBOT_ADMIN_TOKEN" in response.json()["help"]
        assert client.get("/api/documents").status_code == 200


def test_uploads_may_be_larger_than_questions_but_not_endless(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = ("large.txt", b"Magnesium is found in kelp. " * 60_000)
    assert add(client, large, dry_run="true").status_code == 200
    announced = client.post("/api/documents", content=b"x", headers={"Content-Length": "99000000"})
    assert announced.status_code == 413
    assert client.post("/api/ask", content=b"x" * 1_000_001).status_code == 413


def test_the_description_names_the_endpoints(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths["/api/documents"]) == {"get", "post"}
    assert set(paths["/api/documents/{document_id}"]) == {"get", "delete"}
