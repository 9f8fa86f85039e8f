from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magbot.corpus.load import load_corpus, load_file
from magbot.corpus.split import MAX_SENTENCE_CHARS, split_document
from magbot.schema import Document, Metadata
from magbot.settings import shipped_corpus

SHIPPED = load_corpus(shipped_corpus())


def check_offsets(document: Document) -> None:
    for passage in split_document(document):
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.sentences
        for sentence in passage.sentences:
            assert document.text[sentence.start : sentence.end] == sentence.text
            assert sentence.text in passage.text


@pytest.mark.parametrize("document", SHIPPED, ids=lambda document: document.key)
def test_offsets_of_every_shipped_document(document: Document) -> None:
    check_offsets(document)


PIECES = st.sampled_from(
    [
        "# ",
        "## Mål",
        "æøå ",
        "ca. ",
        "f.eks. ",
        "1,5 mg. ",
        "0.75 ",
        "\n",
        "\n\n",
        "\r\n",
        "\r\n\r\n",
        "🙂",
        "- ",
        "* ",
        "Dr. ",
        "**fed** ",
        "[link](x) ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), min_size=1).map("".join), st.sampled_from([".md", ".txt"]))
def test_offsets_of_any_text(tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str) -> None:
    path = tmp_path_factory.mktemp("any") / f"text{suffix}"
    path.write_bytes(f"---\ntitle: t\nlanguage: da\n---\nStart. {text}".encode("utf-8", "replace"))
    for document in load_file(path):
        check_offsets(document)


def test_one_endless_line_is_cut_without_loss() -> None:
    document = Document(metadata=Metadata(id="x", title="x", language="en"), text="word " * 5000, source="x")
    passages = split_document(document)
    check_offsets(document)
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    assert all(len(sentence.text) <= MAX_SENTENCE_CHARS for sentence in sentences)
    assert sum(len(sentence.text.split()) for sentence in sentences) == 5000


def test_headings_give_context_and_are_not_quotable(tmp_path: Path) -> None:
    path = tmp_path / "a.en.md"
    path.write_text("# One\n\n## Two\n\nA sentence here.\n\n# Three\n\nAnother one here.\n")
    passages = split_document(load_file(path)[0])
    assert [(passage.heading, passage.text) for passage in passages] == [
        ("One › Two", "A sentence here."),
        ("Three", "Another one here."),
    ]
