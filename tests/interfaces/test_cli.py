import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from magbot.interfaces.cli import app

runner = CliRunner()


@pytest.fixture(autouse=True)
def data(shipped_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAGBOT_DATA_DIR", str(shipped_data))


def test_ask_prints_the_contract_as_json() -> None:
    result = runner.invoke(app, ["ask", "Hvor mange deltagere var der i undersøgelsen?", "--json"])
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["outcome"] == "answered"
    assert "219.224" in answer["citations"][0]["quote"]


def test_ask_prints_sources_for_people() -> None:
    result = runner.invoke(app, ["ask", "How much magnesium is in almonds?"])
    assert result.exit_code == 0
    assert "[1]" in result.stdout
    assert "Sources" in result.stdout


def test_a_bad_question_is_a_sentence_and_exit_1() -> None:
    result = runner.invoke(app, ["ask", "  "])
    assert result.exit_code == 1
    assert "magbot:" in result.stderr
    assert "Traceback" not in result.output


def test_a_bad_option_is_exit_2() -> None:
    assert runner.invoke(app, ["ask", "x", "--language", "sv"]).exit_code == 2


def test_an_unknown_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAGBOT_PROT", "1")
    result = runner.invoke(app, ["list"])
    assert result.exit_code == 1
    assert "MAGBOT_PROT" in result.stderr


def test_list_and_show() -> None:
    listed = json.loads(runner.invoke(app, ["list", "--json"]).stdout)
    assert {"taylor-2025"} <= {document["id"] for document in listed}
    assert "219.224 deltagere" in runner.invoke(app, ["show", "taylor-2025"]).stdout
    assert runner.invoke(app, ["show", "nothing-there"]).exit_code == 1


def test_index_says_that_nothing_is_encoded_again() -> None:
    result = runner.invoke(app, ["index"])
    assert "0 texts encoded" in result.stdout


def test_check_names_what_is_wrong(small_corpus: Path) -> None:
    def problems() -> set[str]:
        return set(json.loads(runner.invoke(app, ["check", str(small_corpus), "--json"]).stdout)["problems"])

    # Two documents alone share no topics, which is said of them too.
    before = problems()
    danish = small_corpus / "safety" / "kidney-disease.da.md"
    danish.write_text(danish.read_text().replace("23 %", "24 %"))
    assert runner.invoke(app, ["check", str(small_corpus)]).exit_code == 1
    found = problems() - before
    assert found
    assert all("kidney-disease" in problem for problem in found)
    assert any("23" in problem for problem in found)
