from __future__ import annotations

from pathlib import Path

import numpy as np

from magbot.index.engine import Engine


def test_graphs_do_not_drive_each_other_out(tmp_path: Path) -> None:
    names = [f"collection-{number}" for number in range(60)]
    first = Engine(tmp_path)
    for number, name in enumerate(names):
        first.create(name)
        vectors = np.eye(4, dtype=np.float32)[:3] + number
        first.collection(name).upsert(["a", "b", "c"], vectors, [{"of": name}] * 3)
    first.close()
    again = Engine(tmp_path)
    opened = [again.collection(name) for name in names]
    assert [collection.count() for collection in opened] == [3] * len(names)
    for collection in opened:
        found = collection.query(np.ones((1, 4), np.float32), 3, [])
        assert sorted(found["ids"][0]) == ["a", "b", "c"]
    again.close()
