from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from magbot.web.wording import DA

pytestmark = pytest.mark.browser

GRADIO_TEXTS = """() => {
  const own = (node) => !(node.nodeType === 1 ? node : node.parentElement).closest(".html-container, script, style, noscript");
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    if (!own(node)) continue;
    if (node.nodeType === 3) texts.push(node.textContent.trim());
    else for (const name of ["aria-label", "title", "placeholder", "alt"]) texts.push(node.getAttribute(name) || "");
  }
  return texts.filter(Boolean);
}"""
QUESTION = "Hvor mange deltagere var der i undersøgelsen?"


def ask(page: Page, question: str, turn: int = 1) -> None:
    field = page.locator("#mb-question textarea")
    field.fill(question)
    field.press("Enter")
    expect(page.locator(f'.mb-turn[data-turn="{turn}"][data-done="yes"]')).to_be_visible(timeout=15000)
    # A finished answer glides into view; what is pointed at before that may move away from under the pointer.
    page.wait_for_function(
        "() => new Promise(done => { const y = scrollY; setTimeout(() => done(y === scrollY), 200) })"
    )


def violations(page: Page) -> list[str]:
    # What is drawn while colours fade would be measured half way.
    page.wait_for_timeout(350)
    found = Axe().run(page).response["violations"]
    return [f"{item['id']} ({item['impact']}): {item['nodes'][0]['html'][:160]}" for item in found]


def test_a_citation_opens_the_highlighted_quote(page: Page) -> None:
    ask(page, QUESTION)
    turn = page.locator(".mb-turn").first
    expect(turn).to_contain_text("219.224")
    mark = turn.locator(".mb-statement .mb-ref").first
    quote = mark.get_attribute("data-quote")
    mark.hover()
    expect(page.locator("#mb-tip q")).to_have_text(quote or "")
    expect(page.locator("#mb-tip")).to_be_visible()
    statement, card = turn.locator(".mb-statement").first.bounding_box(), page.locator("#mb-tip").bounding_box()
    assert statement
    assert card
    assert card["y"] >= statement["y"] + statement["height"] - 12, "the statement can be read beside its quote"
    mark.click()
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    expect(panel.locator("mark")).to_have_text(quote or "")
    expect(panel.locator(".mb-strength")).to_have_text(re.compile("evidens"))


def test_keyboard_from_question_to_citation_and_back(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".mb-statement .mb-ref").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#mb-tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#mb-tip")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".mb-statement .mb-ref").first).to_be_focused()


def test_the_question_field_keeps_the_focus_and_the_answer_is_announced(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator("#mb-question textarea")).to_be_focused()
    expect(page.locator("#mb-question textarea")).to_have_value("")
    expect(page.locator("#mb-live [role=status]")).to_contain_text("219.224")


def test_back_closes_the_panel(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".mb-ref").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".mb-turn")).to_have_count(1)


def test_back_from_a_document_leads_to_the_citation_it_was_opened_from(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".mb-statement .mb-ref").first.click()
    panel = page.get_by_role("dialog")
    quote = panel.locator("mark").inner_text()
    panel.locator("a[data-open]").click()
    expect(page.locator(".mb-reader mark").first).to_be_in_viewport(timeout=15000)
    expect(page).to_have_title(re.compile(r".+ – magbot$"))
    page.go_back()
    expect(page.get_by_role("tab", name="Spørg")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".mb-turn")).to_be_visible()
    expect(panel.locator("mark")).to_have_text(quote)
    page.go_back()
    expect(panel).to_be_hidden()
    expect(page.locator(".mb-turn")).to_be_visible()


def test_each_tab_has_an_address_that_reload_back_and_the_language_switch_keep(page: Page) -> None:
    page.get_by_role("tab", name="Kvalitet").click()
    page.get_by_role("tab", name="Om", exact=True).click()
    expect(page).to_have_url(re.compile(r"/\?view=about$"))
    expect(page).to_have_title("Om – magbot")
    page.go_back()
    expect(page.get_by_role("tab", name="Kvalitet")).to_have_attribute("aria-selected", "true")
    expect(page).to_have_title("Kvalitet – magbot")
    page.reload()
    expect(page.get_by_role("tab", name="Kvalitet")).to_have_attribute("aria-selected", "true")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("tab", name="Quality")).to_have_attribute("aria-selected", "true")


def test_urgent_is_a_card_with_numbers_to_tap(page: Page) -> None:
    ask(page, "Jeg vil ikke leve mere")
    card = page.locator("section.mb-urgent")
    expect(card).to_have_attribute("role", "alert")
    expect(card.locator('a.mb-call[href="tel:70201201"]')).to_be_visible()
    expect(card.locator('a.mb-call[href="tel:112"]')).to_be_visible()
    for call in card.locator("a.mb-call").all():
        box = call.bounding_box()
        assert box
        assert 48 <= box["height"] <= 72, "a number is never broken over lines"


