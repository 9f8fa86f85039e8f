from __future__ import annotations

import json
from pathlib import Path

import pytest
from web.fake import FakeMagbot

from magbot.settings import Settings
from magbot.web.about import about
from magbot.web.feedback import feedback_form
from magbot.web.quality import figures, quality, report_file
from magbot.web.wording import DA, EN


@pytest.fixture
def measured(tmp_path: Path) -> Settings:
    report = tmp_path / "report.html"
    report.write_text("<p>report</p>", encoding="utf-8")
    scores = {"right, all": 0.7558, "verbatim, all": 1.0, "unheard of": 0.5}
    report.with_suffix(".json").write_text(json.dumps({"scores": scores, "when": "2026-11-24"}), encoding="utf-8")
    return Settings(data_dir=tmp_path)


def test_the_report_of_the_data_folder_and_its_figures_are_shown(measured: Settings) -> None:
    html = quality(DA, measured)
    assert report_file(measured) == measured.data_dir / "report.html"
    assert "75,6\N{NO-BREAK SPACE}%" in html
    assert "75.6%" in quality(EN, measured)
    assert 'sandbox=""' in html
    assert "unheard" not in html
    assert "24. november 2026" in html


def test_without_a_report_the_baseline_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "eval").mkdir(parents=True)
    monkeypatch.setattr("magbot.web.quality._CHECKOUT", checkout)
    settings = Settings(data_dir=tmp_path)
    assert "iframe" not in quality(DA, settings)
    assert figures(settings) is None
    assert "ikke målt" in quality(DA, settings)
    baseline = {"cases": 782, "scores": {"right, all": 0.5}}
    (checkout / "eval" / "baseline.json").write_text(json.dumps(baseline), encoding="utf-8")
    assert "782" in quality(DA, settings)


@pytest.mark.parametrize("content", ["", "[]", '{"scores": 1}', '{"scores": {"right, all": "x"}}'])
def test_figures_that_cannot_be_read_are_passed_over(measured: Settings, content: str, caplog) -> None:
    (measured.data_dir / "report.json").write_text(content, encoding="utf-8")
    found = figures(measured)
    assert found is None or "right, all" in found.scores
    assert "report.json" in caplog.text


def test_what_is_kept_is_said(tmp_path: Path) -> None:
    assert "bliver ikke gemt" in about(FakeMagbot(), DA, Settings(data_dir=tmp_path))
    kept = about(FakeMagbot(), DA, Settings(data_dir=tmp_path, keep_history=True, keep_feedback=True, keep_days=7))
    assert "bliver ikke gemt" not in kept
    assert kept.count("7 dage") == 2
    assert "7 days" in feedback_form(EN, 7)
