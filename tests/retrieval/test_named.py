"""What a question asks of a document that it names must stand in that document."""

import pytest

from magbot.assistant import Magbot
from magbot.retrieval.answerability import features
from magbot.retrieval.ranking import rank
from magbot.schema import Language


@pytest.mark.parametrize(
    ("question", "language", "documents"),
    [
        ("What did Kieboom find?", "en", {"kieboom-2017"}),
        ("hvad kom der ud af tarletons forsøg", "da", {"tarleton-2017"}),
        ("Hvad viste Köseoglu?", "da", {"koseoglu-2008"}),
        ("what does the article say", "en", {"taylor-2025"}),
        ("hvad siger artiklen om Boyle", "da", {"taylor-2025", "boyle-2017"}),
    ],
)
def test_a_question_names_documents(magbot: Magbot, question: str, language: Language, documents: set[str]) -> None:
    named = magbot.search(question, language).named
    assert named is not None
    assert named.documents == documents


@pytest.mark.parametrize(
    "question", ["does magnesium help migraine", "I am a fan of nuts", "you and du", "in hospital"]
)
def test_words_that_merely_look_like_names_name_nothing(magbot: Magbot, question: str) -> None:
    assert magbot.search(question, "en").named is None


def test_what_the_named_study_does_not_hold_is_noticed(magbot: Magbot) -> None:
    def gone(question: str) -> float:
        found = magbot.search(question, "en")
        return features(found, rank(found), noticed=False)["named_gone"]

    # Others did look at fractures.
    assert gone("What did Kieboom find about fractures?") > 0.5
    assert gone("What did Kieboom find about dementia?") == 0
    assert gone("does magnesium prevent fractures") == 0
