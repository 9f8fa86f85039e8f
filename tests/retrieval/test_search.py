"""Search: signals beside hits, words of expansion questions, and mended words."""

from magbot.assistant import Magbot
from magbot.retrieval.memory import Memory


def test_each_hit_has_its_signals(magbot: Magbot) -> None:
    found = magbot.search("Hjælper magnesium mod migræne?", "da")
    assert len(found.hits) == len(found.signals)
    for hit, signal in zip(found.hits, found.signals, strict=True):
        assert hit.dense == signal.dense
        assert signal.second <= signal.question
        assert signal.matched >= signal.dense


def test_words_of_expansion_questions_are_seen(magbot: Magbot) -> None:
    found = magbot.search("hvad for en type skal jeg købe i helsekosten", "da")
    term = next(term for term in found.weights if term.startswith("helsekost"))
    assert any(term in signal.asked_with for signal in found.signals)
    assert not any("helsekost" in hit.sentence.text for hit in found.hits[:1])


def test_a_mended_word_is_told_apart_from_a_typed_one(magbot: Magbot) -> None:
    assert magbot.search("does it help against crammps", "en").mended
    assert not magbot.search("does it help against cramps", "en").mended


def test_a_document_added_while_a_search_runs_does_not_stop_it(magbot: Magbot) -> None:
    memory = Memory(magbot._index)
    memory.renew()
    assert not memory.without("added-since", "da")
    assert not memory.without("taylor-2025", "da")
