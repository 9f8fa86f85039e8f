"""One writer at a time, across processes; who waits is told for whom."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from magbot.errors import StoreError

logger = logging.getLogger(__name__)

# A first index of many documents takes minutes; whoever waits longer is told to come back.
WAIT_SECONDS = 600.0
TELL_SECONDS = 1.0
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
    def held(self) -> Iterator[None]:
        """Wait for the lock, hold it, and free it. Raises StoreError that names the holder after WAIT_SECONDS."""
        with self._threads:
            if self._depth == 0:
                self._acquire()
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
                try:
                    self._lock.acquire(timeout=0)
                except Timeout:
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
                raise StoreError(
                    f"The index is being changed by {self._holder()}.",
                    help="Wait until it has finished, or stop it, then try again.",
                ) from error
        self._sign()

    def _sign(self) -> None:
        command = " ".join([Path(sys.argv[0] or "python").name, *sys.argv[1:]])[:200]
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        text = json.dumps({"pid": os.getpid(), "command": command, "since": since}, ensure_ascii=False)
        self._owner.write_text(text, "utf-8")

    def _holder(self) -> str:
        try:
            owner = json.loads(self._owner.read_text("utf-8"))
            return f"process {owner['pid']} (“{owner['command']}”, since {owner['since']})"
        except (OSError, ValueError, KeyError):
            # It has just come or just gone.
            return "another magbot process"
