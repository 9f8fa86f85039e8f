"""One writer at a time, across processes; who waits is told for whom."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from magbot.refusals import not_stored

logger = logging.getLogger(__name__)

# A first index of many documents takes minutes; whoever waits longer is told to come back.
WAIT_SECONDS = 600.0
TELL_SECONDS = 1.0
BRIEF_SECONDS = 2.0
_POLL_SECONDS = 0.005


class WriterLock:
    """The lock of one index; the operating system frees it when its holder dies, however that happens."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._owner = path.with_suffix(".owner.json")
        # One thread of a process at a time as well; the same thread may take it again.
        self._threads = threading.RLock()
        self._lock = FileLock(path, thread_local=False)
        self._depth = 0

    @contextmanager
    def held(self, *, briefly: bool = False) -> Iterator[None]:
        """Wait for the lock, hold it, and free it. Raises StoreError that names the holder after WAIT_SECONDS.

        Who says that it holds it `briefly` is waited for by those who would go on without it.
        """
        with self._threads:
            if self._depth == 0:
                self._acquire()
                self._sign(briefly=briefly)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._release()

    @contextmanager
    def held_if_free(self) -> Iterator[bool]:
        """Hold the lock if nobody has it; yields whether it is held."""
        if not self._threads.acquire(blocking=False):
            yield False
            return
        try:
            if self._depth == 0:
                if not self._acquire_if_free():
                    yield False
                    return
                self._sign()
            self._depth += 1
            try:
                yield True
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._release()
        finally:
            self._threads.release()

    def _release(self) -> None:
        self._owner.unlink(missing_ok=True)
        self._lock.release()

    def _acquire(self) -> None:
        try:
            self._lock.acquire(timeout=TELL_SECONDS, poll_interval=_POLL_SECONDS)
        except Timeout:
            logger.warning("Waiting: the index is being changed by %s.", self._holder())
            try:
                self._lock.acquire(timeout=max(WAIT_SECONDS - TELL_SECONDS, 0), poll_interval=_POLL_SECONDS)
            except Timeout as error:
                raise not_stored("index-held", holder=self._holder()) from error

    def _acquire_if_free(self) -> bool:
        deadline = time.monotonic() + BRIEF_SECONDS
        while True:
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                if not self._is_held_briefly() or time.monotonic() > deadline:
                    return False
                time.sleep(_POLL_SECONDS)
            else:
                return True

    def _is_held_briefly(self) -> bool:
        try:
            return bool(json.loads(self._owner.read_text("utf-8")).get("briefly"))
        except (OSError, ValueError):
            return True  # it has just come or is about to go

    def _sign(self, *, briefly: bool = False) -> None:
        command = " ".join([Path(sys.argv[0] or "python").name, *sys.argv[1:]])[:200]
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        text = json.dumps(
            {"pid": os.getpid(), "command": command, "since": since, "briefly": briefly}, ensure_ascii=False
        )
        self._owner.write_text(text, "utf-8")

    def _holder(self) -> str:
        try:
            owner = json.loads(self._owner.read_text("utf-8"))
            return f"process {owner['pid']} (“{owner['command']}”, since {owner['since']})"
        except (OSError, ValueError, KeyError):
            # It has just come or just gone.
            return "another magbot process"
