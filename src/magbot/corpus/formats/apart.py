"""Reads files in a process apart, which is ended when one takes too long and may use only so much memory.

The libraries that read PDF, Word and web pages are large, and what a hostile file makes them do cannot be foreseen: a
loop without end, gigabytes, a crash. Here that costs the one file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import Any, BinaryIO, Self

from magbot.corpus.formats import read_bytes
from magbot.corpus.formats.reading import Reading
from magbot.corpus.markdown import PlainText
from magbot.errors import MagbotError
from magbot.refusals import refused
from magbot.schema import Heading

# Text that is short is read here: it takes milliseconds, whatever it holds.
_TEXT = frozenset({".md", ".txt"})
_SHORT_BYTES = 200_000


class ReaderApart:
    """Reads files one at a time; its process starts with the first that needs it and lasts until the end."""

    # A thousand pages of PDF take about a minute.
    seconds = 180.0
    memory = 1_500_000_000

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, data: bytes, name: str, suffix: str) -> Reading:
        """See `read_bytes`; also refuses what takes too long or too much memory."""
        if suffix in _TEXT and len(data) <= _SHORT_BYTES:
            return read_bytes(data, name, suffix)
        process = self._process = self._process or self._start()
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.seconds, give_up)
        timer.start()
        answer = _ask(process, data, name, suffix)
        timer.cancel()
        if answer is None:
            self._end()
            if late.is_set():
                raise refused("reads-too-long", name=name, seconds=round(self.seconds))
            raise refused("reads-too-much", name=name)
        if "code" in answer:
            raise refused(answer["code"], **answer["fields"])
        return _reading(answer)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", __name__, str(self.memory)]
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet)  # noqa: S603 - our own

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _ask(process: subprocess.Popen[bytes], data: bytes, name: str, suffix: str) -> Any:
    """What the process answers; None when it has ended instead."""
    assert process.stdin is not None
    assert process.stdout is not None
    head = json.dumps({"name": name, "suffix": suffix, "bytes": len(data)}).encode()
    try:
        process.stdin.write(head + b"\n" + data)
        process.stdin.flush()
        line = process.stdout.readline()
    except (BrokenPipeError, ConnectionResetError):
        return None
    return json.loads(line) if line.endswith(b"\n") else None


def _reading(answer: dict[str, Any]) -> Reading:
    headings = [Heading(start=start, end=end, level=level) for start, end, level in answer["headings"]]
    plain = PlainText.made(answer["text"], headings)
    remark = (answer["remark"][0], answer["remark"][1]) if answer["remark"] else None
    return Reading(plain, answer["values"], answer["hints"], tuple(answer["pages"]), remark)


def _answer(data: bytes, name: str, suffix: str) -> dict[str, Any]:
    try:
        reading = read_bytes(data, name, suffix)
    except MagbotError as error:
        return {"code": error.code, "fields": error.fields}
    return {
        "text": reading.plain.text,
        "headings": [(heading.start, heading.end, heading.level) for heading in reading.plain.headings],
        "values": dict(reading.values),
        "hints": dict(reading.hints),
        "pages": reading.pages,
        "remark": reading.remark,
    }


def _serve(asked: BinaryIO, answers: BinaryIO) -> None:
    while line := asked.readline():
        head = json.loads(line)
        answer = _answer(asked.read(head["bytes"]), head["name"], head["suffix"])
        answers.write(json.dumps(answer, default=str).encode() + b"\n")
        answers.flush()


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> None:
    """Answer what the standard input asks for, with as much memory as the first argument says."""
    _limit_memory(int(sys.argv[1]))
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what a library prints is no answer
        _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
