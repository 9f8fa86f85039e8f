"""The first bytes of the page, on the real application: what a link preview and a browser without scripts see."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from web.fake import TITLE, FakeMagbot

from magbot.settings import Settings
from magbot.web.head import ICON, written
from magbot.web.service import create_service
from magbot.web.wording import DA, EN


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    return TestClient(create_service(FakeMagbot(), settings), base_url="http://localhost")


@pytest.mark.parametrize(("path", "words"), [("/", DA), ("/en/", EN)])
def test_the_page_says_its_language_its_name_and_help_without_scripts(client: TestClient, path: str, words) -> None:
    reply = client.get(path)
    page = " ".join(reply.text.split())
    assert int(reply.headers["content-length"]) == len(reply.content)
    assert f'<html lang="{words.language}"' in page
    assert f'<meta property="og:description" content="{words.tagline} {words.machine}">' in page
    assert f"{words.no_script}</p></noscript>" in page
    assert "112" in words.no_script
    assert 'content="Gradio"' not in page
    assert "Click to try out the app" not in page


def test_a_shared_document_is_previewed_by_its_title(client: TestClient) -> None:
    title = TITLE.replace("&", "&amp;")
    assert f'content="{title} – magbot"' in client.get("/?document=hjernen-2025&language=da").text
    assert 'property="og:title" content="magbot"' in client.get("/?document=../etc/passwd").text
    assert "<script>alert" not in client.get("/?document=<script>alert(1)</script>").text


def test_the_icon_is_magbots_own(client: TestClient) -> None:
    page = client.get("/").text
    assert f'<link rel="icon" href="data:image/svg+xml,{quote(ICON.read_text(encoding="utf-8"))}">' in page
    assert "manifest" not in page


def test_a_title_cannot_become_markup() -> None:
    page = written(b'<html\n\tlang="x"><head></head><body></body>', DA, '"><script>alert(1)</script>')
    assert b"<script>" not in page
