from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from magbot.corpus.stamp import corpus_stamp

_NAMES = st.sampled_from(["a.md", "b.en.md", "tables/c.csv", "tables/c.yaml", "questions/d.jsonl", "deep/er/e.txt"])
_FILES = st.dictionaries(_NAMES, st.binary(max_size=40), max_size=5)


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_FILES, second=_FILES)
def test_stamps_are_equal_exactly_when_the_files_are(
    first: dict[str, bytes], second: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("stamps")
    stamps = corpus_stamp(_write(folder / "one", first)), corpus_stamp(_write(folder / "two", second))
    assert (stamps[0] == stamps[1]) == (first == second)


def test_a_missing_folder_is_not_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert corpus_stamp(tmp_path / "empty") != corpus_stamp(tmp_path / "missing")


def test_a_change_that_keeps_size_and_time_is_noticed(tmp_path: Path) -> None:
    import os

    path = _write(tmp_path / "corpus", {"a.md": b"300 mg"}) / "a.md"
    before, times = corpus_stamp(path.parent), path.stat()
    path.write_bytes(b"350 mg")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert corpus_stamp(path.parent) != before
