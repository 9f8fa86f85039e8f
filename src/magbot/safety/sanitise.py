"""Makes text safe: questions before they are read, and document text before it is shown as Markdown or HTML."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from magbot.errors import QuestionError

QUESTION_LIMIT = 2_000
"""Most characters that a question may have."""

_KEPT_CONTROLS = "\n\t"
_LINK_BREAKERS = str.maketrans({"(": "%28", ")": "%29", "[": "%5B", "]": "%5D"})  # would end a Markdown link early
_BLANKS = re.compile(r"[^\S\n]+")


def strip_hidden(text: str) -> str:
    """Drop what a reader cannot see: control characters, zero-width marks, direction overrides and lone surrogates."""
    text = re.sub(r"\r\n?|\u2028|\u2029", "\n", text)
    return "".join(c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})


def clean_question(text: str) -> str:
    """A question as it can be worked with: no hidden characters, blanks reduced, ends trimmed.

    Raises:
        QuestionError: if nothing is left, or if more than 2,000 characters are.

    """
    cleaned = _BLANKS.sub(" ", strip_hidden(text)).strip()
    if not any(c.isalnum() for c in cleaned):
        raise QuestionError(
            "Der er ikke noget spørgsmål at svare på. / There is no question to answer.",
            help="Skriv et spørgsmål om magnesium. / Write a question about magnesium.",
        )
    if len(cleaned) > QUESTION_LIMIT:
        raise QuestionError(
            f"Spørgsmålet er for langt: {len(cleaned)} tegn af højst {QUESTION_LIMIT}. / "
            f"The question is too long: {len(cleaned)} characters of at most {QUESTION_LIMIT}.",
            help="Skriv det vigtigste i færre ord. / Write what matters most in fewer words.",
        )
    return cleaned


def doi_url(doi: str | None) -> str | None:
    """The address that resolves a DOI."""
    return f"https://doi.org/{quote(doi, safe='/')}" if doi else None


def safe_url(url: str | None) -> str | None:
    """The address if it is an ordinary web address (http or https with a host), otherwise None."""
    cleaned = strip_hidden(url or "").strip()
    if cleaned != url or any(c.isspace() or c in "<>\"'`\\{}|^" for c in cleaned):
        return None
    try:
        parts = urlsplit(cleaned)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host or parts.username or parts.password:
        return None
    return cleaned.translate(_LINK_BREAKERS)
