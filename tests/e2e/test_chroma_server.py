"""Vectors in a Chroma server of its own: several processes share it, and it may go away and come back."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from index.fake import HashingEncoder, disagreements, document

from magbot.errors import StoreError
from magbot.index.index import Index

ALMONDS = document("almonds", "Almonds hold 270 mg magnesium. They are nuts.")
CHROMA = Path(sys.executable).with_name("chroma")

SECOND = """
import sys
from pathlib import Path
from index.fake import HashingEncoder, disagreements, document
from magbot.index.index import Index
index = Index(Path(sys.argv[1]), HashingEncoder(), chroma_url=sys.argv[2])
assert index.catalog.document("almonds.en") is not None
index.put(document("kelp", "Kelp holds 121 mg magnesium."), origin="added")
index.remove(["almonds.en"])
assert disagreements(index) == []
"""


class Server:
    """`chroma run` on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        command = [str(CHROMA), "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                if httpx.get(f"{self.url}/api/v2/heartbeat").is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("chroma run does not answer")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    server.start()
    yield server
    server.stop()


def test_processes_share_a_server_that_may_go_away(tmp_path: Path, server: Server) -> None:
    encoder = HashingEncoder()
    index = Index(tmp_path / "data", encoder, chroma_url=server.url)
    index.sync([ALMONDS], origin="added")
    assert disagreements(index) == []
    assert not (index.folder / "vectors").exists()

    # Another process adds and removes, and this one notices.
    folders = os.pathsep.join(path for path in sys.path if path)
    second = [sys.executable, "-c", SECOND, str(tmp_path / "data"), server.url]
    subprocess.run(second, check=True, env={**os.environ, "PYTHONPATH": folders}, timeout=120)
    assert index.refresh()
    assert set(index.catalog.fingerprints()) == {"kelp.en"}
    assert disagreements(index) == []
    vector = encoder.encode_queries(["Kelp magnesium"])[0]
    assert len(index.vectors.query("en", vector, 5)) == 1

    # Another data folder on the same server has its own.
    other = Index(tmp_path / "other", encoder, chroma_url=server.url)
    assert other.vectors.count() == 0

    # Away: an error that says so, whatever is asked, and nothing is set aside.
    server.stop()
    with pytest.raises(StoreError, match=f"server at {server.url} does not answer") as away:
        index.vectors.query("en", vector, 5)
    assert "chroma run" in away.value.help
    with pytest.raises(StoreError, match="does not answer"):
        Index(tmp_path / "data", encoder, chroma_url=server.url)
    with pytest.raises(StoreError, match="does not answer"):
        index.put(ALMONDS, origin="added")
    assert set(index.catalog.fingerprints()) == {"kelp.en"}

    # Back: it goes on as if nothing had been.
    server.start()
    assert len(index.vectors.query("en", vector, 5)) == 1
    index.put(ALMONDS, origin="added")
    assert disagreements(index) == []

    # Emptied behind our back: noticed, and made anew.
    for collection in ("da", "en"):
        index.vectors.delete(collection, sorted(index.vectors.ids(collection)))
    again = Index(tmp_path / "data", encoder, chroma_url=server.url)
    assert again.folder != index.folder
    again.sync([ALMONDS], origin="added")
    assert disagreements(again) == []
