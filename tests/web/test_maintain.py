from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from web.fake import Keeper

from magbot.added.report import AddItem, AddReport, Status, Upload
from magbot.interfaces.api_problem import add_problem_handlers
from magbot.refusals import not_stored
from magbot.settings import Settings
from magbot.web.gate import TRIES, WINDOW_S, Gate
from magbot.web.maintain import maintain_routes
from magbot.web.maintain_text import MAINTAIN
from magbot.web.maintain_view import failed_row, result_rows

LOCAL = "http://127.0.0.1:7860"
ORIGIN = {"Origin": LOCAL}


def client(keeper: Keeper, token: str | None = None, address: str = "127.0.0.1", url: str = LOCAL) -> TestClient:
    app = FastAPI()
    add_problem_handlers(app)
    app.include_router(maintain_routes(keeper, Settings.model_validate({"admin_token": token})))
    return TestClient(app, base_url=url, client=(address, 5000))


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


def test_at_the_machine_files_and_links_are_added_with_progress(keeper: Keeper) -> None:
    page = client(keeper)
    reply = page.post("/page/documents?name=min note.md", content=b"text", headers=ORIGIN)
    told, done = (json.loads(line) for line in reply.text.splitlines())
    assert told == {"done": 3, "total": 7}
    assert "Tilføjet" in done["html"]
    assert "gættet: år" in done["html"]
    assert "&lt;b&gt;Note" in done["html"]
    refused = page.post("/page/documents?name=bad.txt&language=en", content=b"x", headers=ORIGIN).text
    assert "Cannot be used" in refused
    assert "&lt;i&gt;no text" in refused
    page.post("/page/links", json={"url": "https://example.org/a"}, headers=ORIGIN)
    assert keeper.calls == [Upload("min note.md", b"text"), Upload("bad.txt", b"x"), "https://example.org/a"]


def test_a_refusal_is_told_in_the_language_of_the_page() -> None:
    item = AddItem(
        source="a.txt", status=Status.REFUSED, message="x", help="y", code="empty-file", fields={"name": "a.txt"}
    )
    danish = result_rows(AddReport(items=(item,)), MAINTAIN["da"])
    assert '<span class="mb-by" lang="da">Filen er tom. Gem den igen, eller lad den ude.</span>' in danish
    english = result_rows(AddReport(items=(item,)), MAINTAIN["en"])
    assert '<span class="mb-by" lang="en">The file is empty. Save it again, or leave it out.</span>' in english
    broken = failed_row(not_stored("being-changed"), MAINTAIN["da"])
    assert '<span lang="da">En anden magbot-proces er ved at ændre' in broken


def test_a_path_is_no_link(keeper: Keeper) -> None:
    for url in ("/etc/passwd", "file:///etc/passwd", "https://a b"):
        assert client(keeper).post("/page/links", json={"url": url}, headers=ORIGIN).status_code == 422
    assert keeper.calls == []


def test_trouble_is_told_in_the_result(keeper: Keeper) -> None:
    reply = client(keeper).post("/page/links", json={"url": "https://full.example/x"}, headers=ORIGIN)
    assert "The disk is full. Make room." in reply.text


def test_review_remove_and_rebuild(keeper: Keeper) -> None:
    page = client(keeper)
    assert page.post("/page/documents/added-note/review", json={"reviewed": True}, headers=ORIGIN).status_code == 204
    assert page.delete("/page/documents/added-note", headers=ORIGIN).status_code == 204
    assert page.delete("/page/documents/unknown", headers=ORIGIN).status_code == 404
    assert "lavet forfra" in page.post("/page/rebuild", headers=ORIGIN).text
    assert keeper.calls == [("review", "added-note", True), ("remove", "added-note"), "rebuild"]


def test_only_what_was_added_is_listed_escaped(keeper: Keeper) -> None:
    html = client(keeper).get("/page/corpus").text
    assert html.count("data-remove") == 1
    assert "<b>Note" not in html


CHANGES: list[Callable[[TestClient, dict[str, str]], object]] = [
    lambda page, headers: page.post("/page/documents?name=a.md", content=b"x", headers=headers),
    lambda page, headers: page.post("/page/links", json={"url": "https://a.dk"}, headers=headers),
    lambda page, headers: page.post("/page/documents/added-note/review", json={"reviewed": True}, headers=headers),
    lambda page, headers: page.delete("/page/documents/added-note", headers=headers),
    lambda page, headers: page.post("/page/rebuild", headers=headers),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("token", "address", "url", "headers"), [
    (None, "192.0.2.7", LOCAL, ORIGIN),  # another machine
    (None, "127.0.0.1", "http://evil.example", {"Origin": "http://evil.example"}),  # a foreign name that leads here
    (None, "127.0.0.1", LOCAL, ORIGIN | {"X-Forwarded-For": "192.0.2.7"}),  # through a proxy
    (None, "127.0.0.1", LOCAL, {"Origin": "http://evil.example"}),  # another site in the same browser
    (None, "127.0.0.1", LOCAL, {}),
    ("secret", "127.0.0.1", LOCAL, ORIGIN),  # not logged in
])  # fmt: skip
def test_nobody_else_changes_anything(keeper: Keeper, change, token, address, url, headers) -> None:
    assert change(client(keeper, token, address, url), headers).status_code == 403
    assert keeper.calls == []


def test_the_token_opens_from_anywhere_until_logout(keeper: Keeper) -> None:
    page = client(keeper, "secret", "192.0.2.7", "https://magbot.example")
    origin = {"Origin": "https://magbot.example"}
    assert 'type="password"' in page.get("/page/corpus").text
    assert page.post("/page/login", json={"token": "wrong"}).status_code == 401
    cookie = page.post("/page/login", json={"token": "secret"}).headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "secure"))
    assert "data-logout" in page.get("/page/corpus").text
    assert page.post("/page/rebuild", headers=origin).status_code == 200
    page.post("/page/logout")
    assert page.post("/page/rebuild", headers=origin).status_code == 403


def test_guessing_is_slowed_down(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("magbot.web.maintain.Gate", lambda settings: Gate(settings, lambda: now[0]))
    page = client(keeper, "secret")
    codes = [page.post("/page/login", json={"token": f"guess {n}"}).status_code for n in range(TRIES + 1)]
    assert codes == [401] * TRIES + [429]
    assert page.post("/page/login", json={"token": "secret"}).status_code == 429
    now[0] = WINDOW_S + 1
    assert page.post("/page/login", json={"token": "secret"}).status_code == 204


def test_without_a_token_other_machines_are_told_how(keeper: Keeper) -> None:
    assert "MAGBOT_ADMIN_TOKEN" in client(keeper, address="192.0.2.7").get("/page/corpus").text
