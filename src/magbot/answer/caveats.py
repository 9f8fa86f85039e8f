"""Caveats of an answer: the curated qualifications of what it cites, or of what says the same elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from magbot.answer.citations import Citations
from magbot.corpus.qualifications import Qualification
from magbot.retrieval.lookup import SAME_SAID, Lookup
from magbot.schema import LANGUAGES, Caveat, Citation, Language

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
        for qualifications in self._by_citation(list(cited)):
            for qualification in qualifications:
                summary = qualification.summary[language]
                if summary not in found and len(found) < MAX_CAVEATS:
                    sources = (
                        self._lookup.find(r.document, language, r.quote[language]) for r in qualification.qualified_by
                    )
                    numbers = tuple(citations.cite(hit) for hit in sources if hit is not None)
                    found[summary] = Caveat(text=summary, citations=numbers)
        return tuple(found.values())

    def _by_citation(self, cited: Sequence[Citation]) -> list[list[Qualification]]:
        """Qualifications of each cited sentence; where there are none, those of the sentence elsewhere that says the same."""
        found = [[one for one in self._by_document.get(its.document_id, ()) if _is_quoted(one, its)] for its in cited]
        for language in LANGUAGES:
            others = tuple(
                (one.statement.document, language, one.statement.quote[language]) for one in self._qualifications
            )
            rest = [place for place, its in enumerate(cited) if its.language == language and not found[place]]
            if not rest or not others:
                continue
            quoted = [(cited[place].document_id, language, cited[place].quote) for place in rest]
            for place, likeness in zip(rest, self._lookup.likeness(quoted, others), strict=True):
                nearest = int(likeness.argmax())
                if likeness[nearest] >= SAME_SAID:
                    same = others[nearest][2]
                    found[place] = [one for one in self._qualifications if one.statement.quote[language] == same]
        return found


def _is_quoted(qualification: Qualification, citation: Citation) -> bool:
    quote = " ".join(citation.quote.split())
    wanted = " ".join(qualification.statement.quote[citation.language].split())
    return wanted in quote or quote in wanted
