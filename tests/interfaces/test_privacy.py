import json
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner
from web.fake import FakeMagbot

from magbot.interfaces.api import create_app
from magbot.interfaces.cli import app as cli
from magbot.settings import load_settings

GIVEN = {"verdict": "helpful", "question": "What is magnesium?", "answer": "A mineral [1].", "language": "en"}


def api(folder: Path, **settings: object) -> TestClient:
    app: FastAPI = create_app(FakeMagbot(), load_settings(data_dir=folder, **settings))
    return TestClient(app)


def test_feedback_is_refused_by_default(tmp_path: Path) -> None:
    client = api(tmp_path)
    assert client.get("/api/privacy").json() == {"keeps_history": False, "keeps_feedback": False, "days": 30}
    refused = client.post("/api/feedback", json=GIVEN)
    assert refused.status_code == 403
    assert "MAGBOT_KEEP_FEEDBACK" in refused.json()["help"]
    assert not list(tmp_path.iterdir())


def test_feedback_is_kept_read_and_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = api(tmp_path, keep_feedback=True)
    assert client.post("/api/feedback", json=GIVEN).status_code == 204
    assert client.post("/api/feedback", json=GIVEN | {"verdict": "great"}).status_code == 422
    monkeypatch.setenv("MAGBOT_DATA_DIR", str(tmp_path))
    kept = json.loads(CliRunner().invoke(cli, ["history"]).stdout)
    assert kept == {"turns": [], "feedback": [GIVEN | {"comment": ""}]}
    assert "Deleted 0 turns and 0" in CliRunner().invoke(cli, ["forget", "--expired"]).stdout
    assert "Deleted 0 turns and 1" in CliRunner().invoke(cli, ["forget"]).stdout
    assert not list(tmp_path.iterdir())
