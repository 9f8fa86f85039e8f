"""`magbot doctor`, against real folders and a real server."""

from __future__ import annotations

import json
from pathlib import Path

from model_server import model_server
from typer.testing import CliRunner

from magbot.interfaces.cli import app

RUN = CliRunner()


def doctor(data: Path, **settings: str) -> tuple[int, dict[str, dict[str, object]]]:
    result = RUN.invoke(app, ["doctor", "--json"], env={"MAGBOT_DATA_DIR": str(data), **settings})
    report = json.loads(result.stdout)
    assert report["ok"] == (result.exit_code == 0)
    return result.exit_code, {check["name"]: check for check in report["checks"]}


def test_all_is_well_without_a_model(shipped_data: Path) -> None:
    code, checks = doctor(shipped_data)
    assert code == 0
    assert list(checks) == ["versions", "data folder", "disk", "corpus", "encoder", "index", "language model"]
    assert "none configured" in str(checks["language model"]["detail"])


def test_a_model_that_answers(tmp_path: Path) -> None:
    with model_server() as server:
        server.condensed = "ready"
        code, checks = doctor(tmp_path, MAGBOT_MODEL="openai:any", MAGBOT_MODEL_BASE_URL=server.url)
    assert code == 0
    assert "openai:any answers" in str(checks["language model"]["detail"])
    assert "not made yet" in str(checks["index"]["detail"])


def test_a_model_that_is_down_and_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, checks = doctor(
        tmp_path / "file",
        MAGBOT_MODEL="openai:any",
        MAGBOT_MODEL_BASE_URL="http://127.0.0.1:9/v1",
        MAGBOT_MODEL_RETRIES="0",
    )
    assert code == 1
    assert not checks["data folder"]["ok"]
    assert "MAGBOT_DATA_DIR" in str(checks["data folder"]["help"])
    assert not checks["language model"]["ok"]
    assert "MAGBOT_MODEL_BASE_URL" in str(checks["language model"]["help"])
