import json
import shutil
from pathlib import Path

import pytest

from magbot.index.lexical import LexicalIndex, Row
from magbot.text.analysis import terms


def test_danish_compounds_are_found_by_their_parts(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "words", create=True)
    index.write([Row("a", "da", "Magnesiumtilskud kan give diarré.", ""), Row("b", "da", "Mandler er sunde.", "")])
    assert [row for row, _ in index.search(terms("tilskud", "da"), "da", 5)] == ["a"]


def test_a_row_is_replaced_by_its_id(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "words", create=True)
    index.write([Row("a", "en", "Almonds.", "")])
    index.write([Row("a", "en", "Spinach.", "")])
    assert index.count() == 1
    assert index.search(terms("almonds", "en"), "en", 5) == []


def test_a_heading_counts_less_than_the_sentence(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "words", create=True)
    index.write([Row("a", "en", "Something else here.", "Migraine"), Row("b", "en", "Migraine was studied.", "")])
    assert [row for row, _ in index.search(terms("migraine", "en"), "en", 5)] == ["b", "a"]


def test_no_words_find_nothing(tmp_path: Path) -> None:
    assert LexicalIndex(tmp_path / "words", create=True).search([], "da", 5) == []


def test_files_of_a_killed_writer_are_not_in_the_way(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    index = LexicalIndex(folder, create=True)
    index.write([Row(f"row-{number}", "en", f"magnesium number {number}", "") for number in range(9)])
    index.write([], delete=["row-0"])
    # A writer that dies while it commits leaves a file with the name that the next one will choose.
    (deletions,) = folder.glob("*.del")
    segment, stamp = deletions.name.split(".")[:2]
    orphans = [f"{segment}.{int(stamp) + later}.del" for later in range(1, 4)]
    for orphan in orphans:
        shutil.copy(deletions, folder / orphan)
    managed = folder / ".managed.json"
    managed.write_text(json.dumps([*json.loads(managed.read_text()), *orphans]))
    index = LexicalIndex(folder)
    with pytest.raises(ValueError, match="FileAlreadyExists"):
        index.write([], delete=["row-1"])
    index.recover()
    index.write([], delete=["row-1"])
    assert index.count() == 7


def test_which_sentences_are_asked_with_a_word(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "words", create=True)
    index.write([Row("a", "en", "Yes.", "", ("does it help sleep",)), Row("b", "en", "Sleep was short.", "")])
    assert index.asked_with(["sleep", "iron"], "en", ["a", "b"]) == {"sleep": {"a"}, "iron": set()}
    assert index.asked_with(["sleep"], "en", ["b"]) == {"sleep": set()}
