"""The wheel, built and installed apart from the checkout: everything it needs is inside it."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from magbot import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an environment's programs, with magbot from the wheel and its dependencies borrowed from this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    programs = folder / "bin"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(programs / "python")]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True, timeout=120)
    # A path file in there adds the folder but does not read the path files in it: the checkout stays unseen.
    target = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    (Path(target) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


def run(installed: Path, data: Path, *arguments: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAGBOT_", "PYTHON"))}
    env = kept | {"MAGBOT_DATA_DIR": str(data), "HF_HUB_OFFLINE": "1", "PYTHONIOENCODING": "utf-8"}
    # From another folder: what is found there must not depend on where one stands.
    return subprocess.Popen(
        [installed / arguments[0], *arguments[1:]],
        cwd=data.parent,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_wheel_holds_every_file_of_package_and_corpus(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    caches = {"__pycache__"}
    code = {path for path in (ROOT / "src" / "magbot").rglob("*") if path.is_file() and not caches & set(path.parts)}
    corpus = {path for path in (ROOT / "corpus").rglob("*") if path.is_file()}
    expected = {str(path.relative_to(ROOT / "src")) for path in code}
    expected |= {f"magbot/shipped_corpus/{path.relative_to(ROOT / 'corpus')}" for path in corpus}
    assert expected | {"magbot/baseline.json"} == {name for name in inside if ".dist-info/" not in name}
    assert "magbot/encoder/weights/model.onnx" in inside


def test_installed_apart_it_asks_checks_and_looks_after_itself(installed: Path, shipped_data: Path) -> None:
    data = shipped_data
    whence = run(installed, data, "python", "-c", "import magbot; print(magbot.__file__)")
    assert str(installed.parent) in whence.communicate(timeout=60)[0]

    asked = run(installed, data, "magbot", "ask", "Hvor meget magnesium er der i mandler?", "--json")
    checked = run(installed, data, "magbot", "check", "--json")
    looked = run(installed, data, "magbot", "doctor", "--json")
    version = run(installed, data, "magbot", "--version")
    answer, corpus, doctor, number = (process.communicate(timeout=120) for process in (asked, checked, looked, version))
    assert [process.returncode for process in (asked, checked, looked, version)] == [0, 0, 0, 0], (
        answer[1] + corpus[1] + doctor[0]
    )
    assert "270 mg" in json.loads(answer[0])["text"]
    assert json.loads(corpus[0])["problems"] == []
    assert all(check["ok"] for check in json.loads(doctor[0])["checks"])
    assert str(installed.parent) in doctor[0]
    assert number[0].strip() == f"magbot {__version__}"


def test_what_the_wheel_leaves_out_is_said(installed: Path, tmp_path: Path) -> None:
    process = run(installed, tmp_path / "data", "magbot", "eval")
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "pip install -e ." in said
    assert not (tmp_path / "data").exists()