def test_a_refusal_has_no_citation(page: Page) -> None:
    ask(page, "Hvad bliver vejret i morgen?")
    expect(page.locator(".mb-is-off_topic")).to_be_visible()
    expect(page.locator(".mb-ref, .mb-source")).to_have_count(0)


def test_example_buttons_ask(page: Page) -> None:
    page.locator(".mb-ask").first.click()
    expect(page.locator('.mb-turn[data-done="yes"] .mb-ref').first).to_be_visible(timeout=15000)


def test_english_questions_get_english_answers_on_the_danish_page(page: Page) -> None:
    page.locator(".mb-ask[lang=en]").first.click()
    expect(page.locator('.mb-turn[data-done="yes"] .mb-answer')).to_have_attribute("lang", "en", timeout=15000)


def test_the_language_switch_is_remembered(page: Page, service_url: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "da")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/")
    expect(page.get_by_role("tab", name="Sources")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(service_url)
    page.wait_for_url("**/en/")
    page.get_by_role("link", name="Dansk").click()
    expect(page.get_by_role("tab", name="Kilder")).to_be_visible()


def test_a_reload_keeps_the_conversation_and_a_new_one_forgets_it(page: Page) -> None:
    ask(page, QUESTION)
    page.reload()
    expect(page.locator(".mb-turn .mb-ref").first).to_be_visible(timeout=15000)
    ask(page, "Hvad med migræne?", turn=2)
    page.get_by_role("button", name="Ny samtale").click()
    page.get_by_role("button", name="hent samtalen tilbage").click()
    expect(page.locator(".mb-turn:visible")).to_have_count(2, timeout=15000)
    page.get_by_role("button", name="Ny samtale").click()
    expect(page.locator(".mb-welcome")).to_be_visible()
    page.reload()
    expect(page.locator(".mb-welcome")).to_be_visible()
    assert (
        page.evaluate(
            "Object.keys(localStorage).concat(Object.keys(sessionStorage)).filter(k => /conversation/.test(k))"
        )
        == []
    )


def test_a_shared_link_opens_the_document_at_the_quote(page: Page, service_url: str) -> None:
    ask(page, QUESTION)
    page.locator(".mb-ref").first.click()
    quote = page.get_by_role("dialog").locator("mark").inner_text()
    path = page.get_by_role("dialog").locator("a[data-open]").get_attribute("href")
    page.goto(f"{service_url}{path}")
    expect(page.locator(".mb-reader mark").first).to_be_in_viewport(timeout=15000)
    assert "".join(page.locator(".mb-reader mark").all_inner_texts()).split() == quote.split()
    page.get_by_role("button", name="Tilbage til alle kilder").click()
    expect(page.locator(".mb-library")).to_be_visible()


def test_sources_can_be_filtered_and_read(page: Page) -> None:
    page.get_by_role("tab", name="Kilder").click()
    rows = page.locator(".mb-documents > li:visible")
    everything = rows.count()
    page.get_by_label("Søg i kilderne").fill("Taylor")
    expect(rows).not_to_have_count(everything)
    page.get_by_label("Søg i kilderne").fill("")
    for name in ("topic", "kind", "level", "year"):
        chosen = page.locator(f"[data-filter={name}]")
        chosen.select_option(index=1)
        expect(rows).not_to_have_count(everything)
        chosen.select_option(index=0)
    expect(rows).to_have_count(everything)
    page.get_by_label("Søg i kilderne").fill("Taylor")
    expect(page.locator(".mb-count span")).to_have_text(str(rows.count()))
    rows.first.get_by_role("link").click()
    expect(page.locator(".mb-reader")).to_be_visible(timeout=15000)
    page.go_back()
    expect(page.locator(".mb-library")).to_be_visible(timeout=15000)


def test_the_conversation_is_saved_in_three_formats(page: Page) -> None:
    ask(page, QUESTION)
    for name, form in (("Markdown", "md"), ("HTML", "html"), ("JSON", "json")):
        page.locator("summary", has_text="Gem eller udskriv").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        expect(page.get_by_role("button", name=name)).to_be_hidden()
        text = download.value.path().read_text(encoding="utf-8")
        assert download.value.suggested_filename == f"magbot.{form}"
        assert "219.224" in text
    assert json.loads(text)[0]["question"] == QUESTION


def test_no_request_leaves_the_machine(new_context: Callable[..., BrowserContext], service_url: str) -> None:
    page = new_context().new_page()
    hosts: set[str] = set()
    blocked: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: blocked.append(message.text) if "Content Security" in message.text else None)
    for path in ("/", "/en/", "/docs"):
        page.goto(service_url + path)
        page.wait_for_timeout(1500)
    page.goto(service_url)
    ask(page, QUESTION)
    page.locator(".mb-ref").first.click()
    page.wait_for_timeout(500)
    assert hosts - {""} == {urlsplit(service_url).netloc}
    assert blocked == []


