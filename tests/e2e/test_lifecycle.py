"""The index is killed over and over, and is whole each time."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from e2e.killing import STAYS, Nursery, ask_forever, inspect, put_what_stays, text_of, write_forever

KILLS = 110
PATIENCE_SECONDS = 60


class Account:
    """What must be in the index, from what the writers said they did."""

    def __init__(self) -> None:
        self._versions: dict[str, int | None] = {}
        self._begun: list[object] | None = None
        self.killed_in: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.finished = self.undone = 0

    def read(self, journal: Path) -> None:
        """Take in what a writer has written down before it was killed."""
        self._begun = None
        for line in journal.read_text().splitlines():
            if not line.endswith("]"):
                continue
            kind, what, *rest = json.loads(line)
            if kind == "begin":
                self._begun = [what, *rest]
                continue
            self._begun = None
            self.done[what] += 1
            if what in {"put", "remove"}:
                self._versions[rest[0]] = rest[1] if what == "put" else None
        self.killed_in[str(self._begun[0]) if self._begun else "nothing"] += 1

    def check(self, found: dict[str, Any]) -> None:
        """Compare with what the next process has found; the change that was under way may be done or undone."""
        assert found["disagreements"] == [], self._begun
        texts = dict(found["texts"])
        assert texts.pop("permanent.en") == STAYS
        if self._begun and self._begun[0] in {"put", "remove"}:
            what, key, version = (*self._begun, None)[:3]
            after = version if what == "put" else None
            assert texts.get(str(key)) in {self._text(key, self._versions.get(str(key))), self._text(key, after)}
            if texts.get(str(key)) == self._text(key, after):
                self._versions[str(key)] = after
                self.finished += 1
            else:
                self.undone += 1
        present = {key: self._text(key, version) for key, version in self._versions.items() if version is not None}
        assert texts == present, self._begun
        for key, text in texts.items():
            assert found["sentences"][key] == len(text.split(". ")), key

    @staticmethod
    def _text(key: object, version: object) -> str | None:
        return None if version is None else text_of(str(key)[:-3], int(str(version)))


@pytest.mark.timeout(900)
def test_killed_a_hundred_times_each_document_is_there_or_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, journal, result, asked = (tmp_path / name for name in ("data", "journal", "result", "asked"))
    chance, account, begun_at = random.Random(20), Account(), time.monotonic()
    with Nursery() as nursery:
        assert nursery.wait(nursery.start(put_what_stays, data)) == 0
        reader = nursery.start(ask_forever, data, asked)
        for number in range(KILLS):
            journal.write_text("")
            result.unlink(missing_ok=True)
            writer = nursery.start(write_forever, data, result, journal, number)
            # Not before it has looked at what the one before has left, and begun to change something.
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not journal.stat().st_size:
                assert time.monotonic() < deadline, "the writer could not open the index"
                time.sleep(0.005)
            if number:
                account.check(json.loads(result.read_text()))
            # Now and then long enough for all that it does to come through.
            time.sleep(chance.uniform(0.4, 2.0) if number % 8 == 0 else chance.uniform(0.0, 0.4))
            assert nursery.kill(writer, all_of_it=chance.random() < 0.5), "the writer died by itself"
            account.read(journal)
        assert nursery.wait(nursery.start(inspect, data, result)) == 0
        account.check(json.loads(result.read_text()))
        assert nursery.kill(reader), "the reader died by itself"
    reports = [json.loads(line) for line in asked.read_text().splitlines() if line.endswith("}")]
    wrong = [report["wrong"] for report in reports if report["wrong"]]
    with capsys.disabled():
        print(  # noqa: T201 - the counts are what the test is for
            f"\n{KILLS} kills in {time.monotonic() - begun_at:.0f} s: {dict(account.killed_in)}; "
            f"changes done {dict(account.done)}; of those under way {account.finished} came through and "
            f"{account.undone} were undone; 0 disagreements; {reports[-1]['asked']} searches from a second process, "
            f"{len(wrong)} failed"
        )
    assert wrong == []
    assert reports[-1]["asked"] > KILLS
    assert min(account.done[kind] for kind in ("put", "remove", "rebuild", "fold")) > 0
    assert min(account.killed_in[kind] for kind in ("put", "remove", "rebuild", "fold")) > 0
