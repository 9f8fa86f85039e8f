"""A conversation in the terminal: answers with their sources, follow-ups, and each quote on demand."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from magbot.assistant import Magbot
from magbot.errors import MagbotError
from magbot.interfaces.terminal import show_answer, show_source
from magbot.schema import Answer, Language, Message

WORDS: dict[str, dict[Language, str]] = {
    "hello": {
        "da": "Spørg om magnesium. Jeg er en maskine og ingen læge. Skriv /hjælp for kommandoer, /slut for at stoppe.",
        "en": "Ask about magnesium. I am a machine, not a doctor. Type /help for commands, /quit to stop.",
    },
    "help": {
        "da": "et nummer: vis kilden · /kilder: vis alle · /ny: begynd forfra · /slut: stop",
        "en": "a number: show that source · /sources: show all · /new: start again · /quit: stop",
    },
    "no_source": {"da": "Der er ingen kilde med det nummer.", "en": "There is no source with that number."},
    "new": {"da": "Vi begynder forfra.", "en": "Starting again."},
    "searched": {"da": "Søgte efter", "en": "Searched for"},
    "unknown": {"da": "Den kommando kender jeg ikke.", "en": "I do not know that command."},
}
QUIT = frozenset({"/quit", "/exit", "/slut", "/stop"})
HELP = frozenset({"/help", "/hjælp", "/hjaelp", "/?"})
NEW = frozenset({"/new", "/ny"})
SOURCES = frozenset({"/sources", "/kilder"})


class Chat:
    """One conversation. Nothing is kept when it ends."""

    def __init__(self, magbot: Magbot, console: Console, language: Language = "da") -> None:
        self._magbot = magbot
        self._console = console
        self._language = language
        self._history: list[Message] = []
        self._last: Answer | None = None

    def run(self, read: Callable[[], str]) -> None:
        """Talk until a command ends it or there is no more input. `read` gives the next line or raises EOFError."""
        self._say("hello")
        while True:
            try:
                line = read().strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line.lower() in QUIT:
                return
            if line:
                self._take(line)

    def _take(self, line: str) -> None:
        command = line.lower()
        if command in HELP:
            self._say("help")
        elif command in NEW:
            self._history, self._last = [], None
            self._say("new")
        elif command in SOURCES or command.strip("[]").isdigit():
            self._show_sources(command)
        elif command.startswith("/"):
            self._say("unknown")
            self._say("help")
        else:
            self._ask(line)

    def _ask(self, question: str) -> None:
        try:
            answer = self._magbot.ask(question, self._history)
        except MagbotError as error:
            self._console.print(Text(f"{error.message} {error.help}".strip(), style="red"))
            return
        self._language, self._last = answer.language, answer
        self._history += [Message(role="user", content=question), Message(role="assistant", content=answer.text)]
        if answer.standalone_question != question:
            searched = WORDS["searched"][answer.language]
            self._console.print(Text(f"{searched}: {answer.standalone_question}", style="dim"))
        show_answer(answer, self._console, sources=False)

    def _show_sources(self, command: str) -> None:
        citations = self._last.citations if self._last else ()
        wanted = command.strip("[]")
        shown = [c for c in citations if command in SOURCES or str(c.number) == wanted]
        for citation in shown:
            show_source(citation, self._language, self._console)
        if not shown:
            self._say("no_source")

    def _say(self, name: str) -> None:
        self._console.print(Text(WORDS[name][self._language], style="dim"))
