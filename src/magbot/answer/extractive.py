"""Answers without a language model: chooses sentences that answer, best first, each verbatim with its source."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from magbot.question.form import Form
from magbot.question.studies import STUDY
from magbot.question.subjects import is_beside
from magbot.retrieval.lookup import SAME_SAID, Lookup
from magbot.retrieval.policy import opens_with_verdict
from magbot.retrieval.ranking import Ranked
from magbot.retrieval.search import Found
from magbot.retrieval.traits import Wanted, traits
from magbot.schema import Hit, Kind
from magbot.text.analysis import terms
from magbot.text.numbers import numbers_in

# A further sentence must come this near to the best one (logits of the ranking; chosen on the dev part of the cases), be
# about the same thing as the question (mean of the cosines to it and to what it answers; of other documents' sentences, a
# fifth of what a reader called padding lies below and a twentieth of the rest), and share at most this much of its words
# with one already there.
_KEEP_WITHIN = 3.5
_NEAR_ENOUGH = 0.46
_MAX_OVERLAP = 0.75
_MAX_STATEMENTS = 5
_MAX_FROM_ONE_NOTE = 4
# With this many words an answer is long enough: nothing is added to it, though the last sentence may go beyond.
_ENOUGH_WORDS = 75
# With fewer words than this an answer is short, and the page that it opens is told further, whatever its rank.
_FEW_WORDS = 40
# A topic page that answers directly was written as a whole, so its other sentences come next (logits).
_SAME_PAGE = 1.5


@dataclass(frozen=True)
class Chosen:
    """A sentence that becomes a statement, and the sentences that it is cited to."""

    hit: Hit
    cited: tuple[Hit, ...]
    rank: float

    @property
    def text(self) -> str:
        """What is said."""
        return self.hit.sentence.text

    @property
    def verbatim(self) -> bool:
        """True when what is said is what is cited; false for a topic page's wording of its source."""
        return self.cited[0] is self.hit

    @property
    def about(self) -> str:
        """Where a study's name stands, if it is of one."""
        return f"{self.hit.passage.heading} {self.text}"

    @property
    def verified(self) -> bool:
        """Not yet: the composer compares it with its sources."""
        return False


