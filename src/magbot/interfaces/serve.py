"""Starts the service: page and API on one port."""

from __future__ import annotations

import gc
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from magbot.assistant import Magbot
from magbot.errors import SettingsError
from magbot.interfaces.heaps import share_heaps
from magbot.interfaces.progress import encoding_progress
from magbot.settings import Settings

logger = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Serve until stopped. Raises SettingsError when the port is taken."""
    from magbot.web.service import create_service

    _check_port(settings)
    share_heaps()
    with encoding_progress() as progress:
        magbot = Magbot(settings, progress)
    service = create_service(magbot, settings)
    # All that was made so far stays until the end, and looking through it for rubbish stops the answers under way for 0.1 s.
    gc.freeze()
    logger.info("magbot is ready: http://%s:%d", settings.host, settings.port)
    run_service(service, settings)


def run_service(service: FastAPI, settings: Settings) -> None:
    """Run an application until SIGTERM or SIGINT, then let the answers under way finish."""
    from magbot.web.service import close_pages

    # Its own lines go where all others go; a line for each request is written by magbot itself, without addresses.
    config = uvicorn.Config(
        service,
        settings.host,
        settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=settings.grace_s,
    )
    with suppress(KeyboardInterrupt):
        _Server(config, lambda: close_pages(service)).run()


class _Server(uvicorn.Server):
    """Lets answers finish before it ends. Open pages hold a connection as long as they are open; `close` ends those."""

    def __init__(self, config: uvicorn.Config, close: Callable[[], None]) -> None:
        super().__init__(config)
        self._close = close

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Called after SIGTERM or SIGINT."""
        self._close()
        await super().shutdown(sockets)


def _check_port(settings: Settings) -> None:
    """Find out before the index is loaded, and say it better than a traceback."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}).",
                help="Stop the other program or choose another with --port.",
            ) from error
