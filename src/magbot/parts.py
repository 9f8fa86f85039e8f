"""Answers a question that asks more than one thing part by part; each part decides for itself."""

from __future__ import annotations

from collections.abc import Sequence

from magbot.answer.compose import Composer, Part, Said
from magbot.answer.extractive import ExtractiveEngine
from magbot.calculator.calculator import Calculator
from magbot.question.followup import about_magnesium, standalone_question
from magbot.question.parts import split_question
from magbot.question.understand import Question
from magbot.retrieval.answerability import decide
from magbot.retrieval.ranking import rank
from magbot.retrieval.search import Found, Retriever
from magbot.schema import Language, Message, Outcome

# This near to a question of the corpus, the whole has been asked and answered as one.
_ASKED_AS_ONE = 0.9


class PartAnswerer:
    """Takes a question apart and gathers what is said to each part."""

    def __init__(
        self, calculator: Calculator, retriever: Retriever, engine: ExtractiveEngine, composer: Composer
    ) -> None:
        self._calculator = calculator
        self._retriever = retriever
        self._engine = engine
        self._composer = composer

    def parts(
        self, text: str, history: Sequence[Message], language: Language, whole: Found, *, noticed: bool
    ) -> list[Part]:
        """What is said to each part; none when the question asks one thing, or nothing can be said to any part.

        A later part goes on from the earlier ones as a follow-up does: "… and how much?".
        """
        asked = split_question(text)
        if len(asked) < 2 or max((signal.question for signal in whole.signals), default=0.0) >= _ASKED_AS_ONE:
            return []
        told, parts = list(history), []
        for words in asked:
            question = Question(text=standalone_question(words, told, language), language=language)
            told.append(Message(role="user", content=words))
            said = self._said(question, 1 / len(asked), noticed=noticed)
            alone = Question(text=about_magnesium(words), language=language)
            if not said and alone.text != words:
                said = self._said(alone, 1 / len(asked), noticed=noticed)
            parts.append(Part(words, said))
        return parts if any(part.said for part in parts) else []

    def _said(self, question: Question, share: float, *, noticed: bool) -> tuple[Said, ...]:
        calculation = self._calculator.calculate(question.text, question.language)
        if calculation and (computed := self._composer.computed(calculation)):
            return tuple(computed)
        found = self._retriever.search(question.text, question.language)
        ranked = rank(found)
        if decide(found, ranked, noticed=noticed).outcome is not Outcome.ANSWERED:
            return ()
        return tuple(self._engine.choose(found, ranked, share))
