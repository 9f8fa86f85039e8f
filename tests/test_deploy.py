"""What is shipped to run magbot: image, compose file, service unit. They are read here; an image is not built."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from magbot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
UNIT = (ROOT / "deploy" / "magbot.service").read_text(encoding="utf-8")
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")


def pinned(name: str) -> str:
    found = re.search(rf"^{name}==(.+)$", CONSTRAINTS, re.M)
    assert found
    return found[1]


def known(names: set[str]) -> bool:
    return names <= {f"{PREFIX}{name}".upper() for name in Settings.model_fields}


def test_every_setting_that_is_set_exists() -> None:
    environment = set(COMPOSE["services"]["magbot"]["environment"])
    assert known(environment)
    for text in (DOCKERFILE, UNIT):
        found = set(re.findall(r"\bMAGBOT_[A-Z_]+", text))
        assert found
        assert known(found)


def test_image_holds_what_is_copied_and_the_versions_that_are_tested() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    wanted = {line[1:] for line in ignored if line.startswith("!")}
    copied = set()
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M):
        copied |= set(line.split()[:-1])
    assert copied == wanted
    assert all((ROOT / name).exists() for name in copied)
    assert f'"torch=={pinned("torch")}"' in DOCKERFILE
    assert COMPOSE["services"]["chroma"]["image"].split(":")[1] == pinned("chromadb")


def test_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    last_stage = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    user = re.search(r"^USER (\d+):(\d+)$", last_stage, re.M)
    assert user
    assert int(user[1]) > 0
    assert "HEALTHCHECK" in last_stage
    assert "/api/health" in last_stage
    assert "VOLUME /data" in last_stage


def test_compose_gives_each_service_no_more_than_it_needs() -> None:
    services = COMPOSE["services"]
    assert services["magbot"]["read_only"] is True
    assert services["magbot"]["ports"] == ["127.0.0.1:7860:7860"]
    assert "ports" not in services["chroma"]
    for name, service in services.items():
        assert service.get("profiles") == ["model"] or service["cap_drop"] == ["ALL"], name
        assert {volume.split(":")[0] for volume in service.get("volumes", ())} <= set(COMPOSE["volumes"])
    # Longer than the service itself waits for answers under way, also with a language model.
    grace = Settings(model="ollama:x").grace_s
    assert int(services["magbot"]["stop_grace_period"].removesuffix("s")) > grace
    assert int(re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.M)[0]) > grace


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL", "MODEL_BASE_URL", "ADMIN_TOKEN", "PORT"):
        monkeypatch.setenv(f"{PREFIX}{name}", "")
    settings = Settings()
    assert (settings.model, settings.model_base_url, settings.admin_token, settings.port) == (None, None, None, 7860)


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd on this machine")
    path = tmp_path / "magbot.service"
    path.write_text(UNIT.replace("/opt/magbot/bin/magbot", shutil.which("true") or "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "magbot.service" not in done.stderr


def test_the_lock_has_hashes_and_the_versions_that_are_tested() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = re.findall(r"^([a-z0-9.-]+)==(\S+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)+)", lock, re.M)
    assert len(locked) == len(re.findall("^[a-z].*==", lock, re.M)) > 100
    tested = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)$", CONSTRAINTS, re.M))
    assert {name: (version, tested[name]) for name, version, _ in locked if tested.get(name, version) != version} == {}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {re.split("[>=<]", each)[0] for each in project["dependencies"]} <= {name for name, _, _ in locked}
