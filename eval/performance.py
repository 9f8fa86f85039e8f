"""Measures how fast magbot is, in figures and in ratios to the plain way.

python eval/performance.py --section index
python eval/performance.py --section ask --section http --section install --json
python eval/performance.py --section index --sizes 1000 10000 --plain 500
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import performance_ask
import performance_encoder
import performance_index

SECTIONS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "encoder": performance_encoder.measure,
    "index": performance_index.measure,
    "ask": performance_ask.measure_ask,
    "http": performance_ask.measure_http,
    "install": performance_ask.measure_install,
}


def main() -> None:
    """Measure the sections that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--section", choices=sorted(SECTIONS), action="append", help="what to measure; all by default")
    parser.add_argument("--out", type=Path, help="also write the JSON to this file")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    performance_index.add_arguments(parser)
    performance_ask.add_arguments(parser)
    performance_encoder.add_arguments(parser)
    arguments = parser.parse_args()
    machine = {"cores": os.cpu_count(), "processor": platform.processor() or platform.machine(), "python": sys.version}
    found: dict[str, Any] = {"machine": machine}
    for section in arguments.section or sorted(SECTIONS):
        found[section] = SECTIONS[section](arguments)
    text = json.dumps(found, indent=2, ensure_ascii=False)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")
    print(text if arguments.json else "\n".join(_rows(found)))


def _rows(found: Any, name: str = "") -> Iterator[str]:
    """One line a figure, under its place in the JSON."""
    parts = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else None
    if parts is None:
        yield f"{name:<60} {found}"
        return
    for key, value in parts:
        yield from _rows(value, f"{name} {key}".strip())


if __name__ == "__main__":
    main()
