import logging
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings
from index.fake import disagreements, document

from magbot.corpus.load import load_corpus
from magbot.encoder.base import Encoder
from magbot.encoder.factory import load_encoder
from magbot.errors import DamageError, StoreError
from magbot.index.index import Index


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def agree(index: Index) -> bool:
    return not disagreements(index)


def test_a_second_sync_encodes_nothing(tmp_path: Path, small_corpus: Path, encoder: Encoder) -> None:
    documents = load_corpus(small_corpus)
    first = Index(tmp_path / "data", encoder).sync(documents, origin="shipped")
    assert len(first.added) == 4
    assert first.encoded > 50
    second = Index(tmp_path / "data", encoder).sync(documents, origin="shipped")
    assert second.encoded == 0
    assert len(second.unchanged) == 4


def test_only_changed_sentences_are_encoded_again(tmp_path: Path, small_corpus: Path, encoder: Encoder) -> None:
    index = Index(tmp_path / "data", encoder)
    index.sync(load_corpus(small_corpus), origin="shipped")
    path = small_corpus / "safety" / "kidney-disease.en.md"
    path.write_text(path.read_text() + "\nA wholly new sentence about magnesium and kidneys stands here.\n")
    report = index.sync(load_corpus(small_corpus), origin="shipped")
    assert report.updated == ["kidney-disease.en"]
    assert report.encoded == 1
    assert agree(index)


def test_expansion_questions_are_found_by_and_not_quotable(tmp_path: Path, encoder: Encoder) -> None:
    index = Index(tmp_path / "data", encoder)
    text = "Magnesium oxide was absorbed poorly in the trial."
    asked = {("trial.en", text): ("which pill goes straight through me",)}
    assert index.sync([document("trial", text)], origin="shipped", questions=asked).encoded == 2
    vector = encoder.encode_queries(["which pill goes straight through me"])[0]
    best = index.vectors.query("en", vector, 1)[0]
    (sentence_id,) = index.catalog.owners([best.entry_id]).values()
    assert best.entry_id != sentence_id
    assert index.catalog.sentences([sentence_id])[sentence_id].sentence.text == text


def test_chromas_own_client_reads_the_files(tmp_path: Path, encoder: Encoder) -> None:
    index = Index(tmp_path / "data", encoder)
    index.put(document("one", "Almonds hold magnesium."), origin="added")
    folder = index.folder / "vectors" / "0"
    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    found = client.get_collection("sentences-en", embedding_function=None).get(include=["metadatas", "embeddings"])
    assert found["metadatas"] == [{"sentence": sentence_id} for sentence_id in index.catalog.sentence_ids(["one.en"])]
    assert np.allclose(found["embeddings"], encoder.encode_passages(["Almonds hold magnesium."]))


def test_removing_leaves_nothing(tmp_path: Path, encoder: Encoder) -> None:
    index = Index(tmp_path / "data", encoder)
    index.put(document("one", "Pumpkin seeds hold much magnesium."), origin="added")
    index.put(document("two", "Almonds hold some magnesium."), origin="added")
    index.remove(["one.en"])
    assert agree(index)
    assert index.catalog.document("one.en") is None
    assert index.lexical.search(["pumpkin"], "en", 5) == []


def test_an_id_used_twice_is_refused(tmp_path: Path, encoder: Encoder) -> None:
    index = Index(tmp_path / "data", encoder)
    with pytest.raises(StoreError, match="used by two"):
        index.sync([document("one", "A."), document("one", "B.")], origin="shipped")


def test_another_process_change_is_noticed(tmp_path: Path, encoder: Encoder) -> None:
    reader = Index(tmp_path / "data", encoder)
    writer = Index(tmp_path / "data", encoder)
    writer.put(document("one", "Almonds hold magnesium."), origin="added")
    assert reader.refresh()
    assert not reader.refresh()
    vector = encoder.encode_queries(["almonds"])[0]
    assert len(reader.vectors.query("en", vector, 3)) == 1


def test_a_reader_goes_on_while_newer_vectors_cannot_be_opened(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Index(tmp_path, encoder)
    writer.put(document("before", "Almonds hold magnesium."), origin="added")
    reader = Index(tmp_path, encoder)
    monkeypatch.setattr("magbot.index.index.LOG_LIMIT", 1)
    writer.put(document("after", "Spinach holds magnesium. Cashews hold it too. So do beans."), origin="added")
    file = writer.folder / "vectors" / "1" / "chroma.sqlite3"
    away = file.rename(file.with_name("away"))
    vector = encoder.encode_queries(["Almonds hold magnesium."])[0]

    assert not reader.refresh()
    assert [found.similarity > 0.99 for found in reader.vectors.query("en", vector, 1)] == [True]
    with pytest.raises(DamageError):
        reader.put(document("more", "Oats hold magnesium."), origin="added")

    away.rename(file)
    assert reader.refresh()
    assert reader.vectors.count() == 4


def test_a_half_deleted_index_is_noticed_and_emptied(
    tmp_path: Path, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    index = Index(tmp_path / "data", encoder)
    index.put(document("one", "Almonds hold magnesium."), origin="shipped")
    index.lexical.write([], delete=list(index.catalog.sentence_ids(["one.en"])))
    with caplog.at_level(logging.WARNING):
        again = Index(tmp_path / "data", encoder)
    assert "set aside and made anew" in caplog.text
    assert again.catalog.count() == (0, 0, 0)
    assert agree(again)
