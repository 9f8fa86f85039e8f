from collections.abc import Callable, Sequence
from io import StringIO

from rich.console import Console
from web.fake import FIRST, FakeMagbot

from magbot.interfaces.chat import Chat


def talk(lines: Sequence[str]) -> str:
    given = iter(lines)
    out = Console(file=StringIO(), width=200)

    def read() -> str:
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    reader: Callable[[], str] = read
    Chat(FakeMagbot(), out).run(reader)
    return out.file.getvalue()


def test_an_answer_shows_what_was_searched_for_and_sources_on_demand() -> None:
    said = talk(["Hjælper magnesium?", "1", "9", "/slut", "never read"])
    before, after = said.split("»", 1)
    assert "Søgte efter: Hjælper magnesium? (magnesium)" in before
    assert "Har du nyresygdom" in before
    assert FIRST in after
    assert "Der er ingen kilde med det nummer." in after
    assert "never read" not in said


def test_sources_lists_all_and_says_which_nobody_reviewed() -> None:
    said = talk(["Hjælper magnesium?", "/kilder"])
    assert said.count("»") == 4
    assert "ikke gennemgået" in said


def test_commands_answer_in_the_language_of_the_conversation() -> None:
    assert "There is no source" in talk(["Does the magnesium help?", "[7]"])
    said = talk(["/hjælp", "/hvad", "/ny", "1"])
    assert "kilde" in said
    assert "Den kommando kender jeg ikke." in said
    assert "Vi begynder forfra." in said


def test_an_error_is_a_sentence_and_the_conversation_goes_on() -> None:
    said = talk(["fejl", "Hjælper magnesium?"])
    assert "The question cannot be taken. Ask another." in said
    assert FIRST in said
