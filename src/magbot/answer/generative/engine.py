"""Lets a chat model write the answer from the ranked sentences, and gives on only what stands up to its quotes."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from magbot.answer.generative.client import ChatClient
from magbot.answer.generative.condense import condensed
from magbot.answer.generative.drafts import Draft
from magbot.answer.generative.passages import passages_of, source_of
from magbot.answer.generative.prompts import NO_ANSWER, answer_messages
from magbot.answer.generative.timed import OutOfTimeError, within
from magbot.answer.verification.verifier import Verifier
from magbot.encoder.base import Encoder
from magbot.question.understand import Question
from magbot.retrieval.lookup import Lookup
from magbot.retrieval.ranking import Ranked
from magbot.schema import Dropped, Generation, GenerationResult, Hit, Message
from magbot.settings import Settings

logger = logging.getLogger(__name__)

# At least this share of the statements has to stand, or the answer is made of quotes instead.
LEAST_KEPT = 0.5
MOST_STATEMENTS = 6
MOST_CHARS = 500
# No statement needs a link, a tag or an address.
_FOREIGN = re.compile(r"https?://|www\.|<\s*/?\w|\]\(|\S+@\S+\.\S+", re.IGNORECASE)
# Of the time for an answer, the share that making a follow-up stand alone may take.
_CONDENSE_SHARE = 0.3


@dataclass(frozen=True)
class Written:
    """A verified statement of the model and the sentences that it cites."""

    text: str
    cited: tuple[Hit, ...]

    @property
    def hit(self) -> Hit:
        """The first sentence that it cites."""
        return self.cited[0]

    @property
    def verbatim(self) -> bool:
        """Whether it is word for word one of them."""
        return any(self.text == hit.sentence.text for hit in self.cited)

    @property
    def verified(self) -> bool:
        """Already: nothing else leaves the engine."""
        return True


@dataclass
class _Tally:
    kept: int = 0
    dropped: list[Dropped] = field(default_factory=list)

    def report(self, model: str, result: GenerationResult, *, texts: bool) -> Generation:
        return Generation(
            model=model,
            result=result,
            kept=self.kept,
            dropped=len(self.dropped),
            dropped_statements=tuple(self.dropped) if texts else (),
        )


class GenerativeEngine:
    """Asks the configured model; loads it when it is first needed."""

    def __init__(self, settings: Settings, lookup: Lookup, encoder: Encoder) -> None:
        self._settings = settings
        self._lookup = lookup
        self._verifier = Verifier(encoder)
        self._client: ChatClient | None = None
        self.name = settings.model or ""

    def write(self, question: Question, ranked: Ranked) -> Generator[Written, None, Generation]:
        """Verified statements as they come; the generator returns how it went. Raises nothing that the model does."""
        tally = _Tally()
        result: GenerationResult = "used"
        try:
            yield from self._statements(question, ranked, tally)
            if not tally.kept and not tally.dropped:
                result = "empty"
            elif tally.kept < LEAST_KEPT * (tally.kept + len(tally.dropped)):
                result = "unsupported"
        except OutOfTimeError:
            logger.warning("The model %s did not answer within %g s.", self.name, self._settings.model_timeout)
            result = "timed_out"
        except _RefusedError:
            result = "refused"
        except Exception as error:  # noqa: BLE001 - providers raise what they like; the person gets quotes instead
            logger.warning("The model %s failed: %s", self.name, error)
            result = "failed"
        return tally.report(self.name, result, texts=self._settings.debug)

    def stand_alone(self, question: str, history: Sequence[Message], by_rules: Question) -> Question:
        """The question made to stand alone by the model, or by the rules when the model's does not hold up."""
        deadline = time.monotonic() + _CONDENSE_SHARE * self._settings.model_timeout
        try:
            return condensed(self._loaded(), question, history, by_rules, deadline)
        except Exception as error:  # noqa: BLE001 - as above; the rules are always there
            logger.warning("The model %s did not make the question stand alone: %s", self.name, error)
            return by_rules

    def _loaded(self) -> ChatClient:
        if self._client is None:
            self._client = ChatClient(self._settings)
        return self._client

    def _statements(self, question: Question, ranked: Ranked, tally: _Tally) -> Generator[Written, None, None]:
        passages = passages_of(ranked, self._lookup, self._settings.model_passages)
        client = self._loaded()
        messages = answer_messages(
            question.text, {key: hit.sentence.text for key, hit in passages.items()}, question.language, MOST_STATEMENTS
        )
        deadline = time.monotonic() + self._settings.model_timeout
        seen: set[str] = set()
        for draft in within(deadline, lambda: client.stream_drafts(messages, frozenset(passages))):
            if NO_ANSWER in (draft.text if isinstance(draft, Draft) else draft):
                raise _RefusedError
            if isinstance(draft, str) or draft.text in seen or tally.kept >= MOST_STATEMENTS:
                continue
            seen.add(draft.text)
            if written := self._verified(draft, passages, question, tally):
                yield written

    def _verified(self, draft: Draft, passages: dict[str, Hit], question: Question, tally: _Tally) -> Written | None:
        cited = tuple(passages[key] for key in draft.ids if key in passages)
        if len(cited) < len(draft.ids):
            reason = "citation: none of this turn"
        elif len(draft.text) > MOST_CHARS or _FOREIGN.search(draft.text):
            reason = "form: no plain sentence"
        else:
            verdict = self._verifier.check(draft.text, question.language, [source_of(hit) for hit in cited])
            if verdict.supported:
                tally.kept += 1
                return Written(draft.text, cited)
            reason = verdict.reason
        logger.info("A statement of the model %s was dropped (%s).", self.name, reason)
        tally.dropped.append(Dropped(text=draft.text, reason=reason))
        return None


class _RefusedError(Exception):
    """The model says that the passages do not answer."""
