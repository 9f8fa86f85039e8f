"""What happens to people's answers when the service is told to stop."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SLOW_SERVICE = """
import sys
from web.fake import FakeMagbot
from magbot.interfaces.logs import start_logging
from magbot.interfaces.serve import run_service
from magbot.settings import Settings
from magbot.web.service import create_service

settings = Settings(port=int(sys.argv[1]), data_dir=sys.argv[2])
start_logging(settings)
run_service(create_service(FakeMagbot(), settings), settings)
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-c", SLOW_SERVICE, str(port), str(tmp_path)]
    paths = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths}, stderr=subprocess.PIPE, text=True)
    while True:
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    yield process, port
    process.kill()


def test_a_streamed_answer_ends_and_an_open_page_holds_nothing_up(service: tuple[subprocess.Popen[str], int]) -> None:
    process, port = service
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    page.request("GET", "/gradio_api/heartbeat/open-page")
    assert page.getresponse().status == 200
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    asking.request(
        "POST", "/api/ask/stream", '{"question": "Hjælper det drypvis?"}'.encode(), {"Content-Type": "application/json"}
    )
    stream = asking.getresponse()
    assert b"event: stage" in stream.readline()

    process.send_signal(signal.SIGTERM)
    rest = stream.read().decode()
    assert rest.count("event: statement") == 3
    assert "event: answer" in rest
    _, said = process.communicate(timeout=60)
    # What uvicorn writes when it has to cut connections off.
    assert "timeout graceful shutdown exceeded" not in said
    assert "Traceback" not in said
