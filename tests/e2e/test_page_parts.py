"""What the page does around answers, with an assistant that answers from a script: no index is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from e2e.browser import free_port, running
from playwright.sync_api import BrowserContext, Page, expect
from web.fake import Keeper

from magbot.records import Records
from magbot.settings import Settings
from magbot.web.service import create_service

pytestmark = pytest.mark.browser
# The page says that an answer is slow after four seconds.
SLOW_MS = 9_000


@pytest.fixture(scope="module")
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("kept"), keep_feedback=True)


@pytest.fixture(scope="module")
def url(keeper: Keeper, kept: Settings) -> Iterator[str]:
    with running(create_service(keeper, kept)) as address:
        yield address


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], url: str) -> Page:
    page = new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce").new_page()
    page.goto(url)
    page.wait_for_selector(".mb-welcome")
    return page


def violations(page: Page) -> list[str]:
    # What is drawn while colours fade would be measured half way.
    page.wait_for_timeout(350)
    found = Axe().run(page).response["violations"]
    return [f"{item['id']} ({item['impact']}): {item['nodes'][0]['html'][:160]}" for item in found]


def ask(page: Page, question: str) -> None:
    page.locator("#mb-question textarea").fill(question)
    page.locator("#mb-question textarea").press("Enter")


def answered(page: Page, turn: int = 1) -> None:
    expect(page.locator(f'.mb-turn[data-turn="{turn}"][data-done="yes"]')).to_be_visible(timeout=15000)


def test_what_was_searched_for_can_be_put_right(page: Page) -> None:
    ask(page, "Hjælper det?")
    answered(page)
    row = page.locator(".mb-searched").first
    expect(row).to_contain_text("Søgte efter: Hjælper det? (magnesium)")
    row.get_by_role("button", name="Ret").click()
    field = row.get_by_label("Det, der skal søges efter")
    expect(field).to_be_focused()
    field.fill("Hjælper det mod søvnløshed?")
    field.press("Enter")
    answered(page, 2)
    expect(page.locator(".mb-question").last).to_contain_text("Hjælper det mod søvnløshed?")


def test_nothing_jumps_while_an_answer_streams(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, "Hjælper det, drypvis?")
    first = page.locator("#mb-now .mb-statement").first
    expect(first).to_be_visible()
    page.wait_for_timeout(250)
    before = first.bounding_box()
    answered(page)
    after = first.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) <= 24  # the notice's reference may take one more line


def test_a_suggestion_is_asked_and_an_answer_is_copied_with_its_references(page: Page, url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    ask(page, "Hjælper det?")
    answered(page)
    page.get_by_role("button", name="Kopiér med kilder").click()
    expect(page.get_by_role("button", name="Kopieret")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "219.224" in copied
    assert "https://doi.org/10.1234/abc" in copied
    page.get_by_role("button", name="Hvem skal passe på?").click()
    answered(page, 2)
    expect(page.locator(".mb-question").last).to_contain_text("Hvem skal passe på?")


def test_a_slow_answer_is_said_to_be_slow(page: Page) -> None:
    ask(page, "Hjælper det, langsomt?")
    expect(page.locator(".mb-stage")).to_be_visible()
    # This person has asked for less motion.
    assert page.locator(".mb-pulse").evaluate("(dot) => getComputedStyle(dot).animationName") == "none"
    expect(page.locator(".mb-note")).to_contain_text("længere tid", timeout=SLOW_MS)
    answered(page)
    expect(page.locator(".mb-note")).to_be_hidden()


def test_a_server_that_goes_away_is_shown_and_the_question_is_not_lost(
    new_context: Callable[..., BrowserContext], kept: Settings
) -> None:
    port = free_port()
    page = new_context().new_page()
    with running(create_service(Keeper(), kept), port) as url:
        page.goto(url)
        page.wait_for_selector(".mb-welcome")
        ask(page, "Den første?")
        answered(page)
    ask(page, "Hjælper det?")
    expect(page.locator(".mb-note")).to_contain_text("Forbindelsen til magbot er væk", timeout=SLOW_MS)
    expect(page.locator("#mb-question textarea")).to_have_value("Hjælper det?")
    expect(page.locator(".mb-turn:visible")).to_have_count(1)
    with running(create_service(Keeper(), kept), port):
        # The page starts anew by itself, with the conversation and with the question that was not sent.
        expect(page.locator("#mb-now .mb-turn")).to_have_count(0, timeout=2 * SLOW_MS)
        expect(page.locator(".mb-note")).to_be_hidden(timeout=SLOW_MS)
        expect(page.locator("#mb-question textarea")).to_have_value("Hjælper det?")
        page.locator("#mb-question textarea").press("Enter")
        answered(page, 2)
        expect(page.locator(".mb-turn:visible")).to_have_count(2)


def test_an_error_that_nobody_foresaw_is_shown(page: Page) -> None:
    ask(page, "Et nedbrud?")
    expect(page.locator(".mb-error")).to_contain_text("Noget gik galt", timeout=10000)
    expect(page.locator("#mb-question textarea")).to_have_value("Et nedbrud?")
    expect(page.locator(".mb-question")).to_contain_text("Et nedbrud?")
    ask(page, "Hjælper det?")
    answered(page)


def test_feedback_is_kept_only_when_sent(page: Page, kept: Settings) -> None:
    ask(page, "Hjælper det?")
    answered(page)
    page.get_by_role("button", name="Nej").click()
    expect(page.get_by_text("i 30 dage")).to_be_visible()
    assert Records(kept).feedback() == []
    page.get_by_label("Hvorfor? (valgfrit)").fill("Jeg spurgte om søvn.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Din vurdering er gemt")).to_be_visible()
    given = Records(kept).feedback()[0]
    assert (given.verdict, given.question, given.comment) == ("not_helpful", "Hjælper det?", "Jeg spurgte om søvn.")


def test_sources_are_added_reviewed_and_removed(page: Page, keeper: Keeper, tmp_path: Path) -> None:
    for name in ("note.md", "bad.txt"):
        (tmp_path / name).write_text("tekst", encoding="utf-8")
    page.get_by_role("tab", name="Tilføj").click()
    page.locator("[data-drop] input").set_input_files([tmp_path / "note.md", tmp_path / "bad.txt"])
    results = page.locator(".mb-results")
    expect(results.locator("[data-status=added]")).to_contain_text("note.md", timeout=10000)
    expect(results.locator("[data-status=refused]")).to_contain_text("Kan ikke bruges")
    page.get_by_label("Eller hent fra en adresse").fill("https://example.org/a")
    page.get_by_role("button", name="Hent", exact=True).click()
    expect(results.locator("[data-status=added]")).to_have_count(2)
    page.get_by_role("button", name="Markér som gennemgået").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Fjern", exact=True).click()
    page.get_by_role("button", name="Lav indekset forfra").click()
    expect(results).to_contain_text("Indekset er lavet forfra")
    assert [call for call in keeper.calls if isinstance(call, tuple)] == [
        ("review", "added-note", True),
        ("remove", "added-note"),
    ]


def test_a_wrong_token_is_refused_and_the_right_one_opens(
    new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "admin_token": "right"})
    with running(create_service(Keeper(), settings)) as url:
        page = new_context().new_page()
        page.goto(f"{url}/en/")
        page.get_by_role("tab", name="Add").click()
        for token, seen in (("wrong", "Wrong token"), ("right", "Drop files here")):
            page.get_by_label("Token").fill(token)
            page.get_by_role("button", name="Log in").click()
            expect(page.locator(".mb-maintain")).to_contain_text(seen)
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Token")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_forms(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    ask(page, "Hjælper det?")
    answered(page)
    page.get_by_role("button", name="Ret", exact=True).click()
    page.get_by_role("button", name="Ja", exact=True).click()
    page.locator("summary", has_text="Gem eller udskriv").click()
    found = violations(page)
    page.get_by_role("tab", name="Tilføj").click()
    expect(page.locator(".mb-drop")).to_be_visible()
    assert found + violations(page) == []


def test_a_question_that_does_not_fit_is_not_cut_in_silence(page: Page) -> None:
    field = page.locator("#mb-question textarea")
    field.focus()
    page.keyboard.insert_text("Jeg har ofte ondt i hovedet. " * 180)
    expect(page.locator(".mb-note")).to_contain_text("2.000 tegn")
    field.fill("Hjælper det?")
    expect(page.locator(".mb-note")).to_be_hidden()


def test_what_is_printed_can_be_read_in_dark_mode_too(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    ask(page, "Hjælper det?")
    answered(page)
    page.emulate_media(media="print", color_scheme="dark")
    box = page.locator(".mb-notices").evaluate(
        "(box) => [getComputedStyle(box).backgroundColor, getComputedStyle(box).color]"
    )
    assert box == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_print_shows_answer_and_sources_but_no_controls(page: Page) -> None:
    ask(page, "Hjælper det?")
    answered(page)
    page.emulate_media(media="print")
    expect(page.locator("#mb-question")).to_be_hidden()
    expect(page.locator("#mb-send")).to_be_hidden()
    expect(page.locator(".mb-tools")).to_be_hidden()
    expect(page.locator(".mb-disclaimer")).to_be_visible()
    expect(page.locator(".mb-statement").first).to_be_visible()
    expect(page.locator(".mb-panel-content blockquote").first).to_be_visible()


def test_answers_are_read_aloud_in_their_language(page: Page) -> None:
    page.evaluate(
        "() => { window.said = []; speechSynthesis.speak = (item) => window.said.push([item.lang, item.text]); }"
    )
    ask(page, "Hjælper det?")
    answered(page)
    button = page.get_by_role("button", name=re.compile("Læs højt"))
    button.click()
    expect(page.get_by_role("button", name="Stop oplæsning")).to_be_visible()
    said = page.evaluate("window.said")
    assert {language for language, _ in said} == {"da-DK"}
    assert "nyresygdom" in said[0][1]
