"""Many clients ask, stream, add and remove at once while the service is killed and started again; prints a table.

python eval/load.py                                      16 clients, ten minutes
python eval/load.py --clients 4 --minutes 0.3            a short form, whose slope is that of warming up

Every quote is compared with the text of its document. While the service is away nothing is counted; a client then
waits for it. A quote of a document that was removed since is no error, and neither is adding what is there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from processes import TOKEN, Service, dev_questions, free_port, quantiles

from magbot.assistant import Magbot
from magbot.settings import load_settings

_HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class Load:
    """What the clients share."""

    def __init__(self, service: Service, minutes: float) -> None:
        self.service, self.end = service, time.monotonic() + minutes * 60
        self.up, self.guard = threading.Event(), threading.Lock()
        self.up.set()
        self.lives = 1
        """How often the service was started, or is about to be."""
        self.counts: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.taken: list[float] = []
        self.questions = dev_questions(200)

    def client(self, number: int) -> None:
        """Ask, stream and now and then add and remove a document, until the end."""
        turn = 0
        with httpx.Client(base_url=self.service.url, timeout=60, headers=_HEADERS) as connection:
            while time.monotonic() < self.end:
                # In this order: whoever sees the new number finds `up` cleared, and waits.
                turn, lives = turn + 1, self.lives
                self.up.wait(120)
                kind = "change" if (turn - number) % 20 == 1 else "stream" if turn % 4 == 0 else "ask"
                began = time.perf_counter()
                try:
                    getattr(self, kind)(connection, number, turn)
                except Exception as error:  # noqa: BLE001 - every kind of failure is what is counted here
                    if lives == self.lives:  # nobody has killed it meanwhile
                        self.note_error(f"{kind}: {type(error).__name__} {error}"[:500])
                    continue
                with self.guard:
                    self.counts[kind] += 1
                    if kind != "change":
                        self.taken.append(time.perf_counter() - began)

    def note_error(self, what: str) -> None:
        """Count an error under its text."""
        with self.guard:
            self.errors[what] += 1

    def ask(self, connection: httpx.Client, number: int, turn: int) -> None:
        """One answer, its quotes compared."""
        reply = connection.post("/api/ask", json={"question": self._question(number, turn)})
        self._compare(connection, reply.raise_for_status().json())

    def stream(self, connection: httpx.Client, number: int, turn: int) -> None:
        """The same as events; the last one is the answer."""
        body = {"question": self._question(number, turn)}
        with connection.stream("POST", "/api/ask/stream", json=body) as reply:
            lines = [line[6:] for line in reply.raise_for_status().iter_lines() if line.startswith("data: ")]
        last = json.loads(lines[-1]) if lines else {}
        if "answer" not in last:
            raise ValueError(f"the stream ended with {lines[-1:]}")
        self._compare(connection, last["answer"])

    def change(self, connection: httpx.Client, number: int, turn: int) -> None:
        """Add a document and remove it again."""
        text = (
            f"# Magnesium in weed {number}\n\nWeed of kind {number} holds {turn} mg magnesium per 100 g dry weight.\n"
        )
        report = connection.post("/api/documents", files={"files": (f"weed-{number}-{turn}.md", text.encode())})
        for item in report.raise_for_status().json()["items"]:
            if item["status"] == "added":
                connection.delete(f"/api/documents/{item['document_id']}").raise_for_status()

    def _question(self, number: int, turn: int) -> str:
        return self.questions[(number * 37 + turn) % len(self.questions)]

    def _compare(self, connection: httpx.Client, answer: dict[str, Any]) -> None:
        for citation in answer["citations"]:
            where = f"/api/documents/{citation['document_id']}"
            reply = connection.get(where, params={"language": citation["language"]})
            if reply.status_code == httpx.codes.NOT_FOUND and citation["document_id"].startswith("added-"):
                continue
            text = reply.raise_for_status().json()["text"]
            right = text[citation["start"] : citation["end"]] == citation["quote"]
            with self.guard:
                self.counts["citations"] += 1
                self.counts["wrong citations"] += not right


def run(data: Path, clients: int, minutes: float) -> dict[str, Any]:
    """Load a service of its own, kill it in the middle, and say what happened."""
    service = Service(data, free_port())
    load = Load(service, minutes)
    memory: list[tuple[float, float]] = []
    half = time.monotonic() + minutes * 30
    try:
        with ThreadPoolExecutor(clients) as pool:
            running = [pool.submit(load.client, number) for number in range(clients)]
            killed = False
            while not all(each.done() for each in running):
                time.sleep(0.5)
                if not killed and time.monotonic() > half:
                    load.up.clear()
                    load.lives += 1
                    service.kill()
                    service.start()
                    load.up.set()
                    memory, killed = [], True
                memory.append((time.monotonic(), service.memory_mb()))
            for each in running:
                each.result()
        slope, noise = _slope(memory[len(memory) // 3 :])  # caches are full by then
        return {
            **load.counts,
            "errors": sum(load.errors.values()),
            "kinds of errors": dict(load.errors),
            "wrong citations": load.counts["wrong citations"],
            "ms": quantiles(load.taken),
            "start again, s": round(service.started_s, 2),
            "memory, MB": memory[-1][1],
            "memory slope after the restart, MB/min": f"{slope:+.2f}, of which {noise:.2f} may be noise",
        }
    finally:
        service.kill()


def _slope(memory: list[tuple[float, float]]) -> tuple[float, float]:
    """Growth in MB a minute, and twice its standard error, both by the means of ten pieces of the time."""
    if len(memory) < 3:
        return 0.0, 0.0
    at, held = np.array([when for when, _ in memory]) / 60, np.array([size for _, size in memory])
    centres = [
        (part_at.mean(), part.mean())
        for part_at, part in zip(np.array_split(at, 10), np.array_split(held, 10), strict=True)
        if len(part)
    ]
    when, size = np.array(centres).T
    slope, start = np.polyfit(when, size, 1)
    residual = size - (slope * when + start)
    error = np.sqrt((residual**2).sum() / max(len(size) - 2, 1) / ((when - when.mean()) ** 2).sum())
    return float(slope), float(2 * error)


def main() -> int:
    """Run and print; 1 when there was an error or a wrong citation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--data", type=Path, help="data folder with an index; a new one is made without it")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or Path(folder)
        Magbot(load_settings(data_dir=data))
        found = run(data, arguments.clients, arguments.minutes)
    rows = "\n".join(f"{name:<40} {value}" for name, value in found.items())
    print(json.dumps(found, indent=2, ensure_ascii=False) if arguments.json else rows)
    return 1 if found["errors"] or found["wrong citations"] else 0


if __name__ == "__main__":
    sys.exit(main())
