from pathlib import Path

import pytest

from magbot.corpus.load import corpus_files, load_file
from magbot.errors import DocumentError


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_article_is_verbatim(magbot: object) -> None:
    from magbot.settings import shipped_corpus

    document = load_file(shipped_corpus() / "article" / "taylor-2025.da.md")[0]
    assert "herunder data fra 219.224 deltagere, og leverer overbevisende beviser" in document.text
    assert "Skriv et svar" not in document.text
    assert document.metadata.authors == ("Paul Anthony Taylor",)


def test_metadata_is_guessed_where_it_is_missing(tmp_path: Path) -> None:
    document = load_file(
        write(tmp_path / "Søvn og magnesium.txt", "Magnesium er et mineral, som kroppen har brug for.")
    )[0]
    assert document.metadata.id == "soevn-og-magnesium"
    assert document.metadata.language == "da"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.md", "", "no text"),
        ("a.md", "---\ntitle: [\n---\ntext", "not valid YAML"),
        ("a.md", "---\nkind: novel\n---\nSome text.", "kind"),
        ("a.md", "---\nauthor: me\n---\nSome text.", "unknown field “author”"),
        ("a.md", "---\nyear: soon\n---\nSome text.", "year"),
        ("a.md", "Text. [@no quote here", "source marker"),
        ("a.rtf", "x", "cannot be read"),
        ("a.csv", "a,b\n", "no rows"),
    ],
)
def test_bad_files_are_named_with_the_mend(tmp_path: Path, name: str, content: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load_file(write(tmp_path / name, content))
    assert name.split(".")[0] in str(caught.value)
    assert said in str(caught.value)


def test_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("blå grød".encode("latin-1"))
    with pytest.raises(DocumentError, match="UTF-8"):
        load_file(path)


def test_topic_page_sentences_carry_their_sources(tmp_path: Path) -> None:
    path = write(tmp_path / "t.en.md", 'One thing is so. [@a-b, "first part"]\nAnother is so. [@c, "x"] [@d, "y"]\n')
    document = load_file(path)[0]
    assert document.text == "One thing is so.\nAnother is so."
    spans = [(document.text[s.start : s.end], s.document_id, s.quote) for s in document.supports]
    assert spans == [
        ("One thing is so.", "a-b", "first part"),
        ("Another is so.", "c", "x"),
        ("Another is so.", "d", "y"),
    ]


def test_hidden_files_readmes_and_questions_are_no_documents(tmp_path: Path) -> None:
    for name in ("a.md", ".hidden.md", ".cache/b.md", "README.md", "questions/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, "Magnesium is a mineral.")
    assert list(corpus_files(tmp_path)) == [tmp_path / "a.md"]
