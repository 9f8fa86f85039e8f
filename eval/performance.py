"""Measures how fast magbot is, in figures and in ratios to the plain way, and prints JSON.

python eval/performance.py --section index
python eval/performance.py --section index --sizes 1000 10000 --plain 500
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import performance_index

SECTIONS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {"index": performance_index.measure}


def main() -> None:
    """Measure the sections that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--section", choices=sorted(SECTIONS), action="append", help="what to measure; all by default")
    parser.add_argument("--out", type=Path, help="also write the JSON to this file")
    performance_index.add_arguments(parser)
    arguments = parser.parse_args()
    machine = {"cores": os.cpu_count(), "processor": platform.processor() or platform.machine(), "python": sys.version}
    found: dict[str, Any] = {"machine": machine}
    for section in arguments.section or sorted(SECTIONS):
        found[section] = SECTIONS[section](arguments)
    text = json.dumps(found, indent=2, ensure_ascii=False)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
