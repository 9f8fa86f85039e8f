"""The word lists of words.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from magbot.yaml_files import parse_yaml


@cache
def words() -> dict[str, Any]:
    """All lists by name."""
    raw = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    lists: dict[str, Any] = parse_yaml(raw)
    return lists
