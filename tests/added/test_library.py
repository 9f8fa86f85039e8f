from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from magbot.added.report import AddProgress, Details, Status, Upload
from magbot.assistant import Magbot
from magbot.errors import DocumentError
from magbot.index.index import Index
from magbot.schema import Document, Kind
from magbot.settings import Settings


def files(settings: Settings) -> list[str]:
    """Names in the folder of added documents."""
    return sorted(path.name for path in (settings.data_dir / "documents").iterdir())


def sentences(magbot: Magbot, question: str = "How much magnesium does kelp hold?") -> list[str]:
    """What a search for something finds."""
    return [hit.sentence.text for hit in magbot.search(question, "en").hits]


def test_an_added_document_is_found_and_not_reviewed(own: Magbot, kelp: Path) -> None:
    report = own.add([kelp])
    (item,) = report.items
    assert (item.status, item.document_id, item.language) == (Status.ADDED, "added-kelp", "en")
    assert not report.failed
    (hit,) = own.search("How much magnesium does kelp hold?", "en").hits
    assert hit.sentence.text == "Kelp from the Baltic holds 121 mg magnesium per 100 g dry weight."
    assert not hit.metadata.reviewed


def test_it_survives_restart_and_rebuild(own: Magbot, settings: Settings, kelp: Path) -> None:
    own.add([kelp])
    kelp.unlink()
    again = Magbot(settings)
    assert sentences(again)
    assert again.last_sync.encoded == 0
    again.rebuild()
    assert sentences(again)
    assert [item.id for item in again.documents()] == ["added-kelp"]


def test_a_process_that_is_open_notices(own: Magbot, settings: Settings, kelp: Path) -> None:
    Magbot(settings).add([kelp])
    assert sentences(own)
    Magbot(settings).remove("added-kelp")
    assert not sentences(own)


def test_the_same_again_is_unchanged_and_a_change_is_an_update(own: Magbot, settings: Settings, kelp: Path) -> None:
    own.add([kelp])
    own.review("added-kelp")
    before = files(settings)
    assert own.add([kelp]).items[0].status is Status.UNCHANGED
    assert files(settings) == before
    assert own.documents()[0].reviewed
    kelp.write_text(kelp.read_text() + "\nKelp from Iceland holds 99 mg.\n")
    report = own.add([kelp])
    assert report.items[0].status is Status.UPDATED
    assert len(files(settings)) == 2
    assert len(sentences(own)) == 2
    assert not own.documents()[0].reviewed, "new text has not been reviewed"


def test_the_same_text_under_another_name_or_format_is_a_duplicate(own: Magbot, kelp: Path, inbox: Path) -> None:
    own.add([kelp])
    other = inbox / "other.txt"
    other.write_text(kelp.read_text().removeprefix("# ").upper())
    report = own.add([other])
    assert report.items[0].status is Status.DUPLICATE
    assert "added-kelp" in report.items[0].message
    assert len(own.documents()) == 1


def test_the_same_name_with_other_content(own: Magbot, kelp: Path, inbox: Path) -> None:
    own.add([kelp])
    (inbox / "sub").mkdir()
    (inbox / "sub" / "kelp.md").write_text("Kelp also holds iodine and some magnesium.")
    assert own.add([inbox / "sub" / "kelp.md"]).items[0].document_id == "added-kelp-2"
    refused = own.add([Upload("kelp.md", b"A third text about kelp and magnesium.")])
    assert refused.failed
    assert "other content" in refused.items[0].message
    assert refused.items[0].help
    assert len(own.documents()) == 2


def test_language_twins_share_an_id_and_go_together(own: Magbot, inbox: Path) -> None:
    (inbox / "tang.da.md").write_text("# Tang\n\nTang rummer 121 mg magnesium pr. 100 g.")
    (inbox / "tang.en.md").write_text("# Kelp\n\nKelp holds 121 mg magnesium per 100 g.")
    report = own.add([inbox])
    assert {(item.document_id, item.language) for item in report.items} == {("added-tang", "da"), ("added-tang", "en")}
    assert len(own.remove("added-tang")) == 2
    assert own.documents() == []


def test_removing_leaves_nothing_of_it(own: Magbot, settings: Settings, kelp: Path) -> None:
    own.add([kelp])
    own.remove("added-kelp")
    assert files(settings) == []
    assert not sentences(own)
    assert b"Baltic" not in b"".join(
        p.read_bytes() for p in (settings.data_dir / "documents").rglob("*") if p.is_file()
    )
    with pytest.raises(DocumentError, match="no added document"):
        own.remove("added-kelp")


def test_shipped_documents_cannot_be_removed_or_reviewed(own: Magbot) -> None:
    for change in (own.remove, own.review):
        with pytest.raises(DocumentError, match="Shipped documents cannot be changed"):
            change("taylor-2025")


def test_a_dry_run_says_the_same_and_changes_nothing(own: Magbot, settings: Settings, kelp: Path, inbox: Path) -> None:
    (inbox / "twice.txt").write_text(kelp.read_text().removeprefix("# "))
    (inbox / "empty.md").write_text("")
    planned = own.add([inbox], dry_run=True)
    assert not (settings.data_dir / "documents").exists()
    done = own.add([inbox])
    assert [item.status for item in planned.items] == [item.status for item in done.items]
    assert planned.counts == {Status.ADDED: 1, Status.DUPLICATE: 1, Status.REFUSED: 1}


def test_one_bad_file_does_not_stop_the_others(own: Magbot, kelp: Path, inbox: Path) -> None:
    (inbox / "a-bad.txt").write_bytes(b"\x00\x01\x02\xff" * 500)
    report = own.add([inbox])
    assert report.failed
    assert [(item.source, item.status) for item in report.items] == [
        ("a-bad.txt", Status.REFUSED),
        ("kelp.md", Status.ADDED),
    ]


