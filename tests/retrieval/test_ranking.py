"""Ranking: the fitted model and the house rules on top of it."""

from magbot.assistant import Magbot
from magbot.retrieval.features import features
from magbot.retrieval.policy import Policy
from magbot.retrieval.ranking import rank, weights
from magbot.retrieval.traits import Wanted
from magbot.schema import Hit, Kind, Metadata, Passage, Sentence

ASKED, NOT_ASKED = (
    Policy.of(Wanted.of(question, "en")) for question in ("What does the article say?", "Does it help?")
)


def hit(kind: Kind, level: int | None, *, reviewed: bool = True) -> Hit:
    sentence = Sentence(text="Magnesium helps.", start=0, end=16)
    passage = Passage(document_id="a", language="en", text=sentence.text, start=0, end=16, sentences=(sentence,))
    metadata = Metadata(id="a", title="A", language="en", kind=kind, evidence_level=level, reviewed=reviewed)
    return Hit(sentence=sentence, passage=passage, metadata=metadata, score=0.0)


def test_opinion_is_behind_a_trial_unless_the_article_is_asked_about() -> None:
    article, trial = hit(Kind.ARTICLE, 5), hit(Kind.RANDOMISED_TRIAL, 2)
    assert NOT_ASKED.score(article) < NOT_ASKED.score(trial)
    assert ASKED.score(article) > NOT_ASKED.score(article)


def test_what_nobody_has_reviewed_is_behind_everything() -> None:
    added, article = hit(Kind.SYSTEMATIC_REVIEW, 1, reviewed=False), hit(Kind.ARTICLE, 5)
    assert NOT_ASKED.score(added) < NOT_ASKED.score(article)


def test_each_feature_has_a_fitted_weight(magbot: Magbot) -> None:
    names, values = features(magbot.search("Hvor mange var med i Kieboom 2017?", "da"))
    assert values.shape[1] == len(names) == len(set(names))
    assert all(weights((name,))[0] != 0.0 or name in {"numbers_missing", "duration_lacking"} for name in names)


def test_the_sentence_with_the_number_comes_first(magbot: Magbot) -> None:
    ranked = rank(magbot.search("How many people did the Rotterdam dementia study follow?", "en"))
    assert "9,569" in ranked[0][0].sentence.text
    scores = [score for _, score in ranked]
    assert scores == sorted(scores, reverse=True)
