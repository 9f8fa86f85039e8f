"""The index is killed over and over, and is whole each time."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from e2e.killing import Nursery, ask_forever, inspect, text_of, write_forever

KILLS = 110


def expected(
    lines: list[list[object]], state: dict[str, int | None]
) -> tuple[dict[str, int | None], list[object] | None]:
    """Versions by key after what is done, and the change that had begun."""
    begun: list[object] | None = None
    for line in lines:
        kind, what, *rest = line
        if kind == "begin":
            begun = line
            continue
        begun = None
        if what == "put":
            state[str(rest[0])] = int(str(rest[1]))
        elif what == "remove":
            state[str(rest[0])] = None
    return state, begun


def test_killed_a_hundred_times_each_document_is_there_or_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, journal, result, asked = (tmp_path / name for name in ("data", "journal", "result", "asked"))
    chance = random.Random(20)
    state: dict[str, int | None] = {}
    killed_in: Counter[str] = Counter()
    done: Counter[str] = Counter()
    finished = undone = 0
    reader = None
    begun_at = time.monotonic()
    with Nursery() as nursery:
        for number in range(KILLS):
            journal.write_text("")
            writer = nursery.start(write_forever, data, journal, number)
            # Not before it has begun to change something; then at any moment.
            while not journal.stat().st_size:
                time.sleep(0.005)
            time.sleep(chance.uniform(0.0, 0.4))
            assert nursery.kill(writer), "the writer died by itself"
            lines = [json.loads(line) for line in journal.read_text().splitlines() if line.endswith("]")]
            done.update(str(line[1]) for line in lines if line[0] == "done")
            state, begun = expected(lines, state)
            killed_in[str(begun[1]) if begun else "nothing"] += 1

            looking = nursery.start(inspect, data, result)
            assert nursery.wait(looking) == 0
            found = json.loads(result.read_text())
            assert found["disagreements"] == [], (number, begun)
            texts = dict(found["texts"])
            if begun and begun[1] in {"put", "remove"}:
                key = str(begun[2])
                before = text_of(key[:-3], state[key]) if state.get(key) is not None else None
                after = text_of(key[:-3], int(str(begun[3]))) if begun[1] == "put" else None
                assert texts.get(key) in {before, after}, (number, begun)
                if texts.get(key) == after and after != before:
                    finished += 1
                    state[key] = int(str(begun[3])) if begun[1] == "put" else None
                else:
                    undone += 1
            assert texts == {key: text_of(key[:-3], version) for key, version in state.items() if version is not None}
            for key, count in found["sentences"].items():
                assert count == len(texts[key].split(". ")), key
            if reader is None:
                reader = nursery.start(ask_forever, data, asked)
        assert reader is not None
        assert nursery.kill(reader), "the reader died by itself"
    reports = [json.loads(line) for line in asked.read_text().splitlines() if line.endswith("}")]
    wrong = [report["wrong"] for report in reports if report["wrong"]]
    last = reports[-1]
    with capsys.disabled():
        print(  # noqa: T201 - the counts are what the test is for
            f"\n{KILLS} kills in {time.monotonic() - begun_at:.0f} s: {dict(killed_in)}; "
            f"changes done {dict(done)}; of those under way {finished} came through and {undone} were undone; "
            f"0 disagreements; {last['asked']} searches from a second process, {last['answered']} with hits, "
            f"{len(wrong)} failed"
        )
    assert wrong == []
    assert last["answered"] > 0
    assert min(killed_in[kind] for kind in ("put", "remove", "rebuild")) > 0
