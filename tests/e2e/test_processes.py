"""Real processes: what a crash, a second start and a cut network do."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from index.fake import disagreements

from magbot.encoder.factory import load_encoder
from magbot.index.index import Index

MAGBOT = [sys.executable, "-m", "magbot"]


def environment(data: Path, corpus: Path | None = None) -> dict[str, str]:
    extra = {"MAGBOT_DATA_DIR": str(data), "HF_HUB_OFFLINE": "1"}
    return {**os.environ, **extra, **({"MAGBOT_CORPUS_DIR": str(corpus)} if corpus else {})}


def test_nothing_needs_a_network(shipped_data: Path) -> None:
    without = ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*without, "true"], capture_output=True).returncode:
        pytest.skip("unshare --net is not allowed here, so the network cannot be taken away")
    asked = [*without, *MAGBOT, "ask", "Hvor meget magnesium er der i mandler?", "--json"]
    result = subprocess.run(asked, env=environment(shipped_data), capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    assert "270 mg" in json.loads(result.stdout)["text"]


def test_killed_while_changing_documents_it_comes_back_whole(tmp_path: Path, small_corpus: Path) -> None:
    data, chance, killed = tmp_path / "data", random.Random(7), 0
    env = environment(data, small_corpus)
    subprocess.run([*MAGBOT, "index"], env=env, check=True, capture_output=True, timeout=120)
    leaflet = tmp_path / "leaflet.md"
    changes = [["add", str(leaflet)], ["index", "--rebuild"], ["remove", "added-leaflet"], ["index"]]
    for number in range(12):
        lines = (f"Sentence {number} {place} is about magnesium and kidneys." for place in range(40))
        leaflet.write_text("# A leaflet\n\n" + "\n\n".join(lines) + "\n")
        path = small_corpus / "safety" / "kidney-disease.en.md"
        path.write_text(path.read_text() + f"\nSentence number {number} about magnesium and kidneys.\n")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen([*MAGBOT, *changes[number % len(changes)]], env=env, **quiet)
        time.sleep(chance.uniform(0.8, 3.0))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert killed
    result = subprocess.run([*MAGBOT, "index", "--json"], env=env, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    assert "damaged" not in result.stderr
    index = Index(data, load_encoder())
    assert disagreements(index) == []
    assert len(index.catalog.fingerprints("shipped")) == 4
    files = {path.name.removesuffix(".json") for path in (data / "documents").glob("*.json")}
    assert set(index.catalog.fingerprints("added")) == files


def test_two_writers_do_not_harm_each_other(tmp_path: Path, small_corpus: Path) -> None:
    env = environment(tmp_path / "data", small_corpus)
    both = [subprocess.Popen([*MAGBOT, "index"], env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted("4 added" in output for output in outputs) == [False, True]
