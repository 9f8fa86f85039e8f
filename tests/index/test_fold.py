import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from index.fake import HashingEncoder, disagreements, document

from magbot.index.fold import Folding, fold
from magbot.index.index import Index
from magbot.index.vectors_embedded import EmbeddedVectors


def made(tmp_path: Path) -> Index:
    index = Index(tmp_path, HashingEncoder())
    index.put(document("first", " ".join(f"Sentence {n} is about seeds." for n in range(30))), origin="added")
    index.put(document("goes", " ".join(f"Sentence {n} is about nuts." for n in range(10))), origin="added")
    return index


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Have something happen while the graph of a fold is written."""
    seal = EmbeddedVectors.seal

    def sealed(self: EmbeddedVectors) -> None:
        monkeypatch.setattr(EmbeddedVectors, "seal", seal)
        seal(self)
        happens()

    monkeypatch.setattr(EmbeddedVectors, "seal", sealed)


def versions(index: Index) -> list[str]:
    return sorted(path.name for path in (index.folder / "vectors").iterdir() if path.is_dir())


def test_what_is_changed_during_a_fold_is_in_the_folded_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, reader = made(tmp_path), Index(tmp_path, HashingEncoder())

    def change() -> None:
        index.put(document("new", "Kelp is new. So is dulse."), origin="added")
        index.put(document("gone", "This comes and goes."), origin="added")
        index.remove(["goes.en", "gone.en"])

    meanwhile(monkeypatch, change)
    assert fold(index.folder, index.folders.lock)
    generation = index.catalog.generation()
    for each in (index, reader, Index(tmp_path, HashingEncoder())):
        each.refresh()
        assert each.vectors.version == 1
        assert disagreements(each) == []
        assert set(each.catalog.fingerprints()) == {"first.en", "new.en"}
    assert index.catalog.generation() == generation, "nothing that is derived from the texts is made anew"
    assert 0 < index.catalog.logged() < 20, "only what came later is in the log"
    assert fold(index.folder, index.folders.lock)
    assert index.catalog.logged() == 0


def test_a_fold_gives_way_to_a_change_of_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = made(tmp_path)
    monkeypatch.setattr("magbot.index.index.LOG_LIMIT", 40)
    much = document("much", " ".join(f"Sentence {n} is about kelp." for n in range(50)))
    meanwhile(monkeypatch, lambda: index.put(much, origin="added") and None)
    assert not fold(index.folder, index.folders.lock)
    assert index.vectors.version == 2
    assert versions(index) == ["0", "2"]
    assert disagreements(index) == []


def test_a_fold_leaves_to_the_next_writer_what_a_dead_one_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = made(tmp_path)
    monkeypatch.setattr("magbot.index.fold._PATIENCE_SECONDS", 0.2)
    with index.catalog.writing() as connection:
        connection.execute("INSERT INTO touched VALUES (NULL, 'half', 'en')")
    assert not fold(index.folder, index.folders.lock)
    assert versions(index) == ["0"]


def test_a_fold_without_room_on_the_disk_does_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = made(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(OSError, match="MB are needed"):
        fold(index.folder, index.folders.lock)
    assert versions(index) == ["0"]


def test_a_fold_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = made(tmp_path)

    def fail() -> None:
        raise OSError("the disk has gone")

    meanwhile(monkeypatch, fail)
    with pytest.raises(OSError, match="has gone"):
        fold(index.folder, index.folders.lock)
    assert versions(index) == ["0"]
    assert fold(index.folder, index.folders.lock)


def test_a_full_log_is_folded_by_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = made(tmp_path)
    monkeypatch.setattr("magbot.index.index.LOG_LIMIT", 41)
    index.put(document("last", "Kelp fills the log."), origin="added")
    index.folding.wait()
    assert index.refresh()
    assert index.vectors.version == 1
    assert index.catalog.logged() == 0
    assert disagreements(index) == []


def test_why_a_fold_failed_is_logged_at_the_next(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    index, folding = made(tmp_path), Folding()
    (index.folder / "vectors" / "0").rename(index.folder / "vectors" / "1")  # the catalog still names 0
    for _ in range(2):
        folding.start(index.folder, index.folders.lock.path)
        folding.wait()
    assert "could not be folded" in caplog.text
    assert str(index.folder) in caplog.text
    assert "it was killed" not in caplog.text
