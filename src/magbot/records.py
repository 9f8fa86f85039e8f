"""History and feedback in a SQLite file of one's own: off by default, kept for some days, deleted for good."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from pydantic import Field

from magbot.errors import RecordsError, RecordsOffError
from magbot.schema import Language, Outcome, Value
from magbot.settings import Settings

logger = logging.getLogger(__name__)

Verdict = Literal["helpful", "not_helpful"]
MAX_COMMENT = 2_000
MAX_TEXT = 20_000
DAY = 86_400

_TABLES = """
CREATE TABLE IF NOT EXISTS turn (at REAL, question TEXT, answer TEXT, language TEXT, outcome TEXT);
CREATE TABLE IF NOT EXISTS feedback (at REAL, verdict TEXT, question TEXT, answer TEXT, language TEXT, comment TEXT);
"""


class Feedback(Value):
    """What a person thought of one answer."""

    verdict: Verdict = Field(description="Whether the answer helped")
    question: str = Field(default="", max_length=MAX_TEXT)
    answer: str = Field(default="", max_length=MAX_TEXT, description="Text of the answer")
    language: Language = "da"
    comment: str = Field(default="", max_length=MAX_COMMENT)


class Turn(Value):
    """One question and its answer."""

    question: str
    answer: str
    language: Language
    outcome: Outcome


class Kept(Value):
    """How many turns and how much feedback there is."""

    turns: int = 0
    feedback: int = 0


class Records:
    """The file with history and feedback. It comes into being with the first thing that is kept.

    Each call opens and closes the file, so threads and processes may share it. Whatever is older than the retention
    goes at every call. Deleted text is overwritten with zeros and the file made smaller, so it cannot be read back.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.keeps_history = settings.keep_history
        self.keeps_feedback = settings.keep_feedback
        self.days = settings.keep_days
        self.file: Path = settings.data_dir / "records.sqlite3"
        self._clock = clock

    def record_turn(self, turn: Turn) -> None:
        """Keep one question and its answer if history is on; what was kept before it was off still expires."""
        if self.keeps_history:
            self._add("turn", turn)
        else:
            self.expire()

    def record_feedback(self, feedback: Feedback) -> None:
        """Keep feedback. Raises RecordsOffError when feedback is off."""
        if not self.keeps_feedback:
            raise RecordsOffError("Feedback is not kept here.", help="Set MAGBOT_KEEP_FEEDBACK=true to keep it.")
        self._add("feedback", feedback)

    def turns(self) -> list[Turn]:
        """All turns that are kept, oldest first."""
        return [Turn.model_validate(row) for row in self._rows("turn")]

    def feedback(self) -> list[Feedback]:
        """All feedback that is kept, oldest first."""
        return [Feedback.model_validate(row) for row in self._rows("feedback")]

    def expire(self) -> Kept:
        """Delete what is older than the retention and say how much that was."""
        if not self.file.exists():
            return Kept()
        with self._connected() as connection:
            return self._delete_before(connection, self._clock() - self.days * DAY)

    def forget(self) -> Kept:
        """Delete everything, also the file, and say how much that was."""
        if not self.file.exists():
            return Kept()
        with self._connected() as connection:
            gone = self._delete_before(connection, float("inf"))
        self.file.unlink(missing_ok=True)
        return gone

    def _add(self, table: str, value: Value) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.touch(mode=0o600)
        row: dict[str, object] = {"at": self._clock()} | value.model_dump(mode="json")
        names = ", ".join(row)
        with self._connected() as connection:
            self._delete_before(connection, self._clock() - self.days * DAY)
            marks = ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)  # noqa: S608 - names are ours

    def _rows(self, table: str) -> list[dict[str, object]]:
        self.expire()
        if not self.file.exists():
            return []
        with self._connected() as connection:
            rows = connection.execute(f"SELECT * FROM {table} ORDER BY at").fetchall()  # noqa: S608
        return [{name: row[name] for name in row.keys() if name != "at"} for row in rows]  # noqa: SIM118

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            # Autocommit, since VACUUM cannot run inside a transaction.
            with closing(sqlite3.connect(self.file, timeout=10, isolation_level=None)) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA secure_delete = ON")
                # Neither the journal nor VACUUM may leave a copy in another file.
                connection.execute("PRAGMA journal_mode = MEMORY")
                connection.execute("PRAGMA temp_store = MEMORY")
                connection.executescript(_TABLES)
                yield connection
        except sqlite3.Error as error:
            raise RecordsError(
                f"{self.file} cannot be used ({error}).", help="Close other programs that use it, or delete the file."
            ) from error

    @staticmethod
    def _delete_before(connection: sqlite3.Connection, limit: float) -> Kept:
        turns = connection.execute("DELETE FROM turn WHERE at < ?", (limit,)).rowcount
        feedback = connection.execute("DELETE FROM feedback WHERE at < ?", (limit,)).rowcount
        if turns or feedback:
            connection.execute("VACUUM")
            logger.info("Deleted %d turns and %d pieces of feedback.", turns, feedback)
        return Kept(turns=turns, feedback=feedback)
