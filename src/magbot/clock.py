"""How long the stages of an answer take."""

from __future__ import annotations

import time


class Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._times: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Note the time since the last lap under a stage's name."""
        now = time.perf_counter()
        self._times[stage] = round((now - self._last) * 1000, 3)
        self._last = now

    def times(self) -> dict[str, float]:
        """All stages so far and the total."""
        return {**self._times, "total": round((time.perf_counter() - self._start) * 1000, 3)}
