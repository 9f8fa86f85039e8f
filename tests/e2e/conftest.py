"""A real service on the shipped corpus, and a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from e2e.browser import ARGUMENTS, browser_path, running
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from magbot.assistant import Magbot
from magbot.web.service import create_service


@pytest.fixture(scope="session")
def service_url(magbot: Magbot) -> Iterator[str]:
    with running(create_service(magbot, magbot.settings)) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = browser_path()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("no chromium, and REQUIRE_BROWSER is set")
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        contexts.append(browser.new_context(**options))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], service_url: str) -> Page:
    """The Danish page, ready for a question."""
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(service_url)
    page.wait_for_selector(".mb-welcome")
    return page
