"""The load script works, and a short load with a kill in the middle shows no error and no wrong citation."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_a_short_load(small_corpus: Path, tmp_path: Path) -> None:
    script = Path(__file__).parents[1] / "eval" / "load.py"
    folders = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": folders, "MAGBOT_CORPUS_DIR": str(small_corpus)}
    command = [sys.executable, str(script), "--clients", "3", "--minutes", "0.1", "--json", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, env=environment)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found["kinds of errors"] == {}
    assert found["wrong citations"] == 0
    assert min(found["ask"], found["stream"], found["change"], found["citations"]) > 0
    assert done.returncode == 0
