"""Processes to be killed: each is forked from one that has imported everything, so that a hundred cost seconds.

The writer adds, replaces and removes documents, folds the log of the vectors and makes the index anew, at random and
without end, and the processes that fold for it do so at the same time. What it was about to do and what it has done
stands in a journal, so that a survivor can tell which documents must be there.
"""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Self

from index.fake import HashingEncoder, disagreements, document

from magbot.index import index as module
from magbot.index.fold import fold
from magbot.index.index import Index
from magbot.schema import Document

NAMES = [f"document-{number}" for number in range(8)]
STAYS = "The permanent document is found by every search."
# A text of many sentences goes the way of much at once, one of few the way of the log.
LIMIT = 40


def text_of(name: str, version: int) -> str:
    """Text of a version of a document; all of its sentences name both, so that none can be mistaken for another."""
    count = 70 if version % 4 == 0 else 5 + version % 7
    return " ".join(f"Sentence {number} of {name} in version {version} is about magnesium." for number in range(count))


def made(name: str, version: int) -> Document:
    """A version of a document."""
    return document(name, text_of(name, version), "da" if name.endswith(("1", "3")) else "en")


def write_forever(data: Path, result: Path, journal: Path, seed: int) -> None:
    """Say what is in the index that the one before has left, then change it until killed."""
    module.LOG_LIMIT = LIMIT
    chance = random.Random(seed)
    index = inspect(data, result)
    with journal.open("a", encoding="utf-8") as file:

        def note(*what: object) -> None:
            file.write(json.dumps(what) + "\n")
            file.flush()

        while True:
            name, kind = chance.choice(NAMES), chance.random()
            version = chance.randrange(1_000_000)
            key = made(name, version).key
            if kind < 0.5:
                note("begin", "put", key, version)
                index.put(made(name, version), origin="added")
                note("done", "put", key, version)
            elif kind < 0.7:
                note("begin", "remove", key)
                index.remove([key])
                note("done", "remove", key)
            elif kind < 0.85:
                note("begin", "fold")
                if fold(index.folder, index.folders.lock):
                    note("done", "fold")
            else:
                note("begin", "rebuild")
                there = [index.catalog.document(key) for key in sorted(index.catalog.fingerprints())]
                with index.rebuilding() as fresh:
                    fresh.sync([each for each in there if each is not None], origin="added")
                note("done", "rebuild")


def ask_forever(data: Path, log: Path) -> None:
    """Search all the time, as a second process does, and log how often the one document that always stays was found."""
    encoder = HashingEncoder()
    index = Index(data, encoder)
    vector = encoder.encode_queries([STAYS])[0]
    asked = failed = 0
    while True:
        asked += 1
        wrong = ""
        try:
            index.refresh()
            near = [hit.entry_id for hit in index.vectors.query("en", vector, 10)]
            meant = list(index.catalog.owners(near).values())
            named = [hit for hit, _ in index.lexical.search(["perman"], "en", 10)]
            rows = index.catalog.sentences([*meant, *named])
            for way, found in (("vectors", meant), ("words", named)):
                if not any(row in rows and rows[row].sentence.text == STAYS for row in found):
                    wrong = f"not found by {way}"
        except Exception as error:  # noqa: BLE001 - what a person would have seen, whatever it is
            wrong = repr(error)
        failed += bool(wrong)
        if wrong or asked % 20 == 0:
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"asked": asked, "failed": failed, "wrong": wrong}) + "\n")
        time.sleep(0.02)


def put_what_stays(data: Path) -> None:
    """Make the index, with a document in it that is never removed."""
    index = Index(data, HashingEncoder())
    index.put(document("permanent", STAYS), origin="added")


def inspect(data: Path, result: Path) -> Index:
    """Open the index as the next process would, and write down what is in it."""
    index = Index(data, HashingEncoder())
    documents = {key: index.catalog.document(key) for key in index.catalog.fingerprints()}
    report = {
        "disagreements": disagreements(index),
        "texts": {key: each.text for key, each in documents.items() if each is not None},
        "sentences": {key: len(index.catalog.document_sentences(key)) for key in documents},
    }
    new = result.with_suffix(".new")
    new.write_text(json.dumps(report), "utf-8")
    new.replace(result)
    return index


JOBS = {job.__name__: job for job in (write_forever, ask_forever, put_what_stays, inspect)}


class Nursery:
    """A process that has imported everything and opened nothing; it forks the others, and tells how they ended."""

    def __enter__(self) -> Self:
        self._running: set[int] = set()
        self._groups: set[int] = set()
        folders = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "e2e.killing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": folders},
        )
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self._running.copy():
            self.kill(pid)
        for group in self._groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)  # what a killed writer has left running
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def start(self, job: object, *arguments: object) -> int:
        """Fork a process for a job; its process id."""
        pid = self._ask(["start", job.__name__, *map(str, arguments)])  # type: ignore[attr-defined]
        self._running.add(pid)
        self._groups.add(pid)
        return pid

    def kill(self, pid: int, *, all_of_it: bool = True) -> bool:
        """`kill -9`, with the processes that it has started or without; False if it had ended by itself."""
        self._running.discard(pid)
        if all_of_it:
            os.killpg(pid, signal.SIGKILL)
        return self._ask(["kill", pid]) == -signal.SIGKILL

    def wait(self, pid: int) -> int:
        """Exit code of a process that ends by itself."""
        self._running.discard(pid)
        return self._ask(["wait", pid])

    def _ask(self, order: list[object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _run(name: str, arguments: list[str]) -> None:
    try:
        JOBS[name](*(int(each) if each.isdigit() else Path(each) for each in arguments))
    except BaseException:  # noqa: BLE001 - the fork must never run on as its parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _serve() -> None:
    for line in sys.stdin:
        what, first, *rest = json.loads(line)
        if what == "start":
            answer = os.fork()
            if answer == 0:
                os.setpgid(0, 0)
                _run(first, rest)
            os.setpgid(answer, answer)  # whoever comes first
        else:
            if what == "kill":
                os.kill(first, signal.SIGKILL)
            answer = os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(process)d %(message)s")
    _serve()
