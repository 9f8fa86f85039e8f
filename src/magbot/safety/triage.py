"""Triage, the stage before retrieval: danger first, then what this person should know."""

from __future__ import annotations

from collections.abc import Sequence

from magbot.encoder.base import Encoder
from magbot.safety import danger, medicines, mood, notices, replies, second_opinion
from magbot.safety.assessment import Assessment, NoticeDraft
from magbot.safety.concepts import Reading, read
from magbot.schema import Language, Message

_RECENT = 2
"""Turns for which danger stands whatever is asked next, unless the person says that it is over."""

_HELP_BESIDE = {
    "crisis": "support",
    "poisoning": "poisoning-info",
    "stroke": "warning-signs",
    "heart": "warning-signs",
    "allergy": "warning-signs",
}
"""The notice for a message that is near a danger, but not near enough."""


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
        said = [message.content for message in history if message.role == "user"]
        told = [read(text)[0] for text in said]
        found, near = self._danger(question, sentences)
        if found:
            whole = Reading(" . ".join(sentences), danger.concepts())
            taken = whole.has("product") and any(whole.has(c) for c in ("ingested", "severe_sign"))
            answer = replies.urgent(found, language, under_18=whole.has("minor"), taken=taken)
            return Assessment(urgent=answer)
        earlier, turns_ago = self._earlier(said, told)
        still = turns_ago <= _RECENT and not mood.resolved(sentences)
        if earlier and (still or not mood.moved_on(sentences, earlier)):
            return Assessment(urgent=replies.urgent(earlier, language))
        assessment = self._notices(sentences, told, earlier, language, denied=denied)
        return assessment if assessment.notices else _with_help(assessment, near, language)

    def _danger(self, text: str, sentences: Sequence[str]) -> tuple[danger.Danger | None, str]:
        """The danger that a message tells of, and to whom; and, short of that, a kind of danger that it may be near."""
        found, near = self._judged(text, sentences)
        if found and found.kind == "crisis" and danger.is_told_of_another(sentences):
            found = found._replace(bystander=True)
        return found, near

    def _judged(self, text: str, sentences: Sequence[str]) -> tuple[danger.Danger | None, str]:
        found = danger.find(sentences)
        opinion = second_opinion.opinion(text, sentences, found, self._encoder)
        if found and not opinion.innocent:
            if opinion.danger and opinion.kind == "crisis" != found.kind:
                # Its answer names the emergency number first, and every other line.
                return found._replace(kind="crisis", now=True), ""
            # In doubt about what it is, the emergency number comes before the poison line.
            return (found if opinion.kind == found.kind else found._replace(now=True)), ""
        # A story about a deadly amount gets the limits, the warning signs and a help line instead.
        story = mood.asks_lethal(sentences) and danger.is_excepted(sentences)
        # A seizure or a paralysis that has passed calls for help all the same.
        over = mood.resolved(sentences) and (opinion.kind != "stroke" or mood.helped(sentences))
        if opinion.danger and not story and not over:
            return danger.second(opinion.kind, sentences), ""
        near = found.kind if found else opinion.kind if opinion.near else ""
        return None, "" if mood.harmless(sentences, near) else near

    def _earlier(self, said: Sequence[str], told: Sequence[Sequence[str]]) -> tuple[danger.Danger | None, int]:
        """The danger that the person last spoke of before, and how many turns ago that was."""
        for turns_ago, (text, sentences) in enumerate(zip(reversed(said), reversed(told), strict=True), start=1):
            found, _ = self._danger(text, sentences)
            if found:
                return found, turns_ago
        return None, 0

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
        medicine = any(True for sentence in sentences for _ in medicines.named(sentence))
        kinds = notices.kinds(sentences, medicine=medicine) | ({"poisoning-info"} if lethal else set())
        facts = {kind for turn in told for kind in notices.kinds(turn, sticky_only=True)}
        if facts and mood.asks_about_taking(sentences):
            kinds |= facts
        drafts += notices.drafts(kinds, medicines.points(sentences, told, language), language)
        return Assessment(
            notices=tuple(drafts[: notices.MOST]),
            soft=soft,
            search_instead=mood.INSTEAD[language] if lethal else None,
        )


def _with_help(assessment: Assessment, near: str, language: Language) -> Assessment:
    """Adds a help line when a message is near danger, and nothing else that is shown names one."""
    kind = _HELP_BESIDE.get(near)
    return assessment.model_copy(update={"notices": (notices.draft(kind, language),)}) if kind else assessment
