"""Caveats of an answer: the curated qualifications of what it cites, or of what says the same elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from magbot.answer.citations import Citations
from magbot.corpus.qualifications import Qualification
from magbot.retrieval.lookup import SAME_SAID, Lookup
from magbot.schema import Caveat, Citation, Language

MAX_CAVEATS = 3


class Caveats:
    """Finds the qualifications of what an answer cites."""

    def __init__(self, qualifications: Iterable[Qualification], lookup: Lookup) -> None:
        self._lookup = lookup
        self._qualifications = tuple(qualifications)
        self._by_document: dict[str, list[Qualification]] = {}
        for qualification in self._qualifications:
            self._by_document.setdefault(qualification.statement.document, []).append(qualification)

    def of(self, cited: Iterable[Citation], citations: Citations, language: Language) -> tuple[Caveat, ...]:
        """Caveats for cited sentences, in their order, with their own citations."""
        found: dict[str, Caveat] = {}
        for citation in cited:
            quote = " ".join(citation.quote.split())
            exact = [one for one in self._by_document.get(citation.document_id, ()) if _is_quoted(one, citation, quote)]
            for qualification in exact or self._twins(citation):
                summary = qualification.summary[language]
                if summary not in found and len(found) < MAX_CAVEATS:
                    sources = (
                        self._lookup.find(r.document, language, r.quote[language]) for r in qualification.qualified_by
                    )
                    numbers = tuple(citations.cite(hit) for hit in sources if hit is not None)
                    found[summary] = Caveat(text=summary, citations=numbers)
        return tuple(found.values())

    def _twins(self, citation: Citation) -> list[Qualification]:
        """Qualifications of the sentence elsewhere that says what a cited one says, if there is one."""
        if not self._qualifications:
            return []
        statements = [one.statement for one in self._qualifications]
        others = tuple((each.document, each.quote[citation.language]) for each in statements)
        likeness = self._lookup.likeness(citation.document_id, citation.language, citation.quote, others)
        nearest = int(likeness.argmax())
        if likeness[nearest] < SAME_SAID:
            return []
        return [one for one, other in zip(self._qualifications, others, strict=True) if other[1] == others[nearest][1]]


def _is_quoted(qualification: Qualification, citation: Citation, quote: str) -> bool:
    wanted = " ".join(qualification.statement.quote[citation.language].split())
    return wanted in quote or quote in wanted
