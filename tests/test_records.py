import os
import stat
from pathlib import Path

import pytest

from magbot.errors import RecordsError, RecordsOffError
from magbot.records import DAY, Feedback, Kept, Records, Turn
from magbot.schema import Outcome
from magbot.settings import load_settings

SECRET = "a question that nobody else has ever asked"


def turn(question: str = SECRET) -> Turn:
    return Turn(question=question, answer="An answer.", language="en", outcome=Outcome.ANSWERED)


def records(folder: Path, now: float = 0.0, **settings: object) -> Records:
    chosen = {"keep_history": True, "keep_feedback": True, "keep_days": 7} | settings
    return Records(load_settings(data_dir=folder, **chosen), clock=lambda: now)


def everything_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_nothing_is_kept_by_default(tmp_path: Path) -> None:
    kept = Records(load_settings(data_dir=tmp_path))
    kept.record_turn(turn())
    with pytest.raises(RecordsOffError, match="MAGBOT_KEEP_FEEDBACK"):
        kept.record_feedback(Feedback(verdict="helpful"))
    assert not list(tmp_path.iterdir())


def test_what_is_kept_can_be_read_and_only_by_its_owner(tmp_path: Path) -> None:
    kept = records(tmp_path)
    given = Feedback(verdict="not_helpful", question=SECRET, comment="æøå")
    kept.record_turn(turn())
    kept.record_feedback(given)
    assert kept.turns() == [turn()]
    assert kept.feedback() == [given]
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    assert SECRET.encode() in everything_on_disk(tmp_path)


def test_what_is_older_than_the_retention_is_gone_from_the_disk_at_the_next_turn(tmp_path: Path) -> None:
    for number in range(50):
        records(tmp_path, now=number).record_turn(turn(f"{SECRET} {number} " * 40))
    records(tmp_path, now=7 * DAY + 100).record_turn(turn("something else"))
    assert [kept.question for kept in records(tmp_path, now=7 * DAY + 100).turns()] == ["something else"]
    assert SECRET.encode() not in everything_on_disk(tmp_path)


def test_what_is_kept_expires_also_when_history_is_off_again(tmp_path: Path) -> None:
    records(tmp_path).record_turn(turn())
    records(tmp_path, now=8 * DAY, keep_history=False).record_turn(turn("not kept"))
    assert SECRET.encode() not in everything_on_disk(tmp_path)
    assert b"not kept" not in everything_on_disk(tmp_path)


def test_forget_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    kept = records(tmp_path)
    kept.record_turn(turn())
    kept.record_turn(turn())
    kept.record_feedback(Feedback(verdict="helpful", question=SECRET))
    still_open = os.open(kept.file, os.O_RDONLY)
    try:
        assert kept.forget() == Kept(turns=2, feedback=1)
        # Also for one who held the file open before it went.
        assert SECRET.encode() not in os.read(still_open, 1_000_000)
    finally:
        os.close(still_open)
    assert not list(tmp_path.iterdir())
    assert kept.forget() == Kept()


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    kept = records(tmp_path)
    kept.file.write_bytes(b"this is no database" * 100)
    with pytest.raises(RecordsError, match=r"records\.sqlite3"):
        kept.record_turn(turn())