class ExtractiveEngine:
    """Chooses and orders sentences."""

    name = "extractive"

    def __init__(self, lookup: Lookup, max_words: int) -> None:
        self._lookup = lookup
        self._max_words = max_words

    def choose(self, found: Found, ranked: Ranked, share: float = 1.0) -> list[Chosen]:
        """Sentences for the answer: the direct one first, then what adds to it; none when nothing was found.

        `share` is how much of the answer's length they may have, where a question asks more than one thing.
        """
        most, enough = math.ceil(share * _MAX_STATEMENTS), share * _ENOUGH_WORDS
        picked: list[Chosen] = []
        studies = STUDY.findall(found.question)
        waiting = list(self._candidates(ranked))
        words = 0
        while waiting and len(picked) < most and words < enough:
            candidate = max(waiting, key=lambda chosen: chosen.rank + self._page_bonus(chosen, picked))
            waiting.remove(candidate)
            length = len(candidate.hit.sentence.text.split())
            short = words < share * _FEW_WORDS and self._page_bonus(candidate, picked) > 0
            if picked and (words + length > share * self._max_words or not (short or self._belongs(candidate, picked))):
                continue
            if picked and studies and not any(study in candidate.about for study in studies):
                # What another study found is no answer to a question about this one.
                continue
            if picked and self._is_beside(candidate, picked[0], found.wanted):
                continue
            if self._adds(candidate, picked, found):
                picked.append(candidate)
                words += length
        return _in_reading_order(picked)

    @staticmethod
    def _page_bonus(candidate: Chosen, picked: Sequence[Chosen]) -> float:
        first = picked[0].hit.metadata if picked else None
        same = first is not None and first.kind is Kind.FAQ and first.id == candidate.hit.metadata.id
        return _SAME_PAGE if same else 0.0

    def _belongs(self, candidate: Chosen, picked: Sequence[Chosen]) -> bool:
        """Whether a further sentence is good enough to stand beside the first."""
        bonus = self._page_bonus(candidate, picked)
        matched = max(candidate.hit.dense, candidate.hit.question_match)
        near = (candidate.hit.dense + matched) / 2 >= _NEAR_ENOUGH
        return candidate.rank + bonus >= picked[0].rank - _KEEP_WITHIN and (near or bonus > 0)

    @staticmethod
    def _is_beside(candidate: Chosen, first: Chosen, wanted: Wanted) -> bool:
        """Whether a further sentence is about something that was not asked."""
        together = wanted.form is Form.LIST or candidate.hit.metadata.id == first.hit.metadata.id
        its, told = (traits(chosen.hit, wanted.language).subjects for chosen in (candidate, first))
        return is_beside(wanted.subjects, told, its, told_together=together)

    def _candidates(self, ranked: Ranked) -> Iterable[Chosen]:
        # What is this far behind the best is no further sentence, unless it is of the same page.
        floor = ranked[0][1] - _KEEP_WITHIN - _SAME_PAGE if ranked else 0.0
        for hit, score in ranked:
            if score < floor and (hit.metadata.kind is not Kind.FAQ or hit.metadata.id != ranked[0][0].metadata.id):
                continue
            cited = self._lookup.supports(hit) or (hit,)
            # A topic page's sentence whose source is gone cannot be cited.
            if hit.metadata.kind is not Kind.FAQ or cited[0] is not hit:
                yield Chosen(hit, cited, score)

    def _repeats(self, one: Hit, other: Hit) -> bool:
        """Whether a sentence says in other words what another has said, without a figure of its own."""
        figures = [set(numbers_in(hit.sentence.text, hit.metadata.language)) for hit in (one, other)]
        if not figures[0] <= figures[1]:
            return False
        first, second = self._lookup.vectors(
            [(hit.metadata.id, hit.metadata.language, hit.sentence.text) for hit in (one, other)]
        )
        return first is not None and second is not None and float(first @ second) >= SAME_SAID

    def _adds(self, candidate: Chosen, picked: Sequence[Chosen], found: Found) -> bool:
        """Whether a sentence says something that the chosen ones do not."""
        sources = {(hit.metadata.id, hit.sentence.start) for chosen in picked for hit in (chosen.hit, *chosen.cited)}
        if any((hit.metadata.id, hit.sentence.start) in sources for hit in (candidate.hit, *candidate.cited)):
            return False
        if picked and opens_with_verdict(candidate.text) and candidate.hit.metadata.id != picked[0].hit.metadata.id:
            # "Yes, …" of another page answers that page's question.
            return False
        same = sum(chosen.hit.metadata.id == candidate.hit.metadata.id for chosen in picked)
        if same >= _MAX_FROM_ONE_NOTE and candidate.hit.metadata.kind is not Kind.FAQ:
            return False
        own = set(terms(candidate.hit.sentence.text, found.language))
        for chosen in picked:
            other = set(terms(chosen.hit.sentence.text, found.language))
            if len(own & other) > _MAX_OVERLAP * max(1, min(len(own), len(other))):
                return False
        return not any(self._repeats(candidate.hit, chosen.hit) for chosen in picked)


def _in_reading_order(picked: list[Chosen]) -> list[Chosen]:
    """The direct answer first; other sentences of its document follow in that document's order, then the rest."""
    if not picked:
        return picked
    first, *others = picked
    same = [chosen for chosen in others if chosen.hit.metadata.id == first.hit.metadata.id]
    rest = [chosen for chosen in others if chosen not in same]
    return [first, *sorted(same, key=lambda chosen: chosen.hit.sentence.start), *rest]
