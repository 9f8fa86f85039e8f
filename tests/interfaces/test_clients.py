from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from magbot.interfaces.clients import RateLimit


def client(address: str, app: FastAPI) -> TestClient:
    return TestClient(app, client=(address, 5000))


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(RateLimit, rate="3/minute")

    @app.post("/api/ask")
    @app.get("/api/documents")
    def anything() -> str:
        return "yes"

    return app


def statuses(client: TestClient, number: int = 4, **headers: str) -> list[int]:
    return [client.post("/api/ask", headers=headers).status_code for _ in range(number)]


def test_the_fourth_of_three_is_told_to_wait(app: FastAPI) -> None:
    one = client("192.0.2.1", app)
    assert statuses(one) == [200, 200, 200, 429]
    refused = one.post("/api/ask")
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= 121
    assert refused.json()["status"] == 429
    assert "Ask again in" in refused.json()["help"]


def test_others_are_not_held_up_by_it(app: FastAPI) -> None:
    statuses(client("192.0.2.1", app), 9)
    assert statuses(client("192.0.2.2", app), 3) == [200, 200, 200]


def test_reading_is_free(app: FastAPI) -> None:
    one = client("192.0.2.1", app)
    assert {one.get("/api/documents").status_code for _ in range(9)} == {200}


def test_an_ipv6_network_counts_as_one(app: FastAPI) -> None:
    for last in range(3):
        assert statuses(client(f"2001:db8::{last}", app), 1) == [200]
    assert statuses(client("2001:db8::ffff", app), 1) == [429]
    assert statuses(client("2001:db8:0:1::1", app), 1) == [200]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_this_machine_is_free_unless_it_asks_for_others(app: FastAPI, address: str) -> None:
    assert set(statuses(client(address, app), 9)) == {200}
    assert statuses(client(address, app), 4, **{"X-Forwarded-For": "192.0.2.7"})[-1] == 429
