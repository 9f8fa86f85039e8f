"""A stream gets so much time and no more."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from magbot.answer.generative.timed import OutOfTimeError, within


def test_all_items_come_through() -> None:
    assert list(within(time.monotonic() + 5, lambda: [1, 2, 3])) == [1, 2, 3]


def test_an_error_comes_through() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    stream = within(time.monotonic() + 5, broken)
    assert next(stream) == 1
    with pytest.raises(ValueError, match="no more"):
        next(stream)


def test_a_trickle_ends_at_the_deadline() -> None:
    def trickle() -> Iterator[int]:
        while True:
            time.sleep(0.01)
            yield 1

    with pytest.raises(OutOfTimeError):
        list(within(time.monotonic() + 0.2, trickle))
