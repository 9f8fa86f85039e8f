"""A service of its own for measuring, and what the system says about it."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
from runs import cases_of

TOKEN = "only-for-measuring"  # noqa: S105 - guards a service that lives for minutes on this machine


def dev_questions(count: int) -> list[str]:
    """The first questions of the dev part that need no history."""
    return [case.question for case in cases_of("dev") if not case.history][:count]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(data: Path) -> dict[str, str]:
    """What a process of magbot's is started with."""
    folders = os.pathsep.join(path for path in sys.path if path)
    own = {"MAGBOT_DATA_DIR": str(data), "MAGBOT_ADMIN_TOKEN": TOKEN, "MAGBOT_RATE_LIMIT": "1000000/minute"}
    return {**os.environ, "PYTHONPATH": folders, **own}


class Service:
    """`magbot serve` as a process, or in what another command makes of it."""

    def __init__(self, data: Path, port: int, *, within: Sequence[str] = (), **surroundings: str) -> None:
        self.data, self.url = data, f"http://127.0.0.1:{port}"
        self._command = [*within, sys.executable, "-m", "magbot", "serve", "--port", str(port)]
        self._surroundings = surroundings
        self.start()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def start(self) -> None:
        """Start and wait until it answers; `started_s` says how long that took."""
        began = time.perf_counter()
        surroundings = environment(self.data) | self._surroundings
        self._process = subprocess.Popen(self._command, env=surroundings, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
        while not self._answers():
            if self._process.poll() is not None:
                raise SystemExit(f"The service ended with {self._process.returncode}.")
            time.sleep(0.05)
        self.started_s = time.perf_counter() - began

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/health", timeout=5).is_success
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self._process.kill()
        self._process.wait()

    def memory_mb(self) -> float:
        """Resident memory, where /proc says it; else 0."""
        status = Path(f"/proc/{self._process.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return round(next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0) / 1000, 1)


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    return {"p50": round(statistics.median(ordered) * 1000, 2), "p95": round(p95 * 1000, 2)}
