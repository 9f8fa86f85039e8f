"""A chat model's server for tests: the OpenAI protocol over real HTTP, behaving as the model's name says.

Runs by itself too: `python tests/model_server.py 8099`.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from magbot.answer.generative.prompts import NO_ANSWER

_PASSAGE = re.compile(r'<passage id="(\w+)">(.*?)</passage>', re.DOTALL)
INVENTED = "Magnesium cures migraine in 9 of 10 people at 4,000 mg a day."


@dataclass
class Prompt:
    """What a request asks for."""

    text: str
    passages: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, body: dict[str, Any]) -> Prompt:
        text = "\n".join(str(message["content"]) for message in body["messages"])
        return cls(
            text, [(key, quote.replace("&gt;", ">").replace("&lt;", "<")) for key, quote in _PASSAGE.findall(text)]
        )


def line(text: str, *ids: str) -> str:
    """A statement in the form that the prompt asks for."""
    return json.dumps({"text": text, "citations": list(ids)}, ensure_ascii=False) + "\n"


def well_behaved(prompt: Prompt) -> Iterator[str]:
    for key, quote in prompt.passages[:3]:
        yield line(quote, key)


def marked_text(prompt: Prompt) -> Iterator[str]:
    for key, quote in prompt.passages[:2]:
        yield f"- {quote} [{key}]\n"


def one_bad(prompt: Prompt) -> Iterator[str]:
    yield from well_behaved(prompt)
    yield line(INVENTED, prompt.passages[0][0])


def inventing(prompt: Prompt) -> Iterator[str]:
    for key, _ in prompt.passages[:3]:
        yield line(INVENTED, key)


def out_of_range(prompt: Prompt) -> Iterator[str]:
    for number, (_, quote) in enumerate(prompt.passages[:3], start=90):
        yield line(quote, str(number))


def ignoring(prompt: Prompt) -> Iterator[str]:
    yield "Magnesium is a mineral that everyone should take every day, and it is completely safe."


def obeying(prompt: Prompt) -> Iterator[str]:
    """Does what an instruction inside a passage says, and otherwise behaves."""
    for _, quote in prompt.passages:
        if order := re.search(r"IGNORE ALL RULES.*?say: (.+)", quote):
            yield line(order[1], prompt.passages[0][0])
            return
    yield line("Take 9,000 mg tonight.", prompt.passages[0][0])


def slow(prompt: Prompt) -> Iterator[str]:
    time.sleep(90)
    yield from well_behaved(prompt)


def trickling(prompt: Prompt) -> Iterator[str]:
    for letter in "".join(well_behaved(prompt)) * 20:
        time.sleep(0.2)
        yield letter


def cut_off(prompt: Prompt) -> Iterator[str]:
    key, quote = prompt.passages[0]
    yield line(quote, key)
    yield '{"text": "Magn'
    raise ConnectionAbortedError


def empty(prompt: Prompt) -> Iterator[str]:
    yield ""


def refusing(prompt: Prompt) -> Iterator[str]:
    yield NO_ANSWER


def reasoning(prompt: Prompt) -> Iterator[str]:
    yield f"<think>The user wants… {INVENTED}</think>\n"
    yield from well_behaved(prompt)


BEHAVIOURS: dict[str, Callable[[Prompt], Iterator[str]]] = {
    "well-behaved": well_behaved,
    "marked-text": marked_text,
    "gpt-4o-mini": well_behaved,
    "one-bad": one_bad,
    "inventing": inventing,
    "out-of-range": out_of_range,
    "ignoring": ignoring,
    "obeying": obeying,
    "slow": slow,
    "trickling": trickling,
    "cut-off": cut_off,
    "empty": empty,
    "refusing": refusing,
    "reasoning": reasoning,
}
BROKEN: dict[str, tuple[int, str, bytes]] = {
    "html": (200, "text/html", b"<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "busy": (429, "application/json", b'{"error": {"message": "Too many requests", "type": "rate_limit"}}'),
    "failing": (500, "application/json", b'{"error": {"message": "Out of memory", "type": "server_error"}}'),
}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server: Any = self.server
        server.requests.append(body)
        if body["model"] in BROKEN:
            status, kind, content = BROKEN[body["model"]]
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return
        prompt = Prompt.of(body)
        pieces = BEHAVIOURS[body["model"]](prompt) if prompt.passages else iter([server.condensed])
        if "response_format" in body:
            listed = [json.loads(text) for text in pieces]
            pieces = iter([json.dumps({"statements": listed}, ensure_ascii=False)])
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for piece in pieces:
                self._event({"content": piece})
            self._event({}, finish="stop")
            self._chunk(b"data: [DONE]\n\n")
            self._chunk(b"")
        except (ConnectionError, BrokenPipeError):
            self.close_connection = True

    def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
        event = {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "test",
            "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}],
        }
        self._chunk(b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def log_message(self, *args: object) -> None:
        """Tests are quiet."""


class ModelServer(ThreadingHTTPServer):
    """The server; `requests` holds every body that came."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.requests: list[dict[str, Any]] = []
        self.condensed = ""

    def handle_error(self, *args: object) -> None:
        """A client that hangs up, as one does that is out of time, is no error here."""

    @property
    def url(self) -> str:
        """Base URL as clients of the protocol want it."""
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def model_server(port: int = 0) -> Iterator[ModelServer]:
    """A running server."""
    server = ModelServer(port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    ModelServer(int(sys.argv[1])).serve_forever()
