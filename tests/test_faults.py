"""The script that breaks things works, and what it breaks comes right again. The others take longer or need tools."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_a_service_that_is_killed_and_one_on_a_full_disk_come_right_again() -> None:
    script = Path(__file__).parents[1] / "eval" / "faults.py"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, str(script), "--fault", "kill", "--fault", "disk", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=250, env=environment)
    assert done.stdout, done.stderr
    rows = json.loads(done.stdout)
    assert {row["fault"] for row in rows} == {"kill", "disk"}
    assert [row for row in rows if not row["as it should"]] == []
    assert done.returncode == 0
