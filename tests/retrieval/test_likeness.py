"""What the wording of a question says, whatever its words are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from magbot.assistant import Magbot
from magbot.retrieval.answerability import marked_words
from magbot.retrieval.likeness import COLUMNS, columns, compared, likeness, marked
from magbot.retrieval.ranking import rank
from magbot.schema import Language


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("magnesium mod blorfitis", "da", ("magnesium", "mod", "X")),
        ("what did Blorfman find in 2031?", "en", ("what", "did", "NX", "find", "in", "Y", "?")),
        ("does magnisium help migraine", "en", ("does", "M", "help", "migraine")),
    ],
)
def test_marks_stand_for_what_the_corpus_does_not_hold(
    magbot: Magbot, question: str, language: Language, words: tuple[str, ...]
) -> None:
    found = magbot.search(question, language)
    assert marked_words(found, rank(found)) == words


def test_a_word_that_is_known_but_not_near_is_marked(magbot: Magbot) -> None:
    found = magbot.search("magnesium and migraine", "en")
    assert marked(found, frozenset()) == ("magnesium" if "magnesium" not in found.weights else "G", "and", "G")


def test_nothing_is_marked_where_what_is_nearest_is_in_the_other_language(magbot: Magbot) -> None:
    found = magbot.search("magnesium mod Blorfitis i 2031", "da")
    assert marked(found, None) == ("magnesium", "mod", "N", "i", "Y")


def test_what_no_source_answers_is_less_like_what_is_answered(magbot: Magbot) -> None:
    def answered(question: str) -> float:
        found = magbot.search(question, "en")
        return likeness(found, marked_words(found, rank(found))).answered

    assert answered("What does a jar of magnesium cost at the chemist's?") < answered("How does magnesium ease cramps?")


def test_another_encoders_vector_has_no_say(magbot: Magbot) -> None:
    found = magbot.search("Does magnesium help migraine?", "en")
    words = marked_words(found, rank(found))
    other = replace(found, encoder="another", vector=np.zeros(3, dtype=np.float32))
    assert likeness(other, words) == likeness(replace(other, vector=found.vector), words)
    assert likeness(other, words) != likeness(found, words)


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=6))
def test_any_text_has_columns_that_the_weights_have(text: str, words: list[str]) -> None:
    hit = columns(text, "da", words)
    assert len(set(hit)) == len(hit)
    assert hit.min(initial=0) >= 0
    assert hit.max(initial=0) < COLUMNS


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=3))
def test_odds_are_bounded(scores: list[float]) -> None:
    found = compared(np.array(scores, dtype=np.float32))
    assert -1 <= found.answered <= 1
    assert -1 <= found.off_topic <= 1
