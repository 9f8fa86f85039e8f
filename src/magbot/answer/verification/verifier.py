"""Decides whether a statement in free words says no more than the quotes that it cites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from magbot.answer.verification.checks import CHECKS
from magbot.answer.verification.evidence import Evidence, Finding, Problem
from magbot.answer.verification.reading import Reading
from magbot.answer.verification.support import Meaning, thresholds
from magbot.encoder.base import Encoder
from magbot.schema import Language


@dataclass(frozen=True)
class Source:
    """A cited quote and what stands around it."""

    quote: str
    language: Language
    neighbours: tuple[str, ...] = ()
    """The sentences before and after; they may add to the meaning, never a number, a name or a population."""
    names: str = ""
    """Title and authors of the document and the headings above the quote."""


@dataclass(frozen=True)
class Verdict:
    """Whether a statement stands, and if not, why."""

    findings: tuple[Finding, ...]
    similarity: float

    @property
    def supported(self) -> bool:
        """Whether nothing was found against it."""
        return not self.findings

    @property
    def reason(self) -> str:
        """The first finding in a few words, for the log and for --debug."""
        return f"{self.findings[0].problem}: {self.findings[0].detail}" if self.findings else ""


class Verifier:
    """Checks statements one by one."""

    def __init__(self, encoder: Encoder) -> None:
        self._meaning = Meaning(encoder)

    def check(self, statement: str, language: Language, sources: Sequence[Source]) -> Verdict:
        """Compare a statement with its quotes; all findings, not only the first, so that they can be counted."""
        if not sources:
            return Verdict((Finding(Problem.CITATION, "none of this turn"),), -1.0)
        said = Reading(statement, language)
        quotes = tuple(Reading(source.quote, source.language) for source in sources)
        if any(said.text == quote.text for quote in quotes):
            return Verdict((), 1.0)
        evidence = Evidence(
            statement=said,
            quotes=quotes,
            names=" ".join(source.names for source in sources).lower(),
            aligned=self._meaning.align(said, quotes),
        )
        findings = [finding for check in CHECKS if (finding := check(evidence)) is not None]
        texts = [text for source in sources for text in (source.quote, *_joined(source))]
        similarity = self._meaning.similarity(statement, texts)
        same = any(source.language == language for source in sources)
        if similarity < thresholds()["same" if same else "other"]:
            findings.append(Finding(Problem.MEANING, f"{similarity:.2f}"))
        return Verdict(tuple(findings), similarity)


def _joined(source: Source) -> list[str]:
    """The quote together with each neighbour, for statements that draw on both."""
    return [f"{source.quote} {neighbour}" for neighbour in source.neighbours]
