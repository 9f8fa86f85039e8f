"""Caveats of an answer: the curated qualifications of what it cites."""

from __future__ import annotations

from collections.abc import Iterable

from magbot.answer.citations import Citations
from magbot.corpus.qualifications import Qualification
from magbot.retrieval.lookup import Lookup
from magbot.schema import Caveat, Citation, Language

MAX_CAVEATS = 3


class Caveats:
    """Finds the qualifications of what an answer cites."""

    def __init__(self, qualifications: Iterable[Qualification], lookup: Lookup) -> None:
        self._lookup = lookup
        self._by_document: dict[str, list[Qualification]] = {}
        for qualification in qualifications:
            self._by_document.setdefault(qualification.statement.document, []).append(qualification)

    def of(self, cited: Iterable[Citation], citations: Citations, language: Language) -> tuple[Caveat, ...]:
        """Caveats for cited sentences, in their order, with their own citations."""
        found: dict[str, Caveat] = {}
        for citation in cited:
            quote = " ".join(citation.quote.split())
            for qualification in self._by_document.get(citation.document_id, ()):
                wanted = " ".join(qualification.statement.quote[citation.language].split())
                summary = qualification.summary[language]
                if (wanted in quote or quote in wanted) and summary not in found and len(found) < MAX_CAVEATS:
                    sources = (
                        self._lookup.find(r.document, language, r.quote[language]) for r in qualification.qualified_by
                    )
                    numbers = tuple(citations.cite(hit) for hit in sources if hit is not None)
                    found[summary] = Caveat(text=summary, citations=numbers)
        return tuple(found.values())
