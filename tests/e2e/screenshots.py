"""Makes docs/screenshots: `PYTHONPATH=tests python tests/e2e/screenshots.py`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from e2e.browser import ARGUMENTS, browser_path, running
from playwright.sync_api import Browser, Page, sync_playwright

from magbot.assistant import Magbot
from magbot.settings import load_settings
from magbot.web.service import create_service

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
QUESTIONS = {
    "da": {
        "answer": "Hjælper magnesium mod migræne?",
        "caveat": "Hvor meget magnesium må man højst tage som tilskud?",
        "notice": "Må jeg tage magnesium med nyresygdom?",
        "refusal": "Hvad bliver vejret i morgen?",
        "urgent": "Jeg vil ikke leve mere",
    },
    "en": {
        "answer": "Does magnesium help against migraine?",
        "caveat": "What is the upper limit for magnesium supplements?",
        "notice": "Can I take magnesium with kidney disease?",
        "refusal": "Who won the football match yesterday?",
        "urgent": "I want to die",
    },
}
SIZES = {"desk": (1280, 800), "phone": (390, 844)}


def ask(page: Page, question: str, turn: int = 1) -> None:
    page.locator("#mb-question textarea").fill(question)
    page.locator("#mb-question textarea").press("Enter")
    page.wait_for_selector(f'.mb-turn[data-turn="{turn}"][data-done="yes"]')
    page.wait_for_timeout(700)


def shoot(browser: Browser, url: str, language: str, size: str, theme: str) -> None:
    width, height = SIZES[size]
    name = f"{language}-{size}-{theme}"

    def fresh(path: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{url}/{'en/' if language == 'en' else ''}{path}")
        page.wait_for_selector("#mb-question textarea", state="attached")
        page.wait_for_timeout(600)
        return page

    def keep(page: Page, view: str) -> None:
        page.screenshot(path=FOLDER / f"{view}-{name}.png")

    page = fresh()
    keep(page, "welcome")
    page.context.close()
    for view, question in QUESTIONS[language].items():
        page = fresh()
        ask(page, question)
        keep(page, view)
        if view == "answer":
            page.locator(".mb-statement .mb-ref").first.click()
            page.wait_for_timeout(400)
            keep(page, "source")
        page.context.close()
    page = fresh()
    for turn, view in enumerate(("answer", "notice", "caveat"), 1):
        ask(page, QUESTIONS[language][view], turn)
    keep(page, "conversation")
    page.get_by_role("tab").nth(1).click()
    page.wait_for_timeout(300)
    keep(page, "sources")
    page.get_by_role("tab").nth(3).click()
    page.wait_for_timeout(300)
    keep(page, "about")
    page.context.close()
    page = fresh(f"?document=taylor-2025&language={language}#300-420")
    page.wait_for_selector(".mb-reader mark")
    page.wait_for_timeout(400)
    keep(page, "document")
    page.context.close()


def main() -> int:
    path = browser_path()
    if path is None:
        logging.error("No chromium on this machine: apt-get install chromium")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    settings = load_settings()
    with running(create_service(Magbot(settings), settings)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        shoot(browser, url, "da", "desk", "light")
        shoot(browser, url, "da", "phone", "dark")
        shoot(browser, url, "en", "desk", "dark")
        shoot(browser, url, "en", "phone", "light")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
