"""Cuts a document into passages and sentences, each with exact offsets into the document's text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from magbot.schema import Document, Passage, Sentence
from magbot.text.sentences import sentence_spans

# Part of the index' fingerprint: raise it when the same text would be cut differently.
VERSION = 1

# Longer paragraphs are cut between sentences, so that what opens beside an answer stays readable.
MAX_PASSAGE_CHARS = 1200
# A "sentence" beyond this has lost its full stops (a table pasted as text, one endless line).
MAX_SENTENCE_CHARS = 600
_BLANK_LINE = re.compile(r"\n[ \t]*\n+")


def split_document(document: Document) -> list[Passage]:
    """Passages in the order of the text; headings give their path and are not quotable themselves."""
    headings = {heading.start: heading for heading in document.headings}
    path: dict[int, str] = {}
    passages: list[Passage] = []
    for start, end in _paragraphs(document.text):
        if start in headings:
            level = headings[start].level
            path = {above: words for above, words in path.items() if above < level}
            path[level] = document.text[start:end]
            continue
        sentences = list(_sentences(document.text, start, end))
        for group in _grouped(sentences):
            first, last = group[0].start, group[-1].end
            passages.append(
                Passage(
                    document_id=document.metadata.id,
                    language=document.metadata.language,
                    text=document.text[first:last],
                    start=first,
                    end=last,
                    heading=" › ".join(path.values()),
                    sentences=tuple(group),
                )
            )
    return passages


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for match in [*_BLANK_LINE.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[position:end]
        left = len(piece) - len(piece.lstrip())
        if piece.strip():
            yield position + left, position + len(piece.rstrip())
        position = match.end() if match else end


def _sentences(text: str, start: int, end: int) -> Iterator[Sentence]:
    for first, last in sentence_spans(text[start:end]):
        for a, b in _cut(text[start + first : start + last]):
            yield Sentence(
                text=text[start + first + a : start + first + b], start=start + first + a, end=start + first + b
            )


def _cut(sentence: str) -> Iterator[tuple[int, int]]:
    """Cut what has no full stops; LangChain's splitter knows good places and keeps the offsets."""
    if len(sentence) <= MAX_SENTENCE_CHARS:
        yield 0, len(sentence)
        return
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=MAX_SENTENCE_CHARS, chunk_overlap=0, add_start_index=True, separators=["\n", "; ", ", ", " ", ""]
    )
    for piece in splitter.create_documents([sentence]):
        start = piece.metadata["start_index"]
        yield start, start + len(piece.page_content)


def _grouped(sentences: list[Sentence]) -> Iterator[list[Sentence]]:
    group: list[Sentence] = []
    for sentence in sentences:
        if group and sentence.end - group[0].start > MAX_PASSAGE_CHARS:
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group
