"""Every example of the README and of docs/ runs as it is written."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from model_server import model_server

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = [
    block
    for page in PAGES
    for block in re.findall(r"^```(sh|python)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
]
# What sets the project up or measures it is tested by other means, and Ollama is not on every machine.
# So is what makes an index anew, which takes minutes, and what writes into the checkout; tests/test_docs.py sees to it
# that those commands and their options exist.
ELSEWHERE = re.compile(
    r"^(make |pip |MAGBOT_MODEL=\"ollama|\.venv/bin/(pip|python eval/)|magbot index --|magbot eval .*--write)"
)
ADDRESS = "http://127.0.0.1:7860"
MODEL_ADDRESS = "http://127.0.0.1:8080/v1"


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "MAGBOT_DATA_DIR": str(data), "HF_HUB_OFFLINE": "1", "PYTHONIOENCODING": "utf-8"}


def commands() -> list[str]:
    lines = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
    return [line for line in lines if line.strip() and not line.startswith("#") and not ELSEWHERE.match(line)]


@pytest.fixture(scope="module")
def model_url() -> Iterator[str]:
    with model_server() as server:
        yield server.url


@pytest.mark.parametrize("command", commands())
def test_command(command: str, shipped_data: Path, service_url: str, model_url: str) -> None:
    bin_folder = Path(sys.executable).parent
    adjusted = command.replace(".venv/bin/", "").replace(ADDRESS, service_url)
    adjusted = adjusted.replace(MODEL_ADDRESS, model_url).replace("any-name", "well-behaved")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", adjusted],
        cwd=ROOT,
        env=environment(shipped_data) | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"},
        input="Hjælper magnesium mod migræne?\n1\n/slut\n",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("block", [block for kind, block in BLOCKS if kind == "python"])
def test_python(block: str, shipped_data: Path, service_url: str) -> None:
    code = block.replace(ADDRESS, service_url)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(shipped_data), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
