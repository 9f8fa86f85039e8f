import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from magbot.interfaces.cli import app

runner = CliRunner()


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    monkeypatch.setenv("MAGBOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MAGBOT_CORPUS_DIR", str(tmp_path / "corpus"))


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "kelp.md"
    path.write_text("# Kelp\n\nKelp from the Baltic holds 121 mg magnesium per 100 g dry weight.\n")
    return path


def test_add_list_show_review_remove(note: Path) -> None:
    result = runner.invoke(app, ["add", str(note)])
    assert result.exit_code == 0
    assert "added-kelp" in result.stdout
    assert "1 added" in result.stdout
    (listed,) = json.loads(runner.invoke(app, ["list", "--json"]).stdout)
    assert (listed["id"], listed["reviewed"], listed["origin"]) == ("added-kelp", False, "added")
    assert "121 mg" in runner.invoke(app, ["show", "added-kelp"]).stdout
    assert "is reviewed" in runner.invoke(app, ["review", "added-kelp"]).stdout
    assert "is not reviewed" in runner.invoke(app, ["review", "added-kelp", "--undo"]).stdout
    assert runner.invoke(app, ["remove", "added-kelp"]).exit_code == 0
    assert json.loads(runner.invoke(app, ["list", "--json"]).stdout) == []


def test_json_holds_counts_and_items_and_failure_is_exit_1(note: Path, tmp_path: Path) -> None:
    result = runner.invoke(app, ["add", str(note), str(tmp_path / "missing.md"), "--json"])
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["counts"] == {"added": 1, "refused": 1}
    assert "missing.md" in report["items"][1]["message"]
    assert report["items"][1]["help"]


def test_details_are_checked_and_used(note: Path) -> None:
    assert runner.invoke(app, ["add", str(note), "--kind", "poem"]).exit_code == 2
    assert runner.invoke(app, ["update", "--title", "x"]).exit_code == 2
    runner.invoke(app, ["add", str(note), "--title", "About kelp", "--authors", "A. One", "--authors", "B. Two"])
    (listed,) = json.loads(runner.invoke(app, ["list", "--json"]).stdout)
    assert (listed["title"], listed["authors"]) == ("About kelp", ["A. One", "B. Two"])


def test_a_dry_run_is_said_and_adds_nothing(note: Path) -> None:
    assert "nothing was changed" in runner.invoke(app, ["add", str(note), "--dry-run"]).stdout
    assert json.loads(runner.invoke(app, ["list", "--json"]).stdout) == []


def test_unknown_ids_are_sentences_and_exit_1() -> None:
    for command in ("remove", "review", "update"):
        result = runner.invoke(app, [command, "added-nothing"])
        assert result.exit_code == 1
        assert "added-nothing" in result.stderr