def test_ten_people_at_once_get_their_own_answers(new_context: Callable[..., BrowserContext], service_url: str) -> None:
    questions = ["Hvor mange deltagere var der i undersøgelsen?", "Hjælper magnesium mod migræne?"] * 5
    pages = [new_context().new_page() for _ in questions]
    for page in pages:
        page.goto(service_url)
        page.wait_for_selector(".mb-welcome")
    for page, question in zip(pages, questions, strict=True):
        page.locator("#mb-question textarea").fill(question)
    for page in pages:
        page.locator("#mb-question textarea").press("Enter", no_wait_after=True)
    answers = []
    for page, question in zip(pages, questions, strict=True):
        expect(page.locator('.mb-turn[data-done="yes"]')).to_have_count(1, timeout=20000)
        expect(page.locator(".mb-question")).to_contain_text(question)
        answers.append(page.locator(".mb-answer").inner_text())
    assert set(answers[::2]) == {answers[0]}
    assert set(answers[1::2]) == {answers[1]}
    assert answers[0] != answers[1]


def test_a_lost_connection_is_shown(page: Page) -> None:
    # Gradio opens the page anew when the connection is lost while it still loads.
    page.wait_for_timeout(1500)
    for answered in (False, True):
        if answered:
            ask(page, QUESTION)
        page.context.set_offline(True)
        expect(page.locator(".mb-note")).to_contain_text("Forbindelsen")
        page.wait_for_timeout(300)
        expect(page.locator(".mb-note")).to_be_visible()
        page.context.set_offline(False)
        expect(page.locator(".mb-note")).to_be_hidden()


def test_a_phone_shows_everything_without_sideways_scrolling(
    new_context: Callable[..., BrowserContext], service_url: str
) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
    page.goto(service_url)
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".mb-ref").first.tap()
    expect(page.get_by_role("dialog").locator("mark")).to_be_in_viewport()
    expect(page.locator(".mb-disclaimer")).to_be_visible()


# What 1280 pixels become at 200 % and at 400 %.
@pytest.mark.parametrize(("width", "height", "field"), [(640, 400, "sticky"), (320, 256, "static")])
def test_zoomed_in_everything_is_reached_without_sideways_scrolling(
    new_context: Callable[..., BrowserContext], service_url: str, width: int, height: int, field: str
) -> None:
    page = new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(service_url)
    ask(page, "Hvilke fødevarer indeholder mest magnesium?")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#mb-dock").evaluate("(dock) => getComputedStyle(dock).position") == field
    # gradio's own parts are the only ones that do not come with the page's words.
    texts = page.evaluate(GRADIO_TEXTS)
    assert set(texts) <= {*(getattr(DA, f"tab_{name}") for name in ("ask", "sources", "add", "quality", "about")),
                          DA.ask_label, DA.ask_placeholder, DA.ask_button, DA.more_tabs}  # fmt: skip
    assert DA.ask_button in texts


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/en/"])
def test_axe_finds_nothing(new_context: Callable[..., BrowserContext], service_url: str, path: str, theme: str) -> None:
    page = new_context(viewport={"width": 1280, "height": 800}, color_scheme=theme, reduced_motion="reduce").new_page()
    page.goto(service_url + path)
    page.wait_for_selector(".mb-welcome")
    found = {"welcome": violations(page)}
    ask(page, "Må jeg tage magnesium med nyresygdom?" if path == "/" else "Does magnesium help against migraine?")
    found["answer"] = violations(page)
    page.locator(".mb-ref").first.click()
    found["panel"] = violations(page)
    page.keyboard.press("Escape")
    ask(
        page,
        "Er 500 mg magnesium om dagen for meget?" if path == "/" else "Which foods are richest in magnesium?",
        turn=2,
    )
    expect(page.locator(".mb-bars").first).to_be_visible()
    found["chart"] = violations(page)
    ask(page, "Jeg vil ikke leve mere" if path == "/" else "I want to die", turn=3)
    found["urgent"] = violations(page)
    for number, name in enumerate(("sources", "add", "quality", "about"), 1):
        page.get_by_role("tab").nth(number).click()
        page.wait_for_timeout(300)
        found[name] = violations(page)
    page.get_by_role("tab").nth(1).click()
    page.locator(".mb-documents a").first.click()
    page.wait_for_selector(".mb-reader")
    found["document"] = violations(page)
    assert {name: listed for name, listed in found.items() if listed} == {}
