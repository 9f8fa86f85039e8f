"""Reads the data files beside this module, each once and only when it is needed."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from magbot.yaml_files import parse_yaml

_FOLDER = Path(__file__).parent


@cache
def load(name: str) -> dict[str, Any]:
    """The content of one data file, for example `load("rules")`; not to be changed by the caller."""
    content: dict[str, Any] = parse_yaml((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


@lru_cache(maxsize=1)
def numbers() -> dict[str, str]:
    """Telephone numbers by the name they have in the texts."""
    return {name: line["number"] for name, line in load("help_lines")["lines"].items()}
