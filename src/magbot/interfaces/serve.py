"""Starts the service: page and API on one port."""

from __future__ import annotations

import logging
import socket

import uvicorn

from magbot.assistant import Magbot
from magbot.errors import SettingsError
from magbot.interfaces.progress import encoding_progress
from magbot.settings import Settings

logger = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Serve until stopped. Raises SettingsError when the port is taken."""
    from magbot.web.service import create_service

    _check_port(settings)
    with encoding_progress() as progress:
        magbot = Magbot(settings, progress)
    service = create_service(magbot, settings)
    logger.info("magbot is ready: http://%s:%d", settings.host, settings.port)
    uvicorn.run(service, host=settings.host, port=settings.port, log_level="warning", access_log=False)


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
