"""The measuring script works; its figures are for docs/scaling.md, not for tests."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_the_index_is_measured(tmp_path: Path) -> None:
    script = Path(__file__).parents[1] / "eval" / "performance.py"
    small = ["--section", "index", "--sizes", "50", "--server", "50", "--plain", "50", "--searches", "10"]
    command = [sys.executable, str(script), *small, "--out", str(tmp_path / "found.json")]
    folders = os.pathsep.join(path for path in sys.path if path)
    subprocess.run(command, check=True, capture_output=True, timeout=280, env={**os.environ, "PYTHONPATH": folders})
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))["index"]
    for result in (*found["sizes"], *found["server"]):
        assert result["passages"] == 50
        for name in ("passages_per_second", "start_seconds", "rss_bytes", "disk_bytes", "remove_one_seconds"):
            assert result[name] > 0, name
        assert result["search_ms"]["p95"] >= result["search_ms"]["p50"] > 0
    assert found["plain"]["add_ratio"] > 0
    assert found["plain"]["query_ratio"] > 0
