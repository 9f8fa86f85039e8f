"""Who holds the lock, and who waits."""

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from magbot.errors import StoreError
from magbot.index import lock as module
from magbot.index.lock import WriterLock

HOLD = """
import sys, time
from pathlib import Path
from magbot.index.lock import WriterLock
with WriterLock(Path(sys.argv[1])).held():
    print("held", flush=True)
    time.sleep(60)
"""
BRIEFLY = HOLD.replace("held():", "held(briefly=True):").replace("sleep(60)", "sleep(0.5)")


@pytest.fixture
def holder(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "a.lock")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_who_waits_too_long_is_told_for_whom(tmp_path: Path, holder, monkeypatch, caplog) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.2)
    monkeypatch.setattr(module, "TELL_SECONDS", 0.1)
    with (
        caplog.at_level(logging.WARNING),
        pytest.raises(StoreError, match=f"process {holder.pid} \\(“.*”, since 20") as raised,
        WriterLock(tmp_path / "a.lock").held(),
    ):
        pass
    assert raised.value.help
    assert f"Waiting: the index is being changed by process {holder.pid}" in caplog.text


def test_who_holds_it_briefly_is_waited_for(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BRIEFLY, str(tmp_path / "a.lock")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with WriterLock(tmp_path / "a.lock").held_if_free() as free:
            assert free


def test_who_is_killed_lets_go(tmp_path: Path, holder) -> None:
    lock = WriterLock(tmp_path / "a.lock")
    with lock.held_if_free() as free:
        assert not free
    holder.kill()
    holder.wait()
    with lock.held():
        assert (tmp_path / "a.owner.json").exists()
    assert not (tmp_path / "a.owner.json").exists()


def test_the_same_thread_may_take_it_again_and_others_wait(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "a.lock")
    seen: list[str] = []

    def other() -> None:
        with lock.held():
            seen.append("other")

    with lock.held(), lock.held(), lock.held_if_free() as free:
        assert free
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.05)
        seen.append("first")
    thread.join()
    assert seen == ["first", "other"]
