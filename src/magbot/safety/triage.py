"""Triage, the stage before retrieval: danger first, then what this person should know."""

from __future__ import annotations

from collections.abc import Sequence

from magbot.encoder.base import Encoder
from magbot.safety import danger, medicines, mood, notices, replies, second_opinion
from magbot.safety.assessment import Assessment, NoticeDraft
from magbot.safety.concepts import Reading, read
from magbot.schema import Language, Message


class Safety:
    """Assesses a question together with what the person said before; holds no state between questions."""

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder

    def assess(self, question: str, history: Sequence[Message], language: Language) -> Assessment:
        """Find danger and the notices that a question calls for.

        Args:
            question: what the person asks now.
            history: earlier turns; only the person's own count, never what an assistant said.
            language: of the texts to show. Danger is looked for in both languages.
        """
        sentences, denied = read(question)
        told = [read(message.content)[0] for message in history if message.role == "user"]
        found = danger.find(sentences) or self._second_opinion(question, sentences)
        if found:
            under_18 = Reading(" . ".join(sentences), danger.concepts()).has("minor")
            return Assessment(urgent=replies.urgent(found, language, under_18=under_18))
        earlier = self._earlier(told)
        if earlier and not mood.moved_on(sentences, earlier):
            return Assessment(urgent=replies.urgent(earlier, language))
        return self._notices(sentences, told, earlier, language, denied=denied)

    def _second_opinion(self, question: str, sentences: Sequence[str]) -> danger.Danger | None:
        if self._encoder is None or not danger.may_be_personal(sentences):
            return None
        kind = second_opinion.kind_of(question, self._encoder)
        return danger.second(kind, sentences) if kind else None

    @staticmethod
    def _earlier(told: Sequence[Sequence[str]]) -> danger.Danger | None:
        for sentences in reversed(told):
            if found := danger.find(sentences):
                return found
        return None

    @staticmethod
    def _notices(
        sentences: Sequence[str],
        told: Sequence[Sequence[str]],
        earlier: danger.Danger | None,
        language: Language,
        *,
        denied: bool,
    ) -> Assessment:
        drafts = [NoticeDraft(kind=earlier.kind, text=replies.reminder(earlier, language))] if earlier else []
        lethal = mood.asks_lethal(sentences)
        soft = lethal or denied or mood.low(sentences)
        if soft and not earlier:
            drafts.append(notices.draft("support", language))
        kinds = notices.kinds(sentences) | ({"poisoning-info"} if lethal else set())
        facts = {kind for turn in told for kind in notices.kinds(turn, sticky_only=True)}
        if facts and mood.asks_about_taking(sentences):
            kinds |= facts
        drafts += notices.drafts(kinds, medicines.points(sentences, told, language), language)
        return Assessment(
            notices=tuple(drafts[: notices.MOST]),
            soft=soft,
            search_instead=mood.INSTEAD[language] if lethal else None,
        )
