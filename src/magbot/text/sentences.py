"""Splits running text into sentences, for Danish and English, keeping every character offset."""

from __future__ import annotations

import re
from collections.abc import Iterator

from magbot.text.words import words

ABBREVIATIONS = frozenset(words()["abbreviations"].split())
_END = re.compile(r"[.!?…]+[\"'»”’)\]]*(?=\s|$)")
_WORD_BEFORE = re.compile(r"[^\s(\[\"'»«“”/]+$")
_LETTER_NAMED = re.compile(
    r"(?:vitamin|hepatitis|type|typen|group|gruppe|level|class|klasse|omega)[ -]$", re.IGNORECASE
)
_NEXT = re.compile(r"\S")
_WINDOW = 80
_INITIAL = re.compile(r"^(?:[A-ZÆØÅ]|[A-ZÆØÅ](?:\.[A-ZÆØÅ])+)$")


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of one paragraph, in order, without surrounding white space.

    A full stop ends a sentence unless it belongs to an abbreviation, to an initial or to an ordinal number, or what
    follows goes on in lower case. Line breaks inside the paragraph count as spaces.
    """
    start = 0
    for match in _END.finditer(text):
        if _ends_sentence(text, start, match):
            yield from _stripped(text, start, match.end())
            start = match.end()
    yield from _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        yield start + left, start + right


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    next_match = _NEXT.search(text, match.end())
    if not next_match:
        return True
    following = next_match.group()
    if following.islower() or following in ",;:)–":
        return False
    mark = match.group()
    if mark[0] != "." or mark.startswith(".."):
        return True
    # A window, so that a long text without sentence ends is not read again at each full stop.
    before = text[max(start, match.start() - _WINDOW) : match.start()]
    word_match = _WORD_BEFORE.search(before)
    word = word_match.group() if word_match else ""
    if not word:
        return bool(before.strip())
    if word.lower().strip(".") in ABBREVIATIONS or word.lower() in ABBREVIATIONS:
        # "... 30 ml. Derefter": a unit at a real end is rare enough to keep together.
        return False
    if _INITIAL.match(word):
        # "B. Hansen" goes on; "vitamin D. Derefter" and a line of its own do not.
        return bool(_LETTER_NAMED.search(before[: -len(word)])) or "\n" in text[match.end() : next_match.start()]
    # "d. 4. Juli", "nr. 5. Kirke": a short number at the start of a list item or ordinal; years do end sentences.
    return not (word.isdigit() and len(word) <= 2 and before.strip() == word)
