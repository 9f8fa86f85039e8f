"""Answers without a language model: chooses sentences that answer, best first, each verbatim with its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from magbot.question.form import Form, question_form
from magbot.retrieval.lookup import Lookup
from magbot.retrieval.search import Found
from magbot.schema import Hit, Kind
from magbot.text.analysis import terms

# Numbers below are fractions of the fused score (0 to about 1); chosen on the dev part of the cases.
_AMOUNT = re.compile(
    r"\d[\d.,]*\s*(?:%|mg|g|µg|mmol|mEq|gram|deltagere|participants|personer|people|studier|studies)", re.I
)
_DURATION = re.compile(
    r"\b\d+[\d.,-]*\s*(?:uger?|dage?|døgn|timer?|måneder?|år|weeks?|days?|hours?|months?|years?|min)", re.I
)
_BECAUSE = re.compile(r"\b(fordi|skyldes|derfor|because|due to|since|årsag|cause)", re.I)
_ABOUT_ARTICLE = re.compile(r"\b(artikl\w*|article|taylor)\b", re.I)
_FORM_BONUS = {Form.QUANTITY: (_AMOUNT, 0.05), Form.TIME: (_DURATION, 0.05), Form.REASON: (_BECAUSE, 0.03)}
_ARTICLE_BONUS = 0.15
# Opinion stands back behind trials and authorities that fit as well.
_EVIDENCE_BONUS = {1: 0.02, 2: 0.015, 3: 0.01, 4: 0.0, 5: 0.0}
_TOPIC_PAGE_BONUS = 0.02
# A further sentence must come this near to the first one's score, and may share at most this much of its words.
_KEEP_SHARE = 0.78
_MAX_OVERLAP = 0.6
_MAX_STATEMENTS = 4
_MAX_FROM_ONE_DOCUMENT = 2


@dataclass(frozen=True)
class Chosen:
    """A sentence that becomes a statement, and the sentences that it is cited to."""

    hit: Hit
    cited: tuple[Hit, ...]
    rank: float

    @property
    def verbatim(self) -> bool:
        """True when what is said is what is cited; false for a topic page's wording of its source."""
        return self.cited[0] is self.hit


class ExtractiveEngine:
    """Chooses and orders sentences."""

    name = "extractive"

    def __init__(self, lookup: Lookup, max_words: int) -> None:
        self._lookup = lookup
        self._max_words = max_words

    def choose(self, found: Found) -> list[Chosen]:
        """Sentences for the answer: the direct one first, then what adds to it; none when nothing was found."""
        ranked = sorted(self._candidates(found), key=lambda chosen: -chosen.rank)
        picked: list[Chosen] = []
        words = 0
        for candidate in ranked:
            length = len(candidate.hit.sentence.text.split())
            if picked and (candidate.rank < _KEEP_SHARE * picked[0].rank or words + length > self._max_words):
                continue
            if self._adds(candidate, picked, found):
                picked.append(candidate)
                words += length
            if len(picked) == _MAX_STATEMENTS:
                break
        return picked

    def _candidates(self, found: Found) -> Iterable[Chosen]:
        form = question_form(found.question)
        about_article = bool(_ABOUT_ARTICLE.search(found.question))
        for hit in found.hits:
            cited = self._lookup.supports(hit) or (hit,)
            if hit.metadata.kind == Kind.FAQ and cited[0] is hit:
                continue
            rank = hit.score + self._bonus(hit, cited, form)
            if about_article:
                rank += _ARTICLE_BONUS if hit.metadata.kind == Kind.ARTICLE else 0.0
            yield Chosen(hit, cited, rank)

    @staticmethod
    def _bonus(hit: Hit, cited: Sequence[Hit], form: Form) -> float:
        bonus = _EVIDENCE_BONUS.get(cited[0].metadata.evidence_level or 5, 0.0)
        if hit.metadata.kind == Kind.FAQ:
            bonus += _TOPIC_PAGE_BONUS
        if form in _FORM_BONUS:
            pattern, value = _FORM_BONUS[form]
            bonus += value if pattern.search(hit.sentence.text) else -value
        return bonus

    @staticmethod
    def _adds(candidate: Chosen, picked: Sequence[Chosen], found: Found) -> bool:
        """Whether a sentence says something that the chosen ones do not."""
        sources = {(hit.metadata.id, hit.sentence.start) for chosen in picked for hit in (chosen.hit, *chosen.cited)}
        if any((hit.metadata.id, hit.sentence.start) in sources for hit in (candidate.hit, *candidate.cited)):
            return False
        same = sum(chosen.hit.metadata.id == candidate.hit.metadata.id for chosen in picked)
        if same >= _MAX_FROM_ONE_DOCUMENT:
            return False
        own = set(terms(candidate.hit.sentence.text, found.language))
        for chosen in picked:
            other = set(terms(chosen.hit.sentence.text, found.language))
            if len(own & other) > _MAX_OVERLAP * max(1, min(len(own), len(other))):
                return False
        return True
