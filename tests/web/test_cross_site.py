"""What another site that is open in someone's browser can do to a magbot on the same machine: nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from web.fake import FakeMagbot

from magbot.settings import Settings
from magbot.web.service import create_service

EVIL = {"Origin": "https://evil.example"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    service = create_service(FakeMagbot(), Settings(data_dir=tmp_path_factory.mktemp("data")))
    with TestClient(service, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 5000)) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/api/health", "/docs", "/metrics", "/page/corpus", "/monitoring", "/api/nothing"]
)
def test_every_answer_keeps_others_out(client: TestClient, path: str) -> None:
    headers = client.get(path, headers=EVIL).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers.get("access-control-allow-origin") not in {"*", EVIL["Origin"]}


def test_a_form_of_another_site_asks_nothing(client: TestClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        sent = client.post("/api/ask", content=b'{"question": "x"}', headers=EVIL | {"Content-Type": kind})
        assert sent.status_code in {415, 422}, kind


def test_a_browser_asks_before_another_site_may_send_json(client: TestClient) -> None:
    asks = EVIL | {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for path in ("/api/ask", "/api/documents", "/page/links"):
        allowed = client.options(path, headers=asks).headers
        assert allowed.get("access-control-allow-origin") not in {"*", EVIL["Origin"]}, path


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"Host": "evil.example"}, 421), ({"Host": "evil.example:7860"}, 421), (EVIL, 403)],
)
def test_tools_are_not_called_under_a_foreign_name(client: TestClient, headers: dict[str, str], status: int) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    assert client.post("/mcp", json=call, headers=accept | headers).status_code == status


def test_nothing_is_changed_under_a_foreign_name_or_from_another_site(client: TestClient) -> None:
    foreign = {"Host": "evil.example:7860", "Origin": "http://evil.example:7860"}
    for headers in ({}, EVIL, foreign, {"Origin": "null"}, {"Origin": "http://127.0.0.1:7861"}):
        assert client.post("/page/links", json={"url": "https://a.dk"}, headers=headers).status_code == 403
        assert client.delete("/page/documents/added-x", headers=headers).status_code == 403
        assert client.delete("/api/documents/added-x", headers=headers).status_code == 403
