"""Puts the parts of an answer together: statements with citations, caveats, notices, suggestions, disclaimer."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from magbot.answer.caveats import Caveats
from magbot.answer.citations import Citations
from magbot.answer.suggestions import nearby_questions
from magbot.answer.verification import is_exact, is_supported
from magbot.answer.wording import ARTICLE_SAYS, NEARBY, NOT_IN_CORPUS, OFF_TOPIC
from magbot.calculator.calculation import Calculation
from magbot.index.catalog import Catalog
from magbot.question.understand import Question
from magbot.retrieval.lookup import Lookup
from magbot.retrieval.search import Found
from magbot.safety import disclaimer
from magbot.safety.assessment import NoticeDraft, Urgent
from magbot.schema import ADDED_PREFIX, Answer, Citation, Hit, Kind, Language, Notice, Outcome, Statement

logger = logging.getLogger(__name__)


class Said(Protocol):
    """Something to say, as an engine hands it on."""

    @property
    def text(self) -> str:
        """The words of the statement."""

    @property
    def hit(self) -> Hit:
        """The sentence that it is made from."""

    @property
    def cited(self) -> tuple[Hit, ...]:
        """The sentences that it is cited to."""

    @property
    def verbatim(self) -> bool:
        """Whether the words are those of a cited sentence."""

    @property
    def verified(self) -> bool:
        """Whether the words have been compared with the cited sentences."""


class Composer:
    """Builds answers; everything cited goes through the same checks here."""

    def __init__(self, lookup: Lookup, caveats: Caveats, catalog: Catalog) -> None:
        self._lookup = lookup
        self._caveats = caveats
        self._catalog = catalog

    def answer(
        self, question: Question, chosen: Sequence[Said], drafts: Sequence[NoticeDraft], found: Found, engine: str
    ) -> Answer:
        """An answer from chosen sentences; what its source does not support is dropped. Nothing left is a refusal."""
        kept = [choice for choice in chosen if self._stands(choice, question.language)]
        if not kept:
            return self.refusal(question, Outcome.NOT_IN_CORPUS, drafts, found, {})
        citations = Citations()
        statements = [_statement(choice, citations) for choice in kept]
        caveats = self._caveats.of(citations.all(), citations, question.language)
        notices = self._notices(drafts, citations, question.language)
        return Answer(
            outcome=Outcome.ANSWERED,
            language=question.language,
            standalone_question=question.text,
            text=_text(statements, kept, question.language),
            statements=tuple(statements),
            citations=self._with_pages(citations.all()),
            caveats=caveats,
            notices=notices,
            suggestions=nearby_questions(found, self._catalog, used=[choice.hit for choice in kept]),
            disclaimer=disclaimer(question.language),
            engine=engine,
        )

    def calculated(
        self, question: Question, calculation: Calculation, drafts: Sequence[NoticeDraft], found: Found
    ) -> Answer | None:
        """An answer from the tables, each statement cited to its rows; None when a row is not in the index."""
        language = question.language
        citations = Citations()
        statements = []
        for line in calculation.statements:
            hits = [self._lookup.find(document_id, language, sentence) for document_id, sentence in line.rows]
            numbers = tuple(dict.fromkeys(citations.cite(hit) for hit in hits if hit is not None))
            if None in hits or not all(self._is_exact(citation) for citation in citations.all()):
                logger.warning("The row of a calculation is not in the index: %s.", line.rows)
                return None
            statements.append(Statement(text=line.text, citations=numbers, verbatim=line.verbatim))
        caveats = self._caveats.of(citations.all(), citations, language)
        notices = self._notices(drafts, citations, language)
        return Answer(
            outcome=Outcome.ANSWERED,
            language=language,
            standalone_question=question.text,
            text="\n\n".join(f"{s.text} {''.join(f'[{number}]' for number in s.citations)}" for s in statements),
            statements=tuple(statements),
            citations=self._with_pages(citations.all()),
            caveats=caveats,
            notices=notices,
            suggestions=nearby_questions(found, self._catalog, used=()),
            disclaimer=disclaimer(language),
        )

    def refusal(
        self,
        question: Question,
        outcome: Outcome,
        drafts: Sequence[NoticeDraft],
        found: Found,
        times: Mapping[str, float],
    ) -> Answer:
        """A kind refusal without citations of its own, which says what the corpus does cover."""
        suggestions = nearby_questions(found, self._catalog, used=())
        sentence = (OFF_TOPIC if outcome is Outcome.OFF_TOPIC else NOT_IN_CORPUS)[question.language]
        if outcome is Outcome.NOT_IN_CORPUS and suggestions:
            sentence += f"\n\n{NEARBY[question.language]} " + " · ".join(suggestions)
        notices = () if outcome is Outcome.OFF_TOPIC else tuple(Notice(kind=d.kind, text=d.text) for d in drafts)
        return Answer(
            outcome=outcome,
            language=question.language,
            standalone_question=question.text,
            text=sentence,
            notices=notices,
            suggestions=suggestions,
            disclaimer=disclaimer(question.language),
            timings_ms=dict(times),
        )

    @staticmethod
    def urgent(question: Question, urgent: Urgent, times: Mapping[str, float]) -> Answer:
        """Help first and nothing else."""
        return Answer(
            outcome=Outcome.URGENT,
            language=question.language,
            standalone_question=question.text,
            text=urgent.text,
            notices=urgent.notices,
            disclaimer=disclaimer(question.language),
            timings_ms=dict(times),
        )

    def _stands(self, choice: Said, language: Language) -> bool:
        citations = Citations()
        statement = _statement(choice, citations)
        exact = all(self._is_exact(citation) for citation in citations.all())
        if exact and (choice.verified or is_supported(statement, citations.all(), language)):
            return True
        logger.warning("A statement of %s did not stand up to its source and was dropped.", choice.hit.metadata.id)
        return False

    def _with_pages(self, citations: Iterable[Citation]) -> tuple[Citation, ...]:
        """Citations with the page that each quote begins on; only added documents have pages."""
        return tuple(self._with_page(item) if item.document_id.startswith(ADDED_PREFIX) else item for item in citations)

    def _with_page(self, citation: Citation) -> Citation:
        document = self._catalog.document(f"{citation.document_id}.{citation.language}")
        page = document.page_of(citation.start) if document else None
        return citation.model_copy(update={"page": page})

    def _is_exact(self, citation: Citation) -> bool:
        document = self._catalog.document(f"{citation.document_id}.{citation.language}")
        return document is not None and is_exact(citation, document.text)

    def _notices(self, drafts: Iterable[NoticeDraft], citations: Citations, language: Language) -> tuple[Notice, ...]:
        notices = []
        for draft in drafts:
            sources = (self._lookup.find(support.document_id, language, support.quote) for support in draft.support)
            numbers = tuple(citations.cite(hit) for hit in sources if hit is not None)
            notices.append(Notice(kind=draft.kind, text=draft.text, citations=tuple(dict.fromkeys(numbers))))
        return tuple(notices)


def _statement(choice: Said, citations: Citations) -> Statement:
    numbers = tuple(dict.fromkeys(citations.cite(hit) for hit in choice.cited))
    return Statement(text=choice.text, citations=numbers, verbatim=choice.verbatim)


def _text(statements: Sequence[Statement], chosen: Sequence[Said], language: Language) -> str:
    parts = []
    for statement, choice in zip(statements, chosen, strict=True):
        marks = "".join(f"[{number}]" for number in statement.citations)
        words = " ".join(statement.text.split())
        lead = f"{ARTICLE_SAYS[language]} " if choice.hit.metadata.kind == Kind.ARTICLE else ""
        parts.append(f"{lead}{words} {marks}")
    return "\n\n".join(parts)
