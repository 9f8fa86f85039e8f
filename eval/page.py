"""How fast the page is: from pressing Enter to the first statement on screen, and from opening it to being usable.

`python eval/page.py` starts the service on a free port and drives the browser that the system provides. The times are
taken inside the browser, at the key press and in the frame that shows the statement.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
FIRST_STATEMENT_MS = 300
INTERACTIVE_MS = 3000
START_S = 300
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
QUESTIONS = (
    "Hjælper magnesium mod migræne?", "Hvor meget magnesium har man brug for om dagen?", "Does magnesium help sleep?",
    "Hvor mange deltagere var der i undersøgelsen?", "How much magnesium is in almonds?",
)  # fmt: skip
# Runs in the page: the clock starts at Enter and stops in the frame after the first new statement is in the document.
WATCH = """
(turn) => new Promise((done) => {
  let start = 0;
  document.addEventListener("keydown", (event) => { if (event.key === "Enter") start ||= performance.now(); }, true);
  const look = () => {
    const found = document.querySelector(`.mb-turn[data-turn="${turn}"] .mb-statement`);
    if (found) requestAnimationFrame(() => done(performance.now() - start));
    else requestAnimationFrame(look);
  };
  look();
})
"""
READY = """() => new Promise((done) => {
  const look = () => document.querySelector("#mb-question textarea") && document.querySelector(".mb-welcome")
    ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""


@contextmanager
def service() -> Iterator[str]:
    """A service of its own, as a person starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "magbot", "serve", "--port", str(port)], cwd=ROOT)  # noqa: S603
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(START_S):
            time.sleep(1)
            if process.poll() is not None:
                sys.exit("the service did not start")
            try:
                httpx.get(f"{url}/api/health", timeout=1).raise_for_status()
                break
            except httpx.HTTPError:
                continue
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def first_statements(page: Page, count: int) -> list[float]:
    """Milliseconds from Enter to the first statement, for a number of questions in one conversation."""
    times = []
    for number in range(1, count + 1):
        page.locator("#mb-question textarea").fill(QUESTIONS[number % len(QUESTIONS)])
        page.evaluate(f"() => {{ window.firstStatement = ({WATCH})({number}); }}")
        page.keyboard.press("Enter")
        times.append(float(page.evaluate("() => window.firstStatement")))
        page.wait_for_selector(f'.mb-turn[data-turn="{number}"][data-done="yes"]')
    return times


def main() -> int:
    """Measure a service that runs, or one of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--url", help="a service that runs already")
    arguments = parser.parse_args()
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser_path is None:
        sys.exit("No chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        if arguments.url:
            return measure(browser.new_page(), arguments.url, arguments.count)
        with service() as url:
            return measure(browser.new_page(), url, arguments.count)


def measure(page: Page, url: str, count: int) -> int:
    """Print the figures beside their bars; 0 when all are met."""
    page.goto(url)
    page.evaluate(READY)
    page.wait_for_timeout(1000)
    page.goto(url)
    interactive = float(page.evaluate(READY))
    page.wait_for_timeout(1000)
    times = sorted(first_statements(page, count))
    p50, p95 = statistics.median(times), times[max(0, round(0.95 * len(times)) - 1)]
    print(f"first view usable     {interactive:6.0f} ms  (bar {INTERACTIVE_MS})")
    print(f"first statement, p50  {p50:6.0f} ms  (bar {FIRST_STATEMENT_MS}; {count} questions)")
    print(f"first statement, p95  {p95:6.0f} ms")
    return 0 if interactive <= INTERACTIVE_MS and p50 <= FIRST_STATEMENT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
