"""`magbot index`: another encoder and the way back."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from magbot.encoder.factory import WEIGHTS
from magbot.interfaces.cli import app


@pytest.fixture
def another_encoder(tmp_path: Path) -> Path:
    """The bundled encoder under another name, so that its vectors count as others."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    for file in WEIGHTS.iterdir():
        if file.is_file():
            os.link(file, folder / file.name) if file.stat().st_dev == folder.stat().st_dev else shutil.copy(
                file, folder
            )
    described = json.loads((folder / "encoder.json").read_text("utf-8")) | {"id": "another-1"}
    (folder / "encoder.json").unlink()
    (folder / "encoder.json").write_text(json.dumps(described), "utf-8")
    return folder


def test_another_encoder_is_swapped_in_and_out(
    tmp_path: Path, small_corpus: Path, another_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAGBOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MAGBOT_CORPUS_DIR", str(small_corpus))

    def index(*options: str) -> dict[str, object]:
        result = CliRunner().invoke(app, ["index", *options, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)  # type: ignore[no-any-return]

    bundled = index()["health"]["encoder"]  # type: ignore[index]
    swapped = index("--encoder", str(another_encoder))
    assert swapped["health"]["encoder"] == "another-1"  # type: ignore[index]
    assert swapped["report"]["encoded"] > 0  # type: ignore[index]
    plain = index()
    assert plain["health"]["encoder"] == "another-1", "from now on, without a setting"  # type: ignore[index]
    assert plain["report"]["encoded"] == 0  # type: ignore[index]
    back = index("--rollback")
    assert back["health"]["encoder"] == bundled  # type: ignore[index]
    assert back["report"]["encoded"] == 0, "the old index was still there"  # type: ignore[index]
    assert "another-1" in str(index("--prune")["notes"])
    result = CliRunner().invoke(app, ["index", "--rollback"])
    assert result.exit_code == 1
    assert "no earlier index" in result.output
    rebuilt = index("--rebuild")
    assert rebuilt["report"]["encoded"] > 0  # type: ignore[index]
    assert len(list((tmp_path / "data" / "index").glob("*/catalog.sqlite"))) <= 2
