"""Checks of quotes: the offsets give the quote, and a statement that is a quote is that quote."""

from __future__ import annotations

from collections.abc import Sequence

from magbot.schema import Citation, Language, Statement
from magbot.text.numbers import numbers_in


def is_exact(citation: Citation, document_text: str) -> bool:
    """Whether a citation's offsets give its quote, character for character, in the document's own text."""
    return (
        document_text[citation.start : citation.end] == citation.quote
        and citation.quote in citation.passage
        and citation.passage in document_text
    )


def is_supported(statement: Statement, citations: Sequence[Citation], language: Language) -> bool:
    """Whether a statement says no more than its citations.

    A verbatim statement must be one of its quotes. Any other must not hold a number that its quotes do not hold.
    """
    cited = [citation for citation in citations if citation.number in statement.citations]
    if len(cited) != len(set(statement.citations)) or not cited:
        return False
    if statement.verbatim:
        return any(statement.text == citation.quote for citation in cited)
    held = {number for citation in cited for number in numbers_in(citation.quote, citation.language)}
    return all(number in held for number in numbers_in(statement.text, language))
