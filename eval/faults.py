"""What breaks under a running service, what a person sees of it, and whether all is well again; prints a table.

python eval/faults.py                        all of them, about two minutes
python eval/faults.py --fault clock --json

Each service has a small corpus and data of its own. A fault for which this machine lacks something is not tried, and
the table says so.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
from processes import TOKEN, Service, free_port

from magbot.assistant import Magbot
from magbot.settings import load_settings, shipped_corpus

_QUESTION = "What does kidney disease mean for magnesium?"
_CORPUS = ("article/taylor-2025", "safety/kidney-disease")
_CLOCK = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
_CHROMA = Path(sys.executable).with_name("chroma")
_ROOM = 80_000_000
_MANY = 600  # sentences, which take seconds to add
_UNTRIED = "not tried"
Step = tuple[str, str, bool]
"""What happened, what a person saw, and whether that is as it should be."""


class Person:
    """Asks, adds and removes, and says in a line what came of it."""

    def __init__(self, service: Service) -> None:
        self._client = httpx.Client(base_url=service.url, timeout=60, headers={"Authorization": f"Bearer {TOKEN}"})

    def ask(self, question: str = _QUESTION) -> str:
        """Ask, and compare every quote of the answer with its document."""
        reply = self._client.post("/api/ask", json={"question": question})
        if not reply.is_success:
            return _refusal(reply)
        answer = reply.json()
        for citation in answer["citations"]:
            where = f"/api/documents/{citation['document_id']}"
            text = self._client.get(where, params={"language": citation["language"]}).raise_for_status().json()["text"]
            if text[citation["start"] : citation["end"]] != citation["quote"]:
                return f"a wrong quote of {citation['document_id']}"
        return f"{answer['outcome']}, {len(answer['citations'])} exact quotes"

    def add(self, name: str, sentences: int = 1) -> str:
        """Add a document of so many sentences."""
        lines = [
            f"In the year {1000 + number} {name} held {number} mg magnesium per 100 g." for number in range(sentences)
        ]
        text = f"# Magnesium in {name}\n\n" + "\n".join(lines) + "\n"
        reply = self._client.post("/api/documents", files={"files": (f"{name}.md", text.encode())})
        if not reply.is_success:
            return _refusal(reply)
        (item,) = reply.json()["items"]
        return f"{item['status']}" + (f": {item['message']}" if item["status"] == "refused" else "")

    def sentences(self, name: str) -> int:
        """How many sentences of an added document can be read; 0 when there is none."""
        reply = self._client.get(f"/api/documents/added-{name}", params={"language": "en"})
        return reply.json()["text"].count("per 100 g") if reply.is_success else 0

    def days_ahead(self) -> int:
        """How far the clock of the service is ahead of ours, by the header of a reply."""
        time.sleep(1.5)  # it looks at the clock once a second
        told = parsedate_to_datetime(self._client.get("/api/health").headers["date"])
        return round((told - datetime.now(UTC)).total_seconds() / 86400)

    def remove(self, name: str) -> str:
        """Remove what was added."""
        reply = self._client.delete(f"/api/documents/added-{name}")
        return "removed" if reply.is_success else _refusal(reply)


def _refusal(reply: httpx.Response) -> str:
    problem = reply.json()
    return " ".join(str(part) for part in (reply.status_code, problem.get("detail", ""), problem.get("help") or ""))


def killed(data: Path) -> Iterator[Step]:
    """The process dies while a document is added, at three moments."""
    service = Service(data, free_port())
    try:
        person = Person(service)
        for turn, moment in enumerate((0.05, 0.5, 2.0)):
            name = f"rye-{turn}"
            adding = threading.Thread(target=_quietly, args=(person.add, name, _MANY))
            adding.start()
            time.sleep(moment)
            service.kill()
            adding.join()
            service.start()
            person = Person(service)
            there, said = person.sentences(name), person.ask()
            seen = f"{said}; of the document {there} of {_MANY} sentences"
            yield f"killed {moment} s into adding, started again", seen, _answered(said) and there in {0, _MANY}
            again = person.remove(name) if there else person.add(name)
            yield "removed or added again", again, again in {"removed", "added"}
    finally:
        service.kill()


def full_disk(data: Path) -> Iterator[Step]:
    """The disk that holds the data is full, and then is not."""
    size = sum(file.stat().st_size for file in data.rglob("*") if file.is_file()) + _ROOM
    place = data.with_name("small-disk")
    place.mkdir()
    prepare = f'mount -t tmpfs -o size={size} none "$0" && cp -a "{data}/." "$0" && exec "$@"'
    within = ("unshare", "--map-root-user", "--mount", "sh", "-c", prepare, str(place))
    if subprocess.run([*within, "true"], capture_output=True, check=False).returncode:  # noqa: S603 - our own
        yield "a disk of its own", f"{_UNTRIED}: no small disk can be made here", True
        return
    service = Service(place, free_port(), within=within)
    try:
        person = Person(service)
        filler = Path(f"/proc/{service.pid}/root{place}/filler")
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(1_000_000)):
                pass
        said = person.ask()
        yield "asked while the disk is full", said, _answered(said)
        said = person.add("rye", 200)
        yield "added while the disk is full", said, "room on the disk" in said or said.startswith("refused")
        said = person.ask()
        yield "asked again", said, _answered(said)
        filler.unlink()
        said = person.add("rye", 200)
        yield "room again: added", said, said == "added"
        there = person.sentences("rye")
        yield "read again", f"{there} of 200 sentences", there == 200
    finally:
        service.kill()


def lost_server(data: Path) -> Iterator[Step]:
    """The Chroma server goes away and comes back."""
    if not _CHROMA.exists():
        yield "a Chroma server", f"{_UNTRIED}: {_CHROMA} is missing", True
        return
    port = free_port()
    command = [str(_CHROMA), "run", "--path", str(data.with_name("server")), "--host", "127.0.0.1", "--port", str(port)]
    service = None
    server = _started(command, f"http://127.0.0.1:{port}/api/v2/heartbeat")
    try:
        service = Service(data.with_name("of-server"), free_port(), MAGBOT_CHROMA_URL=f"http://127.0.0.1:{port}")
        person = Person(service)
        said = person.ask()
        yield "asked with the server there", said, _answered(said)
        server.kill()
        server.wait()
        said = person.ask("What is the upper limit of magnesium in kidney disease?")
        yield "asked with the server gone", said, "does not answer" in said and str(port) in said
        said = person.add("rye")
        yield "added with the server gone", said, "does not answer" in said and str(port) in said
        server = _started(command, f"http://127.0.0.1:{port}/api/v2/heartbeat")
        said = person.ask()
        yield "the server is back: asked", said, _answered(said)
        said = person.add("rye")
        yield "added", said, said == "added"
    finally:
        server.kill()
        if service is not None:
            service.kill()


def clock_jumps(data: Path) -> Iterator[Step]:
    """The clock jumps ahead and back while the service runs, and between two starts."""
    if _CLOCK is None:
        yield "a clock that jumps", f"{_UNTRIED}: libfaketime is not installed", True
        return
    clock = data.with_name("clock")
    clock.write_text("+0\n")
    fake = {"LD_PRELOAD": str(_CLOCK), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
    # A jump of the wall clock leaves the monotonic one as it is.
    service = Service(data, free_port(), **fake, FAKETIME_DONT_FAKE_MONOTONIC="1", DONT_FAKE_MONOTONIC="1")
    try:
        for turn, days in enumerate((400, -400, 0)):
            person = Person(service)
            clock.write_text(f"{days:+}d\n")
            ahead = person.days_ahead()
            seen = [person.ask(), person.add(f"rye-{turn}"), person.remove(f"rye-{turn}")]
            right = ahead == days and _answered(seen[0]) and seen[1:] == ["added", "removed"]
            yield f"the clock is {ahead:+} days: asked, added, removed", "; ".join(seen), right
        clock.write_text("-400d\n")
        service.kill()
        service.start()
        person = Person(service)
        ahead, seen = person.days_ahead(), [person.ask(), person.add("rye-3")]
        right = ahead == -400 and _answered(seen[0]) and seen[1] == "added"
        yield f"started with the clock {ahead:+} days: asked, added", "; ".join(seen), right
    finally:
        service.kill()


FAULTS: dict[str, Callable[[Path], Iterator[Step]]] = {
    "kill": killed,
    "disk": full_disk,
    "server": lost_server,
    "clock": clock_jumps,
}


def _answered(said: str) -> bool:
    return said.startswith("answered") and not said.startswith("answered, 0")


def _quietly(add: Callable[[str, int], str], name: str, sentences: int) -> None:
    with suppress(httpx.HTTPError):  # the service is killed meanwhile
        add(name, sentences)


def _started(command: list[str], url: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    while process.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(url, timeout=5).is_success:
                return process
        time.sleep(0.1)
    raise SystemExit(f"{command[0]} ended with {process.returncode}.")


@contextmanager
def _small_corpus() -> Iterator[Path]:
    """A folder with a corpus of two documents, which every process started meanwhile reads, and an index of it."""
    with tempfile.TemporaryDirectory() as folder, _environment(MAGBOT_CORPUS_DIR=f"{folder}/corpus"):
        for name in _CORPUS:
            for language in ("da", "en"):
                target = Path(folder) / "corpus" / f"{name}.{language}.md"
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(shipped_corpus() / f"{name}.{language}.md", target)
        Magbot(load_settings(data_dir=Path(folder) / "data"))
        yield Path(folder)


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def main() -> int:
    """Run and print; 1 when something was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", choices=sorted(FAULTS), action="append", help="which to try; all by default")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    rows = []
    with _small_corpus() as folder:
        for name in arguments.fault or FAULTS:
            data = folder / name / "data"
            shutil.copytree(folder / "data", data, copy_function=shutil.copy2)
            for happened, seen, right in FAULTS[name](data):
                rows.append(
                    {"fault": name, "what happened": happened, "what a person saw": seen, "as it should": right}
                )
                if not arguments.json:
                    print(f"{'ok ' if right else 'BAD'} {name:<7} {happened:<52} {seen}", flush=True)
    if arguments.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    return 0 if all(row["as it should"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
