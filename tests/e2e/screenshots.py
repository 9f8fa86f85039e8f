"""Makes docs/screenshots: `PYTHONPATH=tests python tests/e2e/screenshots.py [VIEW…]`, all views or those that are named."""

from __future__ import annotations

import io
import itertools
import logging
import sys
from pathlib import Path

from e2e.browser import ARGUMENTS, browser_path, running
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from magbot.assistant import Magbot
from magbot.settings import load_settings
from magbot.web.service import create_service

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
QUESTIONS = {
    "da": {
        "answer": "Hjælper magnesium mod migræne?",
        "caveat": "Hvad siger artiklen om depression?",
        "notice": "Må jeg tage magnesium med nyresygdom?",
        "refusal": "Hvad bliver vejret i morgen?",
        "urgent": "Jeg vil ikke leve mere",
        "foods": "Hvilke fødevarer indeholder mest magnesium?",
        "limits": "Jeg tager 500 mg magnesium om dagen, er det for meget?",
    },
    "en": {
        "answer": "Does magnesium help against migraine?",
        "caveat": "What does the article say about depression?",
        "notice": "Can I take magnesium with kidney disease?",
        "refusal": "Who won the football match yesterday?",
        "urgent": "I want to die",
        "foods": "Which foods are richest in magnesium?",
        "limits": "I take 500 mg of magnesium a day, is that too much?",
    },
}
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
# The sentence on 43 clinical studies in the article.
MARKED = {"da": "482-717", "en": "474-693"}
TABS = ("sources", "add", "quality", "about")
# Few colours are enough for a page, and keep the repository small.
COLOURS = 64


def ask(page: Page, question: str, turn: int = 1) -> None:
    page.locator("#mb-question textarea").fill(question)
    page.locator("#mb-question textarea").press("Enter")
    page.wait_for_selector(f'.mb-turn[data-turn="{turn}"][data-done="yes"]')
    page.wait_for_timeout(300)


def shoot(browser: Browser, url: str, language: str, size: str, theme: str, wanted: set[str]) -> None:
    width, height = SIZES[size]
    phone = size == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="reduce",
        is_mobile=phone,
        has_touch=phone,
    )
    page = context.new_page()
    start = f"{url}/{'en/' if language == 'en' else ''}"

    def keep(view: str) -> None:
        if view not in wanted:
            return
        with Image.open(io.BytesIO(page.screenshot())) as picture:
            few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(FOLDER / f"{view}-{language}-{size}-{theme}.png", optimize=True)

    page.goto(start)
    page.wait_for_selector(".mb-welcome")
    page.wait_for_timeout(500)
    keep("welcome")
    for view, question in QUESTIONS[language].items():
        if view not in wanted and not (view == "answer" and "source" in wanted):
            continue
        ask(page, question)
        keep(view)
        if view == "answer":
            page.locator(".mb-statement .mb-ref").first.click()
            page.wait_for_timeout(300)
            keep("source")
            page.keyboard.press("Escape")
        page.locator("[data-new]").click()
    if "conversation" in wanted:
        for turn, view in enumerate(("answer", "notice", "limits", "caveat"), 1):
            ask(page, QUESTIONS[language][view], turn)
        page.mouse.wheel(0, -250)
        page.wait_for_timeout(300)
        keep("conversation")
    for number, view in enumerate(TABS, 1):
        page.get_by_role("tab").nth(number).click()
        page.wait_for_timeout(500)
        page.evaluate("scrollTo(0, 0)")
        keep(view)
    page.goto(f"{start}?document=taylor-2025&language={language}#{MARKED[language]}")
    page.wait_for_selector(".mb-reader mark")
    page.wait_for_timeout(300)
    keep("document")
    context.close()


def main() -> int:
    path = browser_path()
    if path is None:
        logging.error("No chromium on this machine: apt-get install chromium")
        return 1
    views = {"welcome", *QUESTIONS["da"], "source", "conversation", *TABS, "document"}
    wanted = set(sys.argv[1:]) or views
    if wanted - views:
        logging.error("There is no view %s; there are: %s", ", ".join(wanted - views), ", ".join(sorted(views)))
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    settings = load_settings()
    with running(create_service(Magbot(settings), settings)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for language, size, theme in itertools.product(QUESTIONS, SIZES, ("light", "dark")):
            shoot(browser, url, language, size, theme, wanted)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
