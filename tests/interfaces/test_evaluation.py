from pathlib import Path

import pytest
from typer.testing import CliRunner

from magbot.interfaces import evaluation
from magbot.interfaces.cli import app

runner = CliRunner()


def test_eval_hands_its_options_and_exit_code_on() -> None:
    assert runner.invoke(app, ["eval", "--split", "nonsense"]).exit_code == 2


def test_eval_outside_a_checkout_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "SCRIPT", Path("/nowhere/answers.py"))
    result = runner.invoke(app, ["eval"])
    assert result.exit_code == 1
    assert "from a checkout" in result.stderr
