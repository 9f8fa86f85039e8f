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


def graph_bytes(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.glob("*/*")}


@pytest.mark.parametrize("danish", [0, 1, 2, 3])
@pytest.mark.parametrize("fresh", [True, False])
def test_nobody_writes_to_a_sealed_graph(tmp_path: Path, danish: int, fresh: bool) -> None:
    draft = EmbeddedVectors.create(tmp_path / "v").draft(fresh=fresh)
    filled(draft, "en", 60)
    filled(draft, "da", danish)
    draft.seal()
    sealed = graph_bytes(tmp_path / "v" / "1")
    assert sealed
    # What lies in freed memory gets into the files of a graph that was begun and not written.
    spoilt = [bytes([7]) * 60_000 for _ in range(500)]
    del spoilt
    for name in ("b", "c"):
        opened = EmbeddedVectors(tmp_path / "v", 1)
        filled(opened, "en", 20, name)
        assert opened.count() == 60 + danish + (20 if name == "b" else 40)
        assert set(opened.get("da", [f"a{number}" for number in range(danish)])) == {f"a{n}" for n in range(danish)}
        opened._client.retire()
    now = graph_bytes(tmp_path / "v" / "1")
    assert {path: now[path] for path in sealed} == sealed
    EmbeddedVectors(tmp_path / "v", 1)


def test_a_sealed_graph_that_was_written_to_is_noticed(tmp_path: Path) -> None:
    draft = EmbeddedVectors.create(tmp_path / "v").draft(fresh=True)
    filled(draft, "en", 60)
    draft.seal()
    path = next((tmp_path / "v" / "1").glob("*/data_level0.bin"))
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(DamageError, match="other content"):
        EmbeddedVectors(tmp_path / "v", 1)
