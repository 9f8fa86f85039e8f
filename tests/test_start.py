"""A start finds out with little work whether anything has changed, and loads no more than an answer needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from magbot.assistant import Magbot
from magbot.corpus import load
from magbot.settings import Settings, load_settings

_KELP = "# Magnesium in kelp\n\nKelp from the Baltic holds {} mg magnesium per 100 g dry weight.\n"
# What serves, trains, reads files of other formats or draws pages.
_NOT_NEEDED = (
    "torch", "transformers", "sentence_transformers", "gradio", "langchain", "langchain_core", "fastapi", "uvicorn",
    "mcp", "sklearn", "chromadb", "pandas", "pdfminer", "docx", "openpyxl", "lxml", "trafilatura", "markdown_it",
    "magbot.added.draft", "magbot.added.fetch", "magbot.corpus.load", "magbot.answer.generative.engine", "magbot.web",
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a corpus of one document."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "kelp.en.md").write_text(_KELP.format(121))
    return load_settings(corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data")


def _quote(magbot: Magbot) -> str:
    return magbot.search("How much magnesium does kelp hold?", "en").hits[0].sentence.text


def test_the_second_start_reads_no_document(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Magbot(settings)
    assert first.last_sync.added == ["kelp.en"]
    monkeypatch.setattr(load, "load_file", lambda path: pytest.fail(f"{path} was read"))
    second = Magbot(settings)
    assert second.last_sync.unchanged == ["kelp.en"]
    assert second.last_sync.encoded == 0
    assert _quote(second) == _quote(first)


def test_a_changed_a_new_and_a_removed_document_are_noticed(settings: Settings) -> None:
    Magbot(settings)
    path = settings.corpus_dir / "kelp.en.md"
    path.write_text(_KELP.format(122))
    changed = Magbot(settings)
    assert changed.last_sync.updated == ["kelp.en"]
    assert "122 mg" in _quote(changed)
    (settings.corpus_dir / "oats.en.md").write_text(
        "# Magnesium in oats\n\nOats from the north hold about 130 mg magnesium per 100 g.\n"
    )
    assert Magbot(settings).last_sync.added == ["oats.en"]
    path.unlink()
    assert Magbot(settings).last_sync.removed == ["kelp.en"]


def test_added_documents_that_change_behind_its_back_are_noticed(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "laver.md").write_text(
        "# Magnesium in laver\n\nLaver from the North Sea holds about 90 mg magnesium per 100 g.\n"
    )
    Magbot(settings).add([tmp_path / "laver.md"])
    assert Magbot(settings).last_sync.removed == []
    (settings.data_dir / "documents" / "added-laver.en.json").unlink()
    assert Magbot(settings).last_sync.removed == ["added-laver.en"]


def test_a_damaged_added_document_is_named_at_every_start(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "laver.md").write_text(
        "# Magnesium in laver\n\nLaver from the North Sea holds about 90 mg magnesium per 100 g.\n"
    )
    Magbot(settings).add([tmp_path / "laver.md"])
    (settings.data_dir / "documents" / "added-laver.en.json").write_text("{")
    for _ in range(2):
        caplog.clear()
        Magbot(settings)
        assert "added-laver.en.json cannot be read" in caplog.text


def test_asking_loads_only_what_it_needs(settings: Settings) -> None:
    Magbot(settings)
    script = (
        "import json, sys\n"
        "from magbot.interfaces.cli import app\n"
        "try:\n    app(['ask', 'How much magnesium does kelp hold?', '--json'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        f"print(json.dumps([name for name in {_NOT_NEEDED!r} if name in sys.modules]))"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "MAGBOT_CORPUS_DIR": str(settings.corpus_dir),
        "MAGBOT_DATA_DIR": str(settings.data_dir),
    }
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment)
    assert json.loads(done.stdout.splitlines()[-1]) == []
