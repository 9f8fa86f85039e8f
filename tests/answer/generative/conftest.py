"""One model server for all tests of this folder, and a magbot that asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from model_server import ModelServer, model_server

from magbot.assistant import Magbot
from magbot.settings import load_settings

SECONDS = 3.0
Asking = Callable[..., Magbot]


@pytest.fixture(scope="session")
def running_server() -> Iterator[ModelServer]:
    """The server; started once."""
    with model_server() as server:
        yield server


@pytest.fixture
def server(running_server: ModelServer) -> ModelServer:
    """The server with nothing remembered."""
    running_server.requests.clear()
    running_server.condensed = ""
    return running_server


@pytest.fixture
def asking(shipped_data: Path, server: ModelServer) -> Asking:
    """Makes a magbot with a model of a given behaviour."""

    def make(behaviour: str, **overrides: object) -> Magbot:
        chosen: dict[str, object] = {
            "data_dir": shipped_data,
            "model": f"openai:{behaviour}",
            "model_base_url": server.url,
            "model_timeout": SECONDS,
            "model_retries": 0,
            "debug": True,
        }
        return Magbot(load_settings(**(chosen | overrides)))

    return make
