"""What the documentation says is there, is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from magbot.interfaces.cli import app
from magbot.interfaces.cli_settings import settings_page
from magbot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "magbot"
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in PAGES}
# `magbot eval` hands its options on to a script.
HANDED_ON = {"eval"}


def section(page: str, title: str) -> str:
    return TEXTS[page].split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_page_of_settings_is_the_one_that_is_generated() -> None:
    assert TEXTS["docs/settings.md"] == settings_page(), "run: magbot settings > docs/settings.md"


def test_every_setting_says_what_it_means() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    rows = re.findall(r"^\| `(MAGBOT_\w+)` \| (.+) \| (.+) \|$", settings_page(), re.M)
    assert {name for name, _, _ in rows} == {f"{PREFIX}{name}".upper() for name in Settings.model_fields}


@pytest.mark.parametrize("page", TEXTS)
def test_settings_that_are_named_exist(page: str) -> None:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    assert set(re.findall(r"\bMAGBOT_[A-Z]+(?:_[A-Z]+)*", TEXTS[page])) <= known


@pytest.mark.parametrize("page", TEXTS)
def test_links_lead_to_files(page: str) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", TEXTS[page])
    missing = [target for target in targets if not ((ROOT / page).parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", TEXTS)
def test_commands_that_are_named_exist_with_their_options(page: str) -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name, rest in re.findall(r"\bmagbot ([a-z]+)\b([^`\n#>]*)", "\n".join(code(TEXTS[page]))):
        assert name in commands, name
        if name not in HANDED_ON:
            options = {option for parameter in commands[name].params for option in parameter.opts}
            assert set(re.findall(r"--[a-z-]+", rest)) <= options | {"--help"}, name


def code(text: str) -> list[str]:
    """Lines that are commands: in blocks for a shell, and in backticks."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`(magbot [^`\n]+)`", text)


def test_tests_that_stand_for_the_threat_model_exist() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", TEXTS["docs/security.md"]))
    assert len(named) > 10
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_picture_and_the_table_of_parts_match_the_code() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    table = section("docs/architecture.md", "The parts")
    assert {
        name for row in re.findall(r"^\| (`.+?) \|", table, re.M) for name in re.findall(r"`(\w+)/`", row)
    } == folders
    picture = TEXTS["docs/architecture.md"].split("```mermaid\n")[1].split("```")[0]
    for place in re.findall(r"<br>([^\"]+)\"", picture):
        for name in place.split(", "):
            assert list(PACKAGE.glob(name)) or list((PACKAGE / "interfaces").glob(name)), name
    stages = re.findall(r'\["([a-z, ]+)<br>(?:question|safety|calculator|retrieval|answer)/"\]', picture)
    written = (PACKAGE / "assistant.py").read_text(encoding="utf-8")
    # The stages are clocked by these names, in this order.
    clocked = [stage for stage in re.split(", | ", " ".join(stages)) if f'clock.lap("{stage}")' in written]
    first = {stage: written.index(f'clock.lap("{stage}")') for stage in clocked}
    assert clocked[:4] == ["understand", "triage", "calculate", "retrieve"]
    assert sorted(clocked[:4], key=first.__getitem__) == clocked[:4]


def test_scripts_that_the_guide_to_evaluation_names_exist() -> None:
    named = set(re.findall(r"`python (eval/\w+\.py)", TEXTS["docs/evaluation.md"]))
    assert named
    assert all((ROOT / name).is_file() for name in named)


def test_every_decision_is_listed() -> None:
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", TEXTS["docs/decisions/README.md"])
    assert listed == sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    for name in listed:
        text = TEXTS[f"docs/decisions/{name}"]
        assert all(f"**{part}" in text for part in ("Situation", "Decision", "Instead of", "Cost")), name
