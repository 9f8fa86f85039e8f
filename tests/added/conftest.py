"""A magbot of its own for each test: an empty shipped corpus, and a data folder that the test may change."""

from __future__ import annotations

from pathlib import Path

import pytest

from magbot.assistant import Magbot
from magbot.settings import Settings, load_settings

KELP = "# Magnesium in kelp\n\nKelp from the Baltic holds 121 mg magnesium per 100 g dry weight.\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with an empty data folder and a corpus that holds nothing, so that opening costs nothing."""
    (tmp_path / "corpus").mkdir()
    return load_settings(corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data")


@pytest.fixture
def own(settings: Settings) -> Magbot:
    """A magbot that a test may add to."""
    return Magbot(settings)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder for files that a test adds."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def kelp(inbox: Path) -> Path:
    """A small document that can be added."""
    path = inbox / "kelp.md"
    path.write_text(KELP, encoding="utf-8")
    return path
