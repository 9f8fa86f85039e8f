"""The phrases that the decision is learnt from."""

from collections import Counter
from pathlib import Path

import decision_phrases
import pytest

from magbot.schema import Language


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(decision_phrases, "FOLDER", tmp_path)
    return tmp_path


def nothing(_word: str, _language: Language) -> bool:
    return False


def test_a_line_stands_for_several_questions_that_share_its_weight(folder: Path) -> None:
    (folder / "unanswerable.en.txt").write_text(
        "# price\nwhat does (zinc|iron) cost\n\nis it cheap\n", encoding="utf-8"
    )
    found = decision_phrases.phrases(nothing, [])
    assert {phrase.text for phrase in found} == {"what does zinc cost", "what does iron cost", "is it cheap"}
    assert [phrase.weight for phrase in found] == [0.5, 0.5, 1.0]
    assert {phrase.outcome for phrase in found} == {"not_in_corpus"}
    assert [phrase.group for phrase in found] == ["unanswerable price 1"] * 2 + ["unanswerable price 2"]


def test_what_the_corpus_knows_by_now_no_longer_counts(folder: Path) -> None:
    (folder / "unanswerable.da.txt").write_text("# x\nmagnesium mod ([gigt]|[hikke])\n", encoding="utf-8")
    found = decision_phrases.phrases(lambda word, language: (word, language) == ("gigt", "da"), [])
    assert [phrase.text for phrase in found] == ["magnesium mod hikke"]


def test_a_line_near_to_a_case_is_left_out(folder: Path) -> None:
    (folder / "off-topic.en.txt").write_text("# x\nwho won the match last night\nwho painted it\n", encoding="utf-8")
    found = decision_phrases.phrases(nothing, ["Who won the match, last night?"])
    assert [phrase.text for phrase in found] == ["who painted it"]


def test_there_is_enough_of_each_kind_in_both_languages() -> None:
    count = Counter((phrase.outcome, phrase.language) for phrase in decision_phrases.phrases(nothing, []))
    for language in ("da", "en"):
        assert count["not_in_corpus", language] >= 500
        assert count["off_topic", language] >= 200
        assert count["answered", language] >= 150
