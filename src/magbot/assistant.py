"""The whole way from a question to an answer, in one read.

question ─ understand ─ triage ─ retrieve ─ decide ─ answer ─ verify ─ caveats ─ Answer
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from magbot import __version__
from magbot.added.library import Library
from magbot.added.report import AddReport, Details, OnProgress, Upload
from magbot.answer.authorities import Authorities
from magbot.answer.caveats import Caveats
from magbot.answer.citations import Citations
from magbot.answer.compose import Composer, Part
from magbot.answer.extractive import ExtractiveEngine
from magbot.answer.generation import with_generation
from magbot.calculator.calculator import Calculator
from magbot.calculator.tables import Tables
from magbot.corpus.qualifications import load_qualifications
from magbot.corpus.stamp import corpus_stamp
from magbot.encoder.base import Encoder
from magbot.encoder.factory import load_encoder
from magbot.encoder.remembering import RememberingEncoder
from magbot.errors import DocumentError, RecordsError
from magbot.events import AnswerEvent, Event, NoticeEvent, StageEvent, StatementEvent
from magbot.index.folders import in_use as index_in_use
from magbot.index.index import Index, SyncReport
from magbot.index.manifest import Entry
from magbot.parts import PartAnswerer
from magbot.privacy.records import Records, Turn
from magbot.question.followup import standalone_question
from magbot.question.understand import Question, answer_language
from magbot.retrieval.answerability import decide
from magbot.retrieval.lookup import Lookup
from magbot.retrieval.ranking import rank, study_behind
from magbot.retrieval.search import Found, Retriever
from magbot.safety import Safety
from magbot.safety.orders import without_orders
from magbot.safety.sanitise import clean_question
from magbot.schema import Answer, Document, Generation, Language, Message, Metadata, Notice, Outcome, Statement
from magbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from magbot.answer.generative.engine import GenerativeEngine, Written

logger = logging.getLogger(__name__)

RequestedLanguage = Literal["auto", "da", "en"]


class Magbot:
    """Answers questions from an index that it keeps in line with the corpus.

    Raises MagbotError with a message for people when corpus, index or encoder cannot be used.
    """

    def __init__(self, settings: Settings | None = None, progress: Callable[[int, int], None] | None = None) -> None:
        self.settings = settings or load_settings()
        in_use = index_in_use(self.settings.data_dir / "index")
        self._named = "embedding_model" in self.settings.model_fields_set
        model = self.settings.embedding_model if self._named or in_use is None else in_use.model
        encoder = RememberingEncoder(load_encoder(model))
        self._index = Index(self.settings.data_dir, encoder, model=model, chroma_url=self.settings.chroma_url)
        self._library = Library(self.settings.data_dir / "documents", self._index)
        # Another process may be adding for minutes; what is there can be asked meanwhile.
        self.last_sync = SyncReport() if self._index.busy() else self._sync_at_start(progress)
        lookup = Lookup(self._index)
        self._retriever = Retriever(self._index)
        self._safety = Safety(encoder)
        self._records = Records(self.settings)
        self._engine = ExtractiveEngine(lookup, self.settings.max_words)
        self._writer = self._load_writer(lookup, encoder) if self.settings.model else None
        self._calculator = Calculator(self.settings.corpus_dir)
        qualifications = load_qualifications(self.settings.corpus_dir / "qualifications.yaml")
        authorities = Authorities(Tables(self.settings.corpus_dir), lookup)
        self._composer = Composer(lookup, Caveats(qualifications, lookup), authorities, self._index.catalog)
        self._parts = PartAnswerer(self._calculator, self._retriever, self._engine, self._composer)

    def _load_writer(self, lookup: Lookup, encoder: Encoder) -> GenerativeEngine:
        from magbot.answer.generative.engine import GenerativeEngine

        return GenerativeEngine(self.settings, lookup, encoder)

    def sync(self, progress: Callable[[int, int], None] | None = None) -> SyncReport:
        """Bring the index in line with shipped and added documents; only new and changed sentences are encoded."""
        # Before anything is read, so that what changes meanwhile is noticed next time.
        stamp = self._stamp()
        report = self._fill(self._index, self._library, progress)
        # An encoder that was only asked for by a setting is tried out; it does not become the one in use.
        self._index.publish(current=not self._named)
        if not self._library.store.damaged:  # the next start is to say so again
            self._index.note_source(stamp)
        logger.info("Index: %s.", report.summary())
        return report

    def _sync_at_start(self, progress: Callable[[int, int], None] | None) -> SyncReport:
        """The same when a document has changed since; reading them all costs more than an answer."""
        if not self._index.is_made_from(self._stamp()):
            return self.sync(progress)
        self._index.publish(current=not self._named)
        return SyncReport(unchanged=sorted(self._index.catalog.fingerprints()))

    def _stamp(self) -> str:
        return f"{corpus_stamp(self.settings.corpus_dir)} {self._library.store.stamp()}"

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> SyncReport:
        """Make the index anew from the shipped corpus and the files of the added documents.

        Until the new one is complete, the old one answers.
        """
        with self._index.rebuilding() as fresh:
            self.last_sync = self._fill(fresh, Library(self.settings.data_dir / "documents", fresh), progress)
        return self.last_sync

    def make_current(self) -> None:
        """Use this index and its encoder from now on, wherever no other encoder is asked for."""
        self._index.publish(current=True)

    def prune_indexes(self) -> list[Entry]:
        """Delete every index but the one in use and this one; says which are gone."""
        return self._index.folders.prune(keep=self._index.folder.name)

    def _fill(self, index: Index, library: Library, progress: Callable[[int, int], None] | None) -> SyncReport:
        # What reads documents is loaded late; most starts find nothing to read.
        from magbot.corpus.load import load_corpus
        from magbot.corpus.questions import load_questions
        from magbot.corpus.table_questions import load_table_questions

        corpus = self.settings.corpus_dir
        questions = load_questions(corpus / "questions") | load_table_questions(corpus / "tables")
        report = index.sync(load_corpus(corpus), origin="shipped", questions=questions, progress=progress)
        return report.with_more(library.sync(progress))

    def ask(self, question: str, history: Sequence[Message] = (), language: RequestedLanguage = "auto") -> Answer:
        """Answer one question. `history` is the conversation so far, oldest first; it is never evidence.

        Raises QuestionError when the question is empty or too long.
        """
        for event in self.stream(question, history, language):
            if isinstance(event, AnswerEvent):
                return event.answer
        raise AssertionError("the stream ends with the answer")

    def stream(
        self, question: str, history: Sequence[Message] = (), language: RequestedLanguage = "auto"
    ) -> Iterator[Event]:
        """The same, step by step: stages as they begin, statements once they are verified, the answer last."""
        for event in self._events(question, history, language):
            if isinstance(event, AnswerEvent):
                self._keep(question, event.answer)
            yield event

    def _keep(self, question: str, answer: Answer) -> None:
        turn = Turn(
            question=clean_question(question), answer=answer.text, language=answer.language, outcome=answer.outcome
        )
        try:
            self._records.record_turn(turn)
        except RecordsError as error:
            # A person who is told to ring 112 must be told so, whatever the file's state.
            logger.error("The history is not kept: %s", error)

    def _events(self, question: str, history: Sequence[Message], language: RequestedLanguage) -> Iterator[Event]:
        clock = _Clock()

        yield StageEvent(stage="understand")
        text = clean_question(question)
        spoken = answer_language(text, history, language)
        meant = standalone_question(
            without_orders(text), history, spoken, lambda earlier: study_behind(self._retriever.search(earlier, spoken))
        )
        asked = Question(text=meant, language=spoken)
        clock.lap("understand")

        yield StageEvent(stage="triage")
        assessment = self._safety.assess(text, history, spoken)
        clock.lap("triage")
        if assessment.urgent:
            yield AnswerEvent(answer=self._composer.urgent(asked, assessment.urgent, clock.times()))
            return

        calculation = self._calculator.calculate(asked.text, spoken)
        clock.lap("calculate")

        yield StageEvent(stage="retrieve", searched_for=asked.text)
        # A question for a deadly amount is answered with limits and warning signs instead.
        found = self._retriever.search(assessment.search_instead or asked.text, spoken)
        ranked = rank(found)
        clock.lap("retrieve")

        noticed = bool(assessment.notices)
        parts = []
        if not assessment.search_instead and not self._writer:
            parts = self._parts.parts(without_orders(text), history, spoken, found, noticed=noticed)
        if not parts and calculation and (computed := self._composer.computed(calculation)):
            parts = [Part("", tuple(computed))]
        if parts:
            answer = self._composer.answer_parts(asked, parts, assessment.notices, found, self._engine.name)
            clock.lap("verify")
            yield from _statement_events(answer)
            yield AnswerEvent(answer=answer.model_copy(update={"timings_ms": clock.times()}))
            return

        yield StageEvent(stage="decide")
        decision = decide(found, ranked, noticed=noticed)
        if self._writer and history and decision.outcome is not Outcome.OFF_TOPIC and not assessment.search_instead:
            rephrased = self._writer.stand_alone(text, history, asked)
            if rephrased != asked:
                asked, found = rephrased, self._retriever.search(rephrased.text, spoken)
                ranked = rank(found)
                decision = decide(found, ranked, noticed=noticed)
        clock.lap("decide")
        if decision.outcome is not Outcome.ANSWERED:
            refusal = self._composer.refusal(asked, decision.outcome, assessment.notices, found, clock.times())
            yield AnswerEvent(answer=refusal)
            return

        yield StageEvent(stage="answer")
        if assessment.notices:
            yield NoticeEvent(notices=tuple(Notice(kind=draft.kind, text=draft.text) for draft in assessment.notices))
        generation: Generation | None = None
        if self._writer:
            written, generation = yield from _as_written(self._writer.write(asked, ranked))
            clock.lap("answer")
            if generation.result == "used":
                answer = self._composer.answer(asked, written, assessment.notices, found, self._writer.name)
                answer = with_generation(answer, generation, self.settings.model_timeout)
                clock.lap("verify")
                yield AnswerEvent(answer=answer.model_copy(update={"timings_ms": clock.times()}))
                return
            # What was shown of the model's answer gives way to quotes.
            yield StageEvent(stage="answer")

        chosen = self._engine.choose(found, ranked)
        clock.lap("quote" if generation else "answer")

        answer = self._composer.answer(asked, chosen, assessment.notices, found, self._engine.name)
        if generation:
            answer = with_generation(answer, generation, self.settings.model_timeout)
        clock.lap("verify")
        yield from _statement_events(answer)
        yield AnswerEvent(answer=answer.model_copy(update={"timings_ms": clock.times()}))

    def calculate(self, question: str, language: RequestedLanguage = "auto") -> Answer | None:
        """Answer by the tables and arithmetic on them alone; None when that is not what the question asks for.

        Danger is recognised here too. Raises QuestionError when the question is empty or too long.
        """
        clock = _Clock()
        text = clean_question(question)
        asked = Question(text=text, language=answer_language(text, (), language))
        assessment = self._safety.assess(text, (), asked.language)
        if assessment.urgent:
            return self._composer.urgent(asked, assessment.urgent, clock.times())
        calculation = self._calculator.calculate(text, asked.language)
        if calculation is None:
            return None
        computed = self._composer.computed(calculation)
        if computed is None:
            return None
        found = self._retriever.search(text, asked.language)
        return self._composer.answer(asked, computed, assessment.notices, found, self._engine.name)

    def search(self, question: str, language: Language, limit: int = 40) -> Found:
        """The sentences nearest to a question, without deciding or answering."""
        return self._retriever.search(question, language, limit)

    def documents(self) -> list[Metadata]:
        """Metadata of every document, one entry a language version."""
        return self._index.catalog.metadata()

    def document(self, document_id: str, language: Language) -> Document:
        """A whole document. Raises DocumentError when there is none of that id and language."""
        document = self._index.catalog.document(f"{document_id}.{language}")
        if document is None:
            raise DocumentError(f"There is no document “{document_id}” in the language “{language}”.")
        return document

    def add(
        self,
        sources: Sequence[str | Path | Upload],
        details: Details | None = None,
        *,
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> AddReport:
        """Add documents: paths of files and folders, patterns, http(s) links, and uploads (a name and bytes).

        One that cannot be used is refused in the report, with a message and what to do, and the others go on; nothing
        of it is kept. What was added from the same path or link before is updated when it has changed; the same text
        from elsewhere is a duplicate. An id begins with `added-` and is made from the file's name. Documents count as
        not reviewed until `review` says so. They are there at once, also for other processes, and survive a restart
        and a rebuild. `details` wins over what a file says; `dry_run` reports the same and changes nothing;
        `on_progress` is called from this thread with how far it is.
        """
        return self._library.add(sources, details, dry_run=dry_run, on_progress=on_progress)

    def update(
        self,
        document_ids: Sequence[str] = (),
        details: Details | None = None,
        *,
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> AddReport:
        """Read added documents again from where they came from, all of them or some, and change their details.

        An upload is read from its copy. A document whose text has changed counts as not reviewed again; one whose file
        or page is gone is refused in the report and stays as it is. Raises DocumentError when there is no such document.
        """
        return self._library.update(document_ids, details, dry_run=dry_run, on_progress=on_progress)

    def remove(self, document_id: str) -> list[Metadata]:
        """Remove an added document in all its languages: files, vectors and words; returns what it was.

        Raises DocumentError when there is no such document, or it is a shipped one.
        """
        return self._library.remove(document_id)

    def review(self, document_id: str, reviewed: bool = True) -> list[Metadata]:
        """Mark an added document as reviewed by a person, or take that back. Raises DocumentError as `remove` does."""
        return self._library.review(document_id, reviewed)

    def health(self) -> dict[str, object]:
        """Version, engine and what the index holds."""
        engine = self._writer.name if self._writer else self._engine.name
        return {"status": "ok", "version": __version__, "engine": engine, **self._index.health()}


def _as_written(
    writing: Generator[Written, None, Generation],
) -> Generator[Event, None, tuple[list[Written], Generation]]:
    """Events for the model's statements as they are verified, numbered as they will be in the whole answer."""
    citations = Citations()
    written: list[Written] = []
    while True:
        try:
            item = next(writing)
        except StopIteration as end:
            return written, end.value
        written.append(item)
        numbers = tuple(dict.fromkeys(citations.cite(hit) for hit in item.cited))
        statement = Statement(text=item.text, citations=numbers, verbatim=item.verbatim)
        yield StatementEvent(statement=statement, citations=tuple(c for c in citations.all() if c.number in numbers))


def _statement_events(answer: Answer) -> Iterator[Event]:
    for statement in answer.statements:
        cited = tuple(c for c in answer.citations if c.number in statement.citations)
        yield StatementEvent(statement=statement, citations=cited)


class _Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._times: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Note the time since the last lap under a stage's name."""
        now = time.perf_counter()
        self._times[stage] = round((now - self._last) * 1000, 3)
        self._last = now

    def times(self) -> dict[str, float]:
        """All stages so far and the total."""
        return {**self._times, "total": round((time.perf_counter() - self._start) * 1000, 3)}
