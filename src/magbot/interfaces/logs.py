"""The log: for people or, as lines of JSON, for programs. No line holds a question or an answer.

Only magbot's own level can be raised: at DEBUG, libraries write out what they send, and that is what people asked.
"""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar

from magbot.settings import Settings

# Which request is being answered, so that all lines about it can be found; empty outside of one.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
_TEXT = "%(levelname)s %(name)s: %(message)s"


def start_logging(settings: Settings, level: str | None = None) -> None:
    """Log to stderr in the form and from the level that the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_add_request_id)
    if settings.log_format == "json":
        # Here and not above: a question on the command line is answered sooner without it.
        from pythonjsonlogger.json import JsonFormatter

        names = {"levelname": "level", "name": "logger"}
        fields = ["levelname", "name", "message", "request_id"]
        handler.setFormatter(JsonFormatter(fields, rename_fields=names, timestamp="time", json_ensure_ascii=False))
    else:
        handler.setFormatter(logging.Formatter(_TEXT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("magbot").setLevel(level or settings.log_level)


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = REQUEST_ID.get()
    return True