def test_details_win_and_are_kept_when_the_file_is_read_again(own: Magbot, kelp: Path) -> None:
    own.add([kelp], Details(title="Given", kind=Kind.COHORT))
    kelp.write_text(kelp.read_text() + "\nMore about kelp.\n")
    report = own.update(["added-kelp"], Details(year=2024))
    assert report.items[0].status is Status.UPDATED
    (metadata,) = own.documents()
    assert (metadata.title, metadata.kind, metadata.year) == ("Given", Kind.COHORT, 2024)
    assert report.items[0].guessed == ("language",)


def test_an_update_without_the_file_keeps_what_there_is(own: Magbot, kelp: Path) -> None:
    own.add([kelp])
    kelp.unlink()
    report = own.update()
    assert report.failed
    assert "kelp.md" in report.items[0].message
    assert sentences(own)


def test_an_upload_is_updated_from_its_copy(own: Magbot) -> None:
    own.add([Upload("note.txt", b"Kelp holds 121 mg magnesium per 100 g.")])
    assert own.update().items[0].status is Status.UNCHANGED
    assert own.update(["added-note"], Details(title="A note")).items[0].status is Status.UPDATED
    assert own.documents()[0].title == "A note"


def test_another_language_moves_the_document(own: Magbot, settings: Settings, kelp: Path) -> None:
    own.add([kelp])
    own.update(["added-kelp"], Details(language="da"))
    assert [(item.id, item.language) for item in own.documents()] == [("added-kelp", "da")]
    assert all(".da." in name for name in files(settings))


def test_progress_names_each_source_and_ends_at_the_total(own: Magbot, kelp: Path, inbox: Path) -> None:
    (inbox / "more.txt").write_text("More about magnesium in kelp.")
    seen: list[AddProgress] = []
    own.add([inbox], on_progress=seen.append)
    assert [state.name for state in seen if not state.texts_total][:2] == ["kelp.md", "more.txt"]
    assert (seen[-1].done, seen[-1].total) == (2, 2)
    # Both are stored at once.
    assert [(state.name, state.texts_done, state.texts_total) for state in seen if state.texts_total] == [
        ("more.txt", 2, 2)
    ]


def test_many_documents_are_stored_in_few_changes(own: Magbot, inbox: Path) -> None:
    before = own.health()["generation"]
    for number in range(70):
        (inbox / f"{number:02}.txt").write_text(f"Plant number {number} holds {number} mg magnesium.")
    report = own.add([inbox])
    assert report.counts == {Status.ADDED: 70}
    assert own.health()["generation"] == before + 2
    assert len(own.documents()) == 70


def test_one_document_that_cannot_be_stored_does_not_stop_those_stored_with_it(
    own: Magbot, settings: Settings, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        (inbox / f"{name}.txt").write_text(f"Plant {name} holds magnesium.")
    put_all = Index.put_all

    def broken(self: Index, documents: Sequence[Document], **options: Any) -> int:
        if any("Plant b" in document.text for document in documents):
            raise OSError(5, "Input/output error")
        return put_all(self, documents, **options)

    monkeypatch.setattr(Index, "put_all", broken)
    report = own.add([inbox])
    assert [item.status for item in report.items] == [Status.ADDED, Status.REFUSED, Status.ADDED]
    assert "b.txt: it could not be stored" in report.items[1].message
    assert len(files(settings)) == 4


DIE = """
import os, sys
from pathlib import Path
from magbot.assistant import Magbot
from magbot.index.index import Index
from magbot.settings import load_settings

magbot = Magbot(load_settings(corpus_dir=Path(sys.argv[1]), data_dir=Path(sys.argv[2])))
Index.put_all = lambda *_, **__: os._exit(9)
magbot.add([Path(sys.argv[3])])
"""


def test_a_process_that_dies_while_it_stores_several_leaves_each_of_them_whole(
    own: Magbot, settings: Settings, kelp: Path, inbox: Path
) -> None:
    own.add([kelp])
    kelp.write_text("# Kelp\n\nKelp holds 122 mg magnesium per 100 g.")
    (inbox / "other.txt").write_text("Dulse holds magnesium as well.")
    ended = subprocess.run([sys.executable, "-c", DIE, settings.corpus_dir, settings.data_dir, inbox])
    assert ended.returncode == 9
    again = Magbot(settings)
    assert [item.id for item in again.documents()] == ["added-kelp", "added-other"]
    assert "Kelp holds 122 mg magnesium per 100 g." in sentences(again)
    assert again.health()["sentences"] == 2
    assert own.add([inbox]).counts == {Status.UNCHANGED: 2}


def test_a_document_that_is_given_twice_is_changed_twice(own: Magbot, kelp: Path) -> None:
    own.add([kelp])
    kelp.write_text("# Kelp\n\nKelp holds 122 mg magnesium per 100 g.")
    report = own.add([kelp, kelp])
    assert [item.status for item in report.items] == [Status.UPDATED, Status.UNCHANGED]


def test_a_failing_index_keeps_nothing_half_added(
    own: Magbot, settings: Settings, kelp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.add([kelp])
    kept = {path: path.read_bytes() for path in (settings.data_dir / "documents").iterdir()}
    kelp.write_text("# Other\n\nWholly other text about magnesium.")

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Index, "put_all", full)
        report = own.add([kelp, Upload("new.txt", b"New text about magnesium and kelp.")])
    assert [item.status for item in report.items] == [Status.REFUSED] * 2
    assert "No space left" in report.items[0].message
    assert {path: path.read_bytes() for path in (settings.data_dir / "documents").iterdir()} == kept
    assert sentences(Magbot(settings))
