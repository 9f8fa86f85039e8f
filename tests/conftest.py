"""What all tests share: no network, no data of the user's, and one small indexed corpus."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
for name in [name for name in os.environ if name.startswith("MAGBOT_")]:
    del os.environ[name]

from magbot.assistant import Magbot
from magbot.settings import load_settings, shipped_corpus


@pytest.fixture(scope="session")
def shipped_data(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder with the whole shipped corpus indexed; a copy of one that is kept for the next run of the tests."""
    assert pytestconfig.cache
    kept = pytestconfig.cache.mkdir("shipped-index")
    Magbot(load_settings(data_dir=kept))
    return shutil.copytree(kept, tmp_path_factory.mktemp("shipped"), dirs_exist_ok=True)


@pytest.fixture(scope="session")
def magbot(shipped_data: Path) -> Magbot:
    """magbot on the shipped corpus; for tests that do not change it."""
    return Magbot(load_settings(data_dir=shipped_data))


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    """A corpus of two documents in both languages that a test may change."""
    folder = tmp_path / "corpus"
    for name in ("article/taylor-2025", "safety/kidney-disease"):
        for language in ("da", "en"):
            target = folder / f"{name}.{language}.md"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(shipped_corpus() / f"{name}.{language}.md", target)
    return folder
