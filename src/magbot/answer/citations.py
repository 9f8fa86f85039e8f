"""Numbered citations: each quote once, numbers without gaps in the order of use."""

from __future__ import annotations

from magbot.schema import Citation, Hit


class Citations:
    """Hands out a number for each quoted sentence; the same sentence gets the same number again."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, int, int], int] = {}
        self._citations: list[Citation] = []

    def cite(self, hit: Hit) -> int:
        """Number of the citation of a sentence."""
        metadata = hit.metadata
        key = (metadata.id, metadata.language, hit.sentence.start, hit.sentence.end)
        if key not in self._numbers:
            self._numbers[key] = len(self._citations) + 1
            self._citations.append(
                Citation(
                    number=self._numbers[key],
                    document_id=metadata.id,
                    title=metadata.title,
                    authors=metadata.authors,
                    year=metadata.year,
                    kind=metadata.kind,
                    evidence_level=metadata.evidence_level,
                    url=metadata.url,
                    doi=metadata.doi,
                    language=metadata.language,
                    quote=hit.sentence.text,
                    passage=hit.passage.text,
                    start=hit.sentence.start,
                    end=hit.sentence.end,
                    reviewed=metadata.reviewed,
                    heading=hit.passage.heading,
                )
            )
        return self._numbers[key]

    def all(self) -> tuple[Citation, ...]:
        """All citations so far, in order of their numbers."""
        return tuple(self._citations)
