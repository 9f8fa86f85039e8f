import json
from pathlib import Path

import numpy as np
import pytest

from magbot.encoder.base import Vectors
from magbot.errors import DamageError
from magbot.index.vectors_embedded import EmbeddedVectors


def random_vectors(count: int) -> Vectors:
    return np.random.default_rng(count).normal(size=(count, 32)).astype(np.float32)


def filled(store: EmbeddedVectors, language: str, count: int, name: str = "a") -> None:
    ids = [f"{name}{number}" for number in range(count)]
    store.write(language, ids, ids, random_vectors(count))  # type: ignore[arg-type]


def sealed_files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in json.loads((folder / "seal.json").read_text())}


@pytest.mark.parametrize(("before", "came"), [(0, 1), (0, 2), (1, 0), (1, 1), (2, 0), (2, 1)])
def test_nobody_writes_to_a_sealed_graph(tmp_path: Path, before: int, came: int) -> None:
    """Whatever became of a language: nothing, one change only, all of it deleted and some added."""
    root = tmp_path / "v"
    first = EmbeddedVectors.create(root).draft(fresh=True)
    filled(first, "en", 60)
    filled(first, "da", before, "old")
    first.seal()
    second = EmbeddedVectors(root, 1).draft()
    second.delete("da", [f"old{number}" for number in range(before)])
    filled(second, "da", came)
    second.seal()
    for version, danish in ((1, before), (2, came)):
        sealed = sealed_files(root / str(version))
        assert sealed
        # What lies in freed memory gets into the files of a graph that was begun and not written.
        spoilt = [bytes([7]) * 60_000 for _ in range(500)]
        del spoilt
        for name in ("b", "c"):
            opened = EmbeddedVectors(root, version)
            filled(opened, "en", 20, name)
            assert opened.count() == 60 + danish + (20 if name == "b" else 40)
            assert len(opened.get("da", sorted(opened.ids("da")))) == danish
            opened._client.retire()
        assert sealed_files(root / str(version)) == sealed


def test_a_sealed_graph_that_was_written_to_is_noticed(tmp_path: Path) -> None:
    draft = EmbeddedVectors.create(tmp_path / "v").draft(fresh=True)
    filled(draft, "en", 60)
    draft.seal()
    path = next((tmp_path / "v" / "1").glob("*/data_level0.bin"))
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(DamageError, match="other content"):
        EmbeddedVectors(tmp_path / "v", 1)
