"""What is removed is gone: from the answers, the stores, and the bytes on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from index.fake import HashingEncoder, disagreements, document

from magbot.index.fold import fold
from magbot.index.index import Index

SECRET = "Zanthoxylum bark holds 4711 mg magnesium, says the withdrawn leaflet."


@pytest.mark.parametrize("folded", [False, True], ids=["in the log", "in the graph"])
def test_nothing_of_a_removed_document_is_left(tmp_path: Path, folded: bool) -> None:
    encoder = HashingEncoder()
    index = Index(tmp_path, encoder)
    index.put(document("almonds", "Almonds hold 270 mg magnesium."), origin="added")
    index.put(document("leaflet", SECRET), origin="added")
    if folded:
        assert fold(index.folder, index.folders.lock)
    reader = Index(tmp_path, encoder)
    (entry,) = index.catalog.entries(index.catalog.sentence_ids(["leaflet.en"]))
    vector = encoder.encode_queries([SECRET])[0]
    assert [hit.entry_id for hit in reader.vectors.query("en", vector, 1)] == [entry]

    index.remove(["leaflet.en"])
    if folded:
        assert fold(index.folder, index.folders.lock)
    assert disagreements(index) == []
    for each in (index, reader, Index(tmp_path, encoder)):
        each.refresh()
        assert each.catalog.document("leaflet.en") is None
        assert entry not in {hit.entry_id for hit in each.vectors.query("en", vector, 5)}
        assert each.vectors.get("en", [entry]) == {}
        assert each.lexical.search(["zanthoxylum"], "en", 5) == []
        assert not each.lexical.knows("zanthoxylum", "en")
    index.catalog.close()
    # Chroma and Tantivy keep no text; the catalog overwrites what it deletes, also in its write-ahead log.
    held = [path.name for path in tmp_path.rglob("*") if path.is_file() and b"withdrawn leaflet" in path.read_bytes()]
    assert held == []


def test_a_graph_with_many_deleted_entries_is_made_anew(tmp_path: Path) -> None:
    index = Index(tmp_path, HashingEncoder())
    index.put(document("kept", "This stays. It is short."), origin="added")
    for number in range(20):
        text = " ".join(f"Sentence {place} of version {number}." for place in range(15))
        index.put(document("often", text), origin="added")
    assert fold(index.folder, index.folders.lock)
    assert index.refresh()
    assert disagreements(index) == []
    version = index.vectors.version
    graph = sorted((index.folder / "vectors" / str(version)).glob("*/data_level0.bin"), key=lambda f: f.stat().st_size)
    # 17 entries are in use; without a fresh graph, more than three hundred would be on the disk.
    assert graph[-1].stat().st_size < 250 * HashingEncoder.dimension * 4
    assert index.catalog.number("buried") == 0
