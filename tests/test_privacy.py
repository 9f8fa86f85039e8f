"""A default conversation leaves nothing on the disk or in the log, and asks no other machine for anything."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from magbot.assistant import Magbot
from magbot.records import Records, Turn
from magbot.schema import Outcome
from magbot.settings import load_settings

MARK = "zqxvkw"
QUESTION = f"Hvor meget magnesium er der i mandler {MARK}?"

CONVERSATION = """
import json, socket, sys

asked = []
connect, look_up = socket.socket.connect, socket.getaddrinfo

def noted_connect(self, address):
    if self.family != socket.AF_UNIX:
        asked.append(str(address[0]))
    return connect(self, address)

def noted_look_up(host, *arguments, **more):
    asked.append(str(host))
    return look_up(host, *arguments, **more)

socket.socket.connect, socket.getaddrinfo = noted_connect, noted_look_up
from fastapi.testclient import TestClient
from magbot.assistant import Magbot
from magbot.records import Records, Turn
from magbot.schema import Outcome
from magbot.settings import load_settings
from magbot.interfaces import langchain
from magbot.interfaces.cli_base import logged_settings
from magbot.web.service import create_service

magbot = Magbot(logged_settings("DEBUG"))
client = TestClient(create_service(magbot, magbot.settings), base_url="http://127.0.0.1")
question = sys.argv[1]
outcomes = []
for text in (question, "og for valnødder?", question + " jeg vil ikke leve mere", question * 200):
    history = [{"role": "user", "content": question}, {"role": "assistant", "content": question}]
    reply = client.post("/api/ask", json={"question": text, "history": history})
    outcomes.append(reply.status_code)
    client.post("/api/ask/stream", json={"question": text, "history": history})
client.get("/")
client.post("/api/ask", json={"question": 1, "history": question})
print(json.dumps({"outcomes": outcomes, "asked": asked}))
"""


def files(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_a_default_conversation_leaves_no_trace_and_asks_nobody(shipped_data: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "tmp").mkdir(parents=True)
    before = files(shipped_data)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "MAGBOT_", "XDG_"))}
    environment = kept | {"HOME": str(home), "TMPDIR": str(home / "tmp"), "MAGBOT_DATA_DIR": str(shipped_data)}
    done = subprocess.run(
        [sys.executable, "-c", CONVERSATION, QUESTION], env=environment, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["outcomes"] == [200, 200, 200, 422]
    assert {host for host in told["asked"] if host not in {"127.0.0.1", "localhost", "::1"}} == set()
    assert MARK not in done.stderr
    assert "INFO" in done.stderr or "DEBUG" in done.stderr  # so the log was really looked at
    after = files(shipped_data, home)
    assert not [
        path for path, content in after.items() if MARK.encode() in content or MARK.encode("utf-16-le") in content
    ]
    # SQLite's own side files come and go with whoever has the catalog open; what is in them was looked at above.
    side = ("-wal", "-shm")
    there = {path for path in after if shipped_data in path.parents and not path.name.endswith(side)}
    assert there == {path for path in before if not path.name.endswith(side)}


def test_no_question_is_logged(magbot: Magbot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        magbot.ask(QUESTION)
    assert MARK not in caplog.text


def test_what_is_too_old_is_gone_at_the_next_start(small_corpus: Path, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data", corpus_dir=small_corpus, keep_history=True)
    turn = Turn(question=QUESTION, answer=MARK, language="da", outcome=Outcome.ANSWERED)
    long_ago = Records(settings, clock=lambda: 0.0)
    long_ago.record_turn(turn)
    assert MARK.encode() in long_ago.file.read_bytes()
    Magbot(settings)
    assert MARK.encode() not in long_ago.file.read_bytes()
