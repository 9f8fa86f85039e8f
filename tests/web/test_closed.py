"""gradio's routes on the real application: what the page needs is open, everything else is closed."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from e2e.browser import running
from web.fake import FakeMagbot

from magbot.settings import Settings
from magbot.web.service import create_service

ROOT_FILES = ("/etc/passwd", "/proc/self/environ", "C:\\Windows\\win.ini", "C:/Windows/win.ini")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    with running(create_service(FakeMagbot(), settings)) as url:
        parts = urlsplit(url)
        yield str(parts.hostname), int(parts.port or 0)


def ask(
    address: tuple[str, int], path: str, method: str = "GET", body: bytes = b"", **headers: str
) -> tuple[int, bytes]:
    """Send exactly this path: other clients tidy it up first."""
    connection = http.client.HTTPConnection(*address, timeout=20)
    connection.request(method, path, body or None, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that may be read by this process and must not be read through it, and a link to it in a harmless place."""
    folder = tmp_path_factory.mktemp("secret")
    (folder / "secret.txt").write_text("hemmeligt")
    (folder / "link.js").symlink_to(folder / "secret.txt")
    return folder


def paths(secret: Path) -> Iterator[str]:
    names = [*ROOT_FILES, str(secret / "secret.txt"), str(secret / "link.js"), f"file://{secret}/secret.txt"]
    up = [
        "../" * 12 + "etc/passwd",
        "..%2f" * 12 + "etc%2fpasswd",
        "..\\..\\windows\\win.ini",
        "%2e%2e/%2e%2e/etc/passwd",
    ]
    up += ["....//....//etc/passwd", "..%252f..%252fetc%252fpasswd", "..%c0%af..%c0%afetc/passwd", "%00/etc/passwd"]
    for prefix in ("", "/en"):
        for name in [*map(quote, names), *(quote(name, safe="") for name in names), *up]:
            yield f"{prefix}/gradio_api/file={name}"
            yield f"{prefix}/file={name}"
            yield f"{prefix}/gradio_api/file/{name}"
            yield f"{prefix}/gradio_api/proxy={name}"
            yield f"{prefix}/static/{name}"
            yield f"{prefix}/assets/{name}"
            yield f"{prefix}/svelte/{name}"
            yield f"{prefix}/gradio_api/custom_component/x/client/component/{name}"
            yield f"{prefix}/gradio_api/stream/x/0/1/{name}"
            yield f"{prefix}/{name}"
    for name in (*up, quote(str(secret / "secret.txt"), safe="")):
        yield f"/api/documents/{name}"
        yield f"/document/{name}/x"
        yield f"/page/documents/{name}"


def test_no_file_is_read_through_any_path(address: tuple[str, int], secret: Path) -> None:
    for path in paths(secret):
        status, content = ask(address, path)
        assert status in {400, 404, 405, 422}, path
        assert b"hemmeligt" not in content, path
        assert b"root:" not in content, path


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://127.0.0.1/",
        "/gradio_api/proxy=https://example.org/x",
        "/gradio_api/upload_progress?upload_id=../../x",
        "/gradio_api/dev/reload",
        "/gradio_api/runs",
        "/gradio_api/deep_link?session_hash=x",
        "/gradio_api/vibe-code/",
        "/gradio_api/profiling/traces",
        "/gradio_api/queue/status",
        "/monitoring",
        "/monitoring/summary",
        "/login_check",
        "/pwa_icon/192",
        "/.git/config",
        "/static/.env",
        "//etc/passwd",
    ],
)
def test_what_the_page_does_not_need_is_closed(address: tuple[str, int], path: str) -> None:
    assert ask(address, path)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/en/gradio_api/upload?upload_id=../../../tmp/x",
        "/gradio_api/run/predict",
        "/gradio_api/api/predict",
        "/gradio_api/call/ask",
        "/gradio_api/call/v2/ask",
        "/gradio_api/process_recording",
        "/gradio_api/stream/x",
        "/gradio_api/vibe-edit/",
        "/gradio_api/undo-vibe-edit/",
        "/login",
    ],
)
def test_nothing_is_taken_where_the_page_sends_nothing(address: tuple[str, int], path: str) -> None:
    assert ask(address, path, "POST", b'{"data": []}')[0] == 404


def test_what_the_page_needs_is_open(address: tuple[str, int]) -> None:
    for path in (
        "/",
        "/en/",
        "/config",
        "/gradio_api/info",
        "/theme.css",
        "/docs",
        "/openapi.json",
        "/metrics",
        "/api/health",
    ):
        assert ask(address, path)[0] == 200, path


def test_large_bodies_are_refused_on_every_route_that_reads_one(address: tuple[str, int]) -> None:
    megabyte = b"x" * 1_000_001
    for path in ("/v1/chat/completions", "/mcp", "/page/login", "/page/links"):
        assert ask(address, path, "POST", megabyte)[0] == 413, path
    announced = {"Content-Length": "10000001"}
    for path in ("/gradio_api/queue/join", "/gradio_api/component_server/", "/en/gradio_api/queue/join"):
        assert ask(address, path, "POST", **announced)[0] == 413, path
