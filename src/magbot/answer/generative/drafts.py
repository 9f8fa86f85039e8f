"""Reads what a chat model writes, while it is being written: JSON lines, a JSON document, or text with [id] marks.

Models that are asked for one form often write another, so that all three are taken. Nothing is repaired: what cannot
be read is no statement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from magbot.text.sentences import sentence_spans

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_OBJECT = re.compile(r"\{[^{}]*\}", re.DOTALL)
_MARKS = re.compile(r"\s*[\[【(]((?:id[:= ]*)?[\w-]{4,24}(?:\s*[,;]\s*[\w-]{4,24})*)[\]】)]")
_MARKED = re.compile(r"(?P<text>[^\n]+?)(?P<marks>(?:\s*\[[^\[\]\n]{1,120}\])+)(?P<end>[.!?]?)", re.DOTALL)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")


@dataclass(frozen=True)
class Draft:
    """One sentence of a model and the ids that it cites, as written."""

    text: str
    ids: tuple[str, ...]


class DraftReader:
    """Takes a model's text piece by piece and gives each statement as soon as it is whole."""

    def __init__(self, ids: frozenset[str]) -> None:
        self._ids = ids
        self._text = ""
        self._read = 0

    @property
    def text(self) -> str:
        """Everything so far, without what the model thought aloud."""
        return _THINKING.sub("", self._text)

    def feed(self, piece: str) -> list[Draft]:
        """Statements that this piece completes."""
        self._text += piece
        return list(self._drafts(last=False))

    def close(self) -> list[Draft]:
        """What is left at the end."""
        return list(self._drafts(last=True))

    def _drafts(self, *, last: bool) -> Iterator[Draft]:
        text = self.text
        if text.lstrip().startswith(("{", "[{", "[\n", "[ ", "```")):
            yield from self._from_json(text)
        elif text.strip():
            yield from self._from_marks(text, last=last)

    def _from_json(self, text: str) -> Iterator[Draft]:
        for match in _OBJECT.finditer(text, self._read):
            self._read = match.end()
            try:
                value = json.loads(match.group())
            except json.JSONDecodeError:
                continue
            yield from from_object(value)

    def _from_marks(self, text: str, *, last: bool) -> Iterator[Draft]:
        for match in _MARKED.finditer(text, self._read):
            # Another mark may follow, so that a statement is whole only when something else does.
            rest = text[match.end() :].lstrip()
            if not last and (not rest or rest[0] in "[.!?"):
                return
            self._read = match.end()
            found = re.findall(r"[\w-]+", match["marks"])
            known = tuple(dict.fromkeys(item for item in found if item in self._ids))
            yield from _sentences(match["text"] + match["end"], known or tuple(found))
        if last:
            yield from _sentences(text[self._read :], ())
            self._read = len(text)


def from_object(value: object) -> Iterator[Draft]:
    """The statement in one JSON object, if it is one."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return
    cited = value.get("citations", value.get("ids", ()))
    listed = [cited] if isinstance(cited, str) else cited if isinstance(cited, list) else []
    ids = [item.strip("[] ") for item in listed if isinstance(item, str)]
    yield from _sentences(value["text"], tuple(dict.fromkeys(ids)))


def _sentences(text: str, ids: tuple[str, ...]) -> Iterator[Draft]:
    """Each sentence is a statement of its own, with the ids of all; marks inside it count too."""
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        marked = tuple(item for group in _MARKS.findall(sentence) for item in re.findall(r"[\w-]{4,}", group))
        plain = _BULLET.sub("", _EMPHASIS.sub("", sentence)).strip() if not marked else sentence
        own = tuple(item for item in marked if item in ids) or ids
        plain = _BULLET.sub("", _EMPHASIS.sub("", re.sub(r"\s*\[[^\[\]]*\]", "", plain))).strip(" ,")
        if re.search(r"\w", plain):
            yield Draft(plain, own)
