"""House rules of the ranking: what is decided and not fitted, because it is what an honest answer is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from magbot.question.subjects import is_other, is_unasked_group
from magbot.retrieval.traits import Wanted, traits
from magbot.schema import Hit, Kind

# Strong evidence before weak, opinion behind both unless it is asked for, and a document that nobody has reviewed behind
# all that have been.
_EVIDENCE = 0.6
_UNASKED_ARTICLE = -1.5
_UNREVIEWED = -2.15
# "What did X find" is answered by what was found and not by who was studied; "does it prove" by what it does not show.
_SECTION = 2.0
# A study that is named is what is asked about.
_NAMED_STUDY = 1.5
# An illness, salt or medicine is asked about and the sentence is about another; a child or a pregnancy that nobody has
# spoken of.
_OTHER_SUBJECT = -2.5
_UNASKED_GROUP = -1.5
# "Yes, but not at the same hour" answers a question that can be answered with yes.
_VERDICT_UNASKED = -1.0

_ASKS_FINDINGS = re.compile(
    r"\b(?:what (?:did|does|do|was|were) .*(?:find|found|show|conclude|report|result)|(?:results?|findings?|outcome) of|"
    r"hvad (?:viste|viser|fandt|finder|konkluderede|kom)|resultat\w*)\b",
    re.IGNORECASE,
)
_FINDINGS = re.compile(r"(?:hvad viste det|what was found|hvad den siger|what it says)", re.IGNORECASE)
_ASKS_LIMITS = re.compile(
    r"\b(?:bevise?r?|bevist|proves?|proven|proof|conclusive|limitations?|weakness\w*|svagheder?|begrænsning\w*)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"(?:viser ikke|ikke viser|does not show|do not show)", re.IGNORECASE)
_VERDICT = re.compile(r"^(?:ja|nej|måske|yes|no|maybe|perhaps)\b[, :]", re.IGNORECASE)


def opens_with_verdict(text: str) -> bool:
    """Whether a sentence begins with yes, no or maybe, as the first one of a topic page does."""
    return bool(_VERDICT.match(text))


@dataclass(frozen=True)
class Policy:
    """What the rules want to know of a question."""

    wanted: Wanted
    findings: bool
    limits: bool

    @classmethod
    def of(cls, wanted: Wanted) -> Policy:
        """Read further in a question."""
        question = wanted.lowered
        return cls(wanted, bool(_ASKS_FINDINGS.search(question)), bool(_ASKS_LIMITS.search(question)))

    def score(self, hit: Hit) -> float:
        """What is added to the fitted score of a sentence."""
        wanted = self.wanted
        score = _EVIDENCE * (5 - (hit.metadata.evidence_level or 5)) / 4
        if hit.metadata.kind is Kind.ARTICLE and not wanted.about_article:
            score += _UNASKED_ARTICLE
        if not hit.metadata.reviewed:
            score += _UNREVIEWED
        heading = hit.passage.heading
        if (self.findings and _FINDINGS.search(heading)) or (self.limits and _LIMITS.search(heading)):
            score += _SECTION
        if any(study in heading or study in hit.sentence.text for study in wanted.studies):
            score += _NAMED_STUDY
        if not wanted.verdict and opens_with_verdict(hit.sentence.text):
            score += _VERDICT_UNASKED
        about = traits(hit, wanted.language).subjects
        score += _OTHER_SUBJECT * any(is_other(asked, about[kind]) for kind, asked in wanted.subjects.items())
        score += _UNASKED_GROUP * is_unasked_group(wanted.subjects, about)
        return score
