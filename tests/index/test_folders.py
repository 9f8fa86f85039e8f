"""What becomes of index folders: torn ones, old ones, those of other encoders."""

import logging
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from index.fake import HashingEncoder, disagreements, document

from magbot.errors import StoreError
from magbot.index import folders as module
from magbot.index.folders import in_use, roll_back
from magbot.index.index import Index
from magbot.index.manifest import ManifestFile

ALMONDS = document("almonds", "Almonds hold 270 mg magnesium. They are nuts.")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 3 + 64] = b"?" * 64
    path.write_bytes(content)


def first(folder: Path, pattern: str) -> Path:
    return sorted(path for path in folder.glob(pattern) if path.is_file())[0]


DAMAGE: dict[str, Callable[[Path], None]] = {
    "catalog gone": lambda folder: (folder / "catalog.sqlite").unlink(),
    "catalog empty": lambda folder: (folder / "catalog.sqlite").write_bytes(b""),
    "catalog torn": lambda folder: truncate(folder / "catalog.sqlite"),
    "catalog of another kind": lambda folder: (folder / "catalog.sqlite").write_bytes(b"not a database " * 500),
    "catalog of a later version": lambda folder: sqlite3.connect(folder / "catalog.sqlite").execute(
        "PRAGMA user_version=99"
    ),
    "vectors gone": lambda folder: shutil.rmtree(folder / "vectors"),
    "vector database empty": lambda folder: first(folder, "vectors/*/chroma.sqlite3").write_bytes(b""),
    "vector database torn": lambda folder: truncate(first(folder, "vectors/*/chroma.sqlite3")),
    "graph gone": lambda folder: shutil.rmtree(first(folder, "vectors/*/*/header.bin").parent),
    "graph file gone": lambda folder: first(folder, "vectors/*/*/data_level0.bin").unlink(),
    "graph torn": lambda folder: truncate(first(folder, "vectors/*/*/data_level0.bin")),
    "graph garbled": lambda folder: garble(first(folder, "vectors/*/*/data_level0.bin")),
    "labels empty": lambda folder: first(folder, "vectors/*/*/index_metadata.pickle").write_bytes(b""),
    "words gone": lambda folder: shutil.rmtree(folder / "lexical"),
    "words without their list": lambda folder: (folder / "lexical" / "meta.json").unlink(),
    "list of words empty": lambda folder: (folder / "lexical" / "meta.json").write_bytes(b""),
    "a part of the words gone": lambda folder: first(folder, "lexical/*.store").unlink(),
    "everything gone": lambda folder: shutil.rmtree(folder),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_torn_index_is_noticed_said_and_replaced(
    tmp_path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("magbot.index.index.LOG_LIMIT", 1)  # so that there is a sealed graph to be torn
    monkeypatch.setattr("magbot.index.vectors_embedded._GRACE_SECONDS", -1)
    index = Index(tmp_path, HashingEncoder())
    index.sync([ALMONDS], origin="added")
    index.publish(current=True)
    index.remove(["nothing.en"])  # a later change clears the versions before
    folder = index.folder
    index.catalog.close()
    for leftover in folder.glob("catalog.sqlite-*"):
        leftover.unlink()

    damage(folder)
    with caplog.at_level(logging.WARNING):
        again = Index(tmp_path, HashingEncoder())
    assert "The index is damaged" in caplog.text
    assert again.folder != folder
    assert not folder.exists()
    again.sync([ALMONDS], origin="added")
    assert disagreements(again) == []
    assert again.catalog.document(ALMONDS.key) == ALMONDS
    entry = in_use(tmp_path / "index")
    assert entry is not None
    assert entry.folder == again.folder.name
    caplog.clear()
    assert Index(tmp_path, HashingEncoder()).catalog.count()[0] == 1
    assert caplog.text == ""


def test_a_manifest_that_cannot_be_read_is_made_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Index(tmp_path, HashingEncoder()).put(ALMONDS, origin="added")
    (tmp_path / "index" / "manifest.json").write_text("{", "utf-8")
    with caplog.at_level(logging.WARNING):
        index = Index(tmp_path, HashingEncoder())
    assert "manifest.json cannot be understood" in caplog.text
    index.put(ALMONDS, origin="added")
    assert disagreements(index) == []


def test_another_encoder_gets_an_index_beside_and_the_way_back_is_one_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoders = {name: HashingEncoder(name) for name in ("old-1", "new-1")}
    monkeypatch.setattr(module, "load_encoder", lambda name: encoders[name])
    old = Index(tmp_path, encoders["old-1"], model="old-1")
    old.sync([ALMONDS], origin="added")
    old.publish(current=True)
    new = Index(tmp_path, encoders["new-1"], model="new-1")
    new.sync([ALMONDS], origin="added")
    assert new.folder != old.folder
    root = tmp_path / "index"
    in_use_now = in_use(root)
    assert in_use_now is not None
    assert in_use_now.model == "old-1", "not swapped before it is complete"
    new.publish(current=True)
    swapped = in_use(root)
    assert swapped is not None
    assert (swapped.model, swapped.encoder) == ("new-1", "new-1")
    assert disagreements(old) == [], "the old one goes on answering"

    assert roll_back(root, None).model == "old-1"
    back = in_use(root)
    assert back is not None
    assert back.folder == old.folder.name
    assert disagreements(Index(tmp_path, encoders["old-1"])) == []
    assert roll_back(root, None).model == "new-1", "and forward again"

    gone = new.folders.prune(keep=new.folder.name)
    assert [entry.folder for entry in gone] == [old.folder.name]
    assert not old.folder.exists()
    with pytest.raises(StoreError, match="no earlier index"):
        roll_back(root, None)


def test_there_is_no_way_back_to_an_encoder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("bundled-1", "bundled-2"):
        index = Index(tmp_path, HashingEncoder(name))
        index.sync([ALMONDS], origin="added")
        index.publish(current=True)
    monkeypatch.setattr(module, "load_encoder", lambda name: HashingEncoder("bundled-2"))
    with pytest.raises(StoreError, match="bundled-1"):
        roll_back(tmp_path / "index", None)


def test_a_rebuild_that_dies_leaves_the_old_index(tmp_path: Path) -> None:
    index = Index(tmp_path, HashingEncoder())
    index.sync([ALMONDS], origin="added")

    def rebuild_halfway() -> None:
        with index.rebuilding() as fresh:
            fresh.put(document("other", "Half of it."), origin="added")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_halfway()
    assert set(index.catalog.fingerprints()) == {ALMONDS.key}
    assert len(ManifestFile(tmp_path / "index").read().entries) == 1
