"""Bounds how long a stream may take in all, however it trickles."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class OutOfTimeError(Exception):
    """The stream was not done in time."""


class _Done:
    """The stream ended; `error` says with what, if it failed."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


def within(deadline: float, start: Callable[[], Iterable[T]]) -> Iterator[T]:
    """Items of a stream until a `time.monotonic()` deadline.

    The stream runs in a thread of its own, because a read that blocks cannot be interrupted; it is left behind when
    time is up and ends with its own time-out. Raises OutOfTimeError, and whatever the stream raises.
    """
    items: queue.Queue[T | _Done] = queue.Queue()
    stopped = threading.Event()

    def read() -> None:
        try:
            for item in start():
                items.put(item)
                if stopped.is_set():
                    return
            items.put(_Done())
        except Exception as error:  # noqa: BLE001 - handed to the caller, whoever raised it
            items.put(_Done(error))

    threading.Thread(target=read, name="magbot-model", daemon=True).start()
    try:
        while True:
            try:
                item = items.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise OutOfTimeError from None
            if isinstance(item, _Done):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        stopped.set()
