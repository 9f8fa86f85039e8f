"""Puts the parts of an answer together: statements with citations, caveats, notices, suggestions, disclaimer."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from magbot.answer.authorities import Answering, Authorities
from magbot.answer.caveats import Caveats
from magbot.answer.citations import Citations
from magbot.answer.suggestions import nearby_questions
from magbot.answer.verification import is_exact, is_supported
from magbot.answer.wording import ARTICLE_SAYS, NEARBY, NOT_IN_CORPUS, OFF_TOPIC, PART_UNKNOWN
from magbot.calculator.calculation import Calculation
from magbot.index.catalog import Catalog
from magbot.question.understand import Question
from magbot.retrieval.lookup import Lookup
from magbot.retrieval.search import Found
from magbot.safety import disclaimer
from magbot.safety.assessment import NoticeDraft, Urgent
from magbot.safety.sanitise import strip_hidden
from magbot.schema import ADDED_PREFIX, Answer, Caveat, Citation, Hit, Kind, Language, Notice, Outcome, Statement

logger = logging.getLogger(__name__)

# A question's words stand in Markdown, where nothing of them may be markup.
_NO_MARKUP = str.maketrans("", "", "\\`*_[]<>#|~")
_LEAD_WORDS = 14
# Notices that a question about something else does not need; who is low or ill is told so whatever they asked.
_NEEDLESS_OFF_TOPIC = frozenset({"boundary", "animal", "child"})


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


@dataclass(frozen=True)
class Computed:
    """What the tables say or arithmetic on them gives; it is verified where it is worked out."""

    text: str
    cited: tuple[Hit, ...]
    verbatim: bool

    @property
    def hit(self) -> Hit:
        """The first row that it rests on."""
        return self.cited[0]

    @property
    def verified(self) -> bool:
        """Its working has been done again."""
        return True


@dataclass(frozen=True)
class Part:
    """One of the things that a question asks, in the person's words, and what is said to it."""

    asked: str
    said: tuple[Said, ...]


class Composer:
    """Builds answers; everything cited goes through the same checks here."""

    def __init__(self, lookup: Lookup, caveats: Caveats, authorities: Authorities, catalog: Catalog) -> None:
        self._lookup = lookup
        self._caveats = caveats
        self._authorities = authorities
        self._catalog = catalog

    def answer(
        self, question: Question, chosen: Sequence[Said], drafts: Sequence[NoticeDraft], found: Found, engine: str
    ) -> Answer:
        """An answer from chosen sentences; what its source does not support is dropped. Nothing left is a refusal."""
        return self.answer_parts(question, [Part("", tuple(chosen))], drafts, found, engine)

    def answer_parts(
        self, question: Question, parts: Sequence[Part], drafts: Sequence[NoticeDraft], found: Found, engine: str
    ) -> Answer:
        """The same for each part of a question; of a part to which nothing can be said, that is said."""
        language = question.language
        kept: list[Said] = []
        statements: list[Statement] = []
        unsettled = []
        citations = Citations()
        for part in parts:
            # What the first part has been told need not be told again.
            stands = [one for one in part.said if self._stands(one, language) and not _is_among(one, kept)]
            for place, choice in enumerate(stands):
                lead = "" if place else lead_in(part.asked)
                statements.append(_statement(choice, citations, lead, language))
            kept += stands
            if not part.said:
                unsettled.append(Caveat(text=PART_UNKNOWN[language].format(asked=lead_in(part.asked))))
        if not kept:
            return self.refusal(question, Outcome.NOT_IN_CORPUS, drafts, found, {})
        cited = citations.all()
        caveats = self._caveats.of(cited, citations, language)
        caveats += tuple(self._authorities.beside(cited, Answering(statements, caveats), citations, language))
        notices = self._notices(drafts, citations, language)
        return Answer(
            outcome=Outcome.ANSWERED,
            language=language,
            standalone_question=question.text,
            text=_text(statements),
            statements=tuple(statements),
            citations=self._with_pages(citations.all()),
            caveats=(*unsettled, *caveats),
            notices=notices,
            suggestions=nearby_questions(found, self._catalog, used=[choice.hit for choice in kept]),
            disclaimer=disclaimer(question.language),
            engine=engine,
        )

    def computed(self, calculation: Calculation) -> list[Computed] | None:
        """What a calculation says, cited to its rows; None when a row is not in the index."""
        lines = []
        for line in calculation.statements:
            hits = [
                self._lookup.find(document_id, calculation.language, sentence) for document_id, sentence in line.rows
            ]
            known = tuple(dict.fromkeys(hit for hit in hits if hit is not None))
            if None in hits:
                logger.warning("The row of a calculation is not in the index: %s.", line.rows)
                return None
            lines.append(Computed(line.text, known, line.verbatim))
        return lines

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
        off_topic = outcome is Outcome.OFF_TOPIC
        notices = tuple(
            Notice(kind=d.kind, text=d.text) for d in drafts if not (off_topic and d.kind in _NEEDLESS_OFF_TOPIC)
        )
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
        statement = _statement(choice, citations, "", language)
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


def lead_in(asked: str) -> str:
    """A part of a question in the person's words, as a line before its answer; long ones are cut."""
    words = " ".join(strip_hidden(asked).translate(_NO_MARKUP).split()[:_LEAD_WORDS]).rstrip(" ?!.,:;")
    return f"{words[0].upper()}{words[1:]}?" if words else ""


def _is_among(choice: Said, kept: Sequence[Said]) -> bool:
    return any(choice.text == other.text for other in kept)


def _statement(choice: Said, citations: Citations, lead: str, language: Language) -> Statement:
    numbers = tuple(dict.fromkeys(citations.cite(hit) for hit in choice.cited))
    voice = ARTICLE_SAYS[language] if choice.hit.metadata.kind == Kind.ARTICLE else ""
    return Statement(
        text=choice.text, citations=numbers, verbatim=choice.verbatim, lead=" ".join(filter(None, (lead, voice)))
    )


def _text(statements: Sequence[Statement]) -> str:
    parts = []
    for statement in statements:
        marks = "".join(f"[{number}]" for number in statement.citations)
        words = " ".join(f"{statement.lead} {statement.text}".split())
        parts.append(f"{words} {marks}")
    return "\n\n".join(parts)
