"""The whole way from a question to an answer, in one read.

question ─ understand ─ triage ─ retrieve ─ decide ─ answer ─ verify ─ caveats ─ Answer
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from magbot import __version__
from magbot.answer.authorities import Authorities
from magbot.answer.caveats import Caveats
from magbot.answer.compose import Composer, Part
from magbot.answer.extractive import ExtractiveEngine
from magbot.answer.generation import as_written, with_generation
from magbot.calculator.calculator import Calculator
from magbot.calculator.tables import Tables
from magbot.clock import Clock
from magbot.corpus.qualifications import load_qualifications
from magbot.encoder.base import Encoder
from magbot.errors import RecordsError
from magbot.events import AnswerEvent, Event, NoticeEvent, StageEvent, statement_events
from magbot.keeper import Keeper
from magbot.parts import PartAnswerer
from magbot.question.followup import standalone_question
from magbot.question.understand import Question, answer_language
from magbot.records import Records, Turn
from magbot.retrieval.answerability import decide
from magbot.retrieval.lookup import Lookup
from magbot.retrieval.memory import Memory
from magbot.retrieval.ranking import rank, study_behind
from magbot.retrieval.search import Found, Retriever
from magbot.safety import Safety
from magbot.safety.orders import without_orders
from magbot.safety.sanitise import clean_question
from magbot.schema import Answer, Generation, Language, Message, Notice, Outcome
from magbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from magbot.answer.generative.engine import GenerativeEngine

logger = logging.getLogger(__name__)

RequestedLanguage = Literal["auto", "da", "en"]


class Magbot(Keeper):
    """Answers questions from an index that it keeps in line with the corpus.

    Raises MagbotError with a message for people when corpus, index or encoder cannot be used.
    """

    def __init__(self, settings: Settings | None = None, progress: Callable[[int, int], None] | None = None) -> None:
        super().__init__(settings or load_settings(), progress)
        encoder = self._index.encoder
        memory = Memory(self._index)
        lookup = Lookup(self._index, memory)
        self._retriever = Retriever(self._index, memory)
        self._safety = Safety(encoder)
        self._records = Records(self.settings)
        self._expire()
        self._engine = ExtractiveEngine(lookup, self.settings.max_words)
        self._writer = self._load_writer(lookup, encoder) if self.settings.model else None
        tables = Tables(self.settings.corpus_dir)
        self._calculator = Calculator(tables)
        qualifications = load_qualifications(self.settings.corpus_dir / "qualifications.yaml")
        authorities = Authorities(tables, lookup)
        self._composer = Composer(lookup, Caveats(qualifications, lookup), authorities, self._index.catalog)
        self._parts = PartAnswerer(self._calculator, self._retriever, self._engine, self._composer)

    def _load_writer(self, lookup: Lookup, encoder: Encoder) -> GenerativeEngine:
        from magbot.answer.generative.engine import GenerativeEngine

        return GenerativeEngine(self.settings, lookup, encoder)

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

    def _expire(self) -> None:
        """What is too old in the history goes at the start too; nobody may have asked since."""
        try:
            self._records.expire()
        except RecordsError as error:
            logger.error("What is too old in the history is still there: %s", error)

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
        clock = Clock()

        yield StageEvent(stage="understand")
        text = clean_question(question)
        spoken = answer_language(text, history, language)
        plain = without_orders(text)
        meant = standalone_question(
            plain, history, spoken, lambda earlier: study_behind(self._retriever.search(earlier, spoken))
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
            parts = self._parts.parts(plain, history, spoken, found, noticed=noticed)
        if not parts and calculation and (computed := self._composer.computed(calculation)):
            parts = [Part("", tuple(computed))]
        if parts:
            answer = self._composer.answer_parts(asked, parts, assessment.notices, found, self._engine.name)
            clock.lap("verify")
            yield from statement_events(answer)
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
            written, generation = yield from as_written(self._writer.write(asked, ranked))
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
        yield from statement_events(answer)
        yield AnswerEvent(answer=answer.model_copy(update={"timings_ms": clock.times()}))

    def calculate(self, question: str, language: RequestedLanguage = "auto") -> Answer | None:
        """Answer by the tables and arithmetic on them alone; None when that is not what the question asks for.

        Danger is recognised here too. Raises QuestionError when the question is empty or too long.
        """
        clock = Clock()
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

    def health(self) -> dict[str, object]:
        """Version, engine and what the index holds."""
        engine = self._writer.name if self._writer else self._engine.name
        return {"status": "ok", "version": __version__, "engine": engine, **self._index.health()}
