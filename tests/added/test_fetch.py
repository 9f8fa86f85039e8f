from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import document_files as files
import pytest

from magbot.added import fetch as fetching
from magbot.added.fetch import Fetcher, is_public
from magbot.added.report import Status
from magbot.assistant import Magbot
from magbot.errors import DocumentError

PAGE = files.PAGE.replace('charset="utf-8"', 'charset="ascii"')


class Handler(BaseHTTPRequestHandler):
    """A small web site with everything that can go wrong."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        send = getattr(self, f"get_{path.strip('/').replace('.', '_').replace('-', '_') or 'root'}", None)
        if send is None:
            self.answer(b"nothing here", status=404)
        else:
            send(query)

    def answer(self, body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def get_magnesium_i_mad(self, _: str) -> None:
        self.answer(PAGE.encode())

    def get_danish(self, _: str) -> None:
        self.answer(PAGE.encode("cp1252"), "text/html; charset=windows-1252")

    def get_report_pdf(self, _: str) -> None:
        self.answer(files.pdf([["# Kelp", "Kelp from the Baltic holds 121 mg magnesium."]]), "application/pdf")

    def get_picture(self, _: str) -> None:
        self.answer(b"\x89PNG", "image/png")

    def get_to(self, query: str) -> None:
        self.answer(b"", status=302, Location=query)

    def get_loop(self, _: str) -> None:
        self.answer(b"", status=302, Location="/loop")

    def get_says_large(self, _: str) -> None:
        self.answer(b"x", Content_Length="999999999")

    def get_is_large(self, _: str) -> None:
        self.answer(b"x" * 3000)

    def get_packed(self, _: str) -> None:
        self.answer(b"\x1f\x8b", Content_Encoding="gzip")

    def get_slow(self, _: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        for _step in range(50):
            self.wfile.write(b"drip ")
            time.sleep(0.1)

    def get_cut(self, _: str) -> None:
        self.answer(b"half a page", Content_Length="5000")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that goes away in the middle is what these tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher() -> Fetcher:
    """One that may reach this machine at one address."""
    return Fetcher(may_connect=lambda address: str(address) == "127.0.0.1", total_seconds=2)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "130.225.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_fetched_under_any_name(site: str, host: str) -> None:
    with pytest.raises(DocumentError, match="private address") as caught:
        Fetcher().fetch(site.replace("127.0.0.1", host) + "/magnesium-i-mad")
    assert "download" in caught.value.help


def test_a_redirect_to_a_private_address_is_refused(site: str, fetcher: Fetcher) -> None:
    assert fetcher.fetch(f"{site}/to?/magnesium-i-mad").stem == "magnesium-i-mad"
    for target in (site.replace("127.0.0.1", "127.0.0.2"), "http://169.254.169.254/latest", "http://10.1.2.3/"):
        with pytest.raises(DocumentError, match="private address"):
            fetcher.fetch(f"{site}/to?{target}")
    for target in ("file:///etc/passwd", "ftp://example.org/x", "http://user:pass@127.0.0.1/"):
        with pytest.raises(DocumentError, match="only http and https"):
            fetcher.fetch(f"{site}/to?{target}")


def test_a_name_that_changes_its_mind_gains_nothing(
    site: str, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *args: object, **more: object) -> object:
        if host != "rebind.example":
            return real(host, port, *args, **more)  # type: ignore[arg-type]
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", rebinding)
    link = site.replace("127.0.0.1", "rebind.example") + "/magnesium-i-mad"
    assert b"magnesium" in fetcher.fetch(link).data.lower()
    assert asked == ["rebind.example"], "the address that was checked is the one that is connected to"
    with pytest.raises(DocumentError, match=r"private address 10\.0\.0\.1"):
        fetcher.fetch(link)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nothing", "answers 404"),
        ("picture", "image/png"),
        ("loop", "leads on"),
        ("says-large", "too large"),
        ("packed", "insists on packing"),
        ("slow", "longer than 2 seconds"),
        ("cut", "cannot be reached"),
    ],
)
def test_what_cannot_be_used_says_why(site: str, fetcher: Fetcher, path: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        fetcher.fetch(f"{site}/{path}")
    assert f"{site}/{path}" in caught.value.message
    assert caught.value.help


def test_size_is_counted_and_not_only_believed(site: str, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_FILE_BYTES", 2000)
    with pytest.raises(DocumentError, match="too large"):
        fetcher.fetch(f"{site}/is-large")


def test_nobody_there(fetcher: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DocumentError, match="cannot be reached"):
        fetcher.fetch(f"http://127.0.0.1:{port}/")


def test_pages_and_pdfs_are_added_under_their_link(site: str, own: Magbot, fetcher: Fetcher) -> None:
    own._library.fetcher = fetcher
    report = own.add([f"{site}/magnesium-i-mad#part", f"{site}/report.pdf", f"{site}/nothing"])
    page, pdf, missing = report.items
    assert (page.status, page.document_id, page.language) == (Status.ADDED, "added-magnesium-i-mad", "da")
    assert page.metadata is not None
    assert page.metadata.url == f"{site}/magnesium-i-mad"
    assert (pdf.document_id, missing.status) == ("added-report", Status.REFUSED)
    assert own.document("added-report", "en").page_of(0) == 1
    again = own.add([f"{site}/magnesium-i-mad"])
    assert again.items[0].status is Status.UNCHANGED
    assert [item.status for item in own.update().items] == [Status.UNCHANGED] * 2


def test_the_servers_charset_counts(site: str, own: Magbot, fetcher: Fetcher) -> None:
    own._library.fetcher = fetcher
    own.add([f"{site}/danish"])
    assert "frø og fuldkorn" in own.document("added-danish", "da").text
    assert own.update().items[0].status is Status.UNCHANGED


def test_private_links_are_refused_by_default(site: str, own: Magbot) -> None:
    report = own.add([f"{site}/magnesium-i-mad"])
    assert report.failed
    assert "private address" in report.items[0].message
