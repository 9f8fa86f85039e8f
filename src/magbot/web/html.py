"""Small pieces of HTML, all escaped: markupsafe escapes whatever is put into a template."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from magbot.answer.wording import evidence_in_words
from magbot.safety.data import load
from magbot.safety.sanitise import safe_url
from magbot.schema import Kind, Language

# “29,4” must not stand at the end of one line and “%” at the beginning of the next.
_AMOUNT = re.compile(r"(?<=\d) (?=(?:%|mg|g|µg|kg|ml|l|mmol|mEq)\b|%)")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@cache
def help_lines() -> dict[str, dict[str, Any]]:
    """The help lines that magbot knows, by number."""
    return {str(line["number"]): line for line in load("help_lines")["lines"].values()}


@cache
def _phone_pattern() -> re.Pattern[str]:
    known = "|".join(re.escape(number) for number in sorted(help_lines(), key=len, reverse=True))
    # “112 mg” is a dose, no telephone number.
    return re.compile(rf"(?<![\d.,-])(?:{known})(?![\d-]|[.,]\d|\s?(?:mg|g|µg|ml|mmol|%))")


def link(url: str | None, words: str) -> Markup:
    """A link to another site, or nothing when the address cannot be trusted."""
    safe = safe_url(url)
    if safe is None:
        return Markup("")
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(safe, words)


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs."""
    pieces = [piece.strip() for piece in re.split(r"\n\s*\n", text) if piece.strip()]
    return join(Markup("<p>{}</p>").format(with_phones(piece)) for piece in pieces)


def with_phones(text: str) -> Markup:
    """Escaped text in which help lines can be tapped; `**bold**` is the only markup that it may hold."""
    pieces = _BOLD.split(text)
    return join(
        Markup("<strong>{}</strong>").format(_tappable(piece)) if number % 2 else _tappable(piece)
        for number, piece in enumerate(pieces)
    )


def _tappable(text: str) -> Markup:
    parts: list[Markup] = []
    position = 0
    for match in _phone_pattern().finditer(text):
        parts.append(typeset(text[position : match.start()]))
        parts.append(Markup('<a class="mb-tel" href="tel:{}">{}</a>').format(dial(match[0]), match[0]))
        position = match.end()
    return join([*parts, typeset(text[position:])])


def dial(number: str) -> str:
    """A telephone number as `tel:` links have it."""
    return re.sub(r"[ -]", "", number)


def phone_numbers(text: str) -> list[str]:
    """Help lines in a text, in their order, each once."""
    return list(dict.fromkeys(match[0] for match in _phone_pattern().finditer(text)))


def highlighted(text: str, start: int, end: int) -> Markup:
    """A text with those of its characters marked that lie between start and end."""
    first, last = max(start, 0), min(end, len(text))
    if first >= last:
        return escape(text)
    return Markup('{}<mark tabindex="-1">{}</mark>{}').format(text[:first], text[first:last], text[last:])


def lines(text: str, start: int, end: int) -> Markup:
    """A text with its lines apart, so that a note of one fact a line can be read; marked from start to end."""
    shown: list[Markup] = []
    position = 0
    for line in text.split("\n"):
        shown.append(
            Markup('<span class="mb-line">{}</span>').format(highlighted(line, start - position, end - position))
        )
        position += len(line) + 1
    return Markup("\n").join(shown) if len(shown) > 1 else highlighted(text, start, end)


def strength(level: int | None, language: Language, kind: Kind = Kind.OTHER) -> Markup:
    """Evidence as five steps and in words; the words carry the meaning, the steps are decoration."""
    if kind is Kind.TABLE:
        return Markup('<span class="mb-strength">{}</span>').format(evidence_in_words(level, language, kind))
    filled = 0 if level is None else 6 - level
    steps = Markup("").join(Markup('<i class="on"></i>') if step < filled else Markup("<i></i>") for step in range(5))
    return Markup(
        '<span class="mb-strength" data-level="{}"><span class="mb-steps" aria-hidden="true">{}</span>{}</span>'
    ).format(level or 0, steps, evidence_in_words(level, language))


def typeset(text: str) -> Markup:
    """Escaped text in which a number and its unit stay on one line."""
    return escape(_AMOUNT.sub("\N{NO-BREAK SPACE}", text))


def join(pieces: Iterable[Markup | str]) -> Markup:
    """Pieces of markup after each other; plain strings are escaped."""
    return Markup("").join(pieces)
