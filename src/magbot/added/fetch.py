"""Fetches web pages and PDFs from the public internet, and from nowhere else.

A link that a person pastes must not make magbot read what only its own machine or network can reach, so each address
is checked at the moment of connecting, for every redirect again: the checked address is the one that is connected to,
and a name that changes its mind in between (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import codecs
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urljoin, urlsplit

import httpcore

from magbot import __version__
from magbot.added.sources import MAX_FILE_BYTES
from magbot.refusals import refused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

TOTAL_SECONDS = 30.0
_STEP_SECONDS = 10.0
_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
# Signs that stay as they are in a link, the percent sign of what is escaped already among them.
_SAFE = "/%:@!$&'()*+,;=-._~?"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Fetched:
    """What stands at a link."""

    data: bytes
    suffix: str
    stem: str
    """Last part of the path, for an id; empty when there is none."""


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, also when it is written inside another one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None and not is_public(inner):
            return False
    return address.is_global and not address.is_multicast


class Fetcher:
    """Fetches one link at a time. `may_connect` is for tests, which serve from this machine."""

    def __init__(
        self, may_connect: Callable[[Address], bool] = is_public, total_seconds: float = TOTAL_SECONDS
    ) -> None:
        self._may_connect = may_connect
        self._total_seconds = total_seconds

    def fetch(self, link: str) -> Fetched:
        """The page or PDF at a link. Raises DocumentError that names the link and the mend."""
        deadline = time.monotonic() + self._total_seconds
        address = link
        for _ in range(_MAX_REDIRECTS + 1):
            _check_link(address, link)
            try:
                found = self._get(address, link, deadline)
            except (httpcore.TimeoutException, TimeoutError) as error:
                raise refused("link-too-slow", name=link, seconds=round(self._total_seconds)) from error
            except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
                raise refused("link-unreachable", name=link, reason=str(error)) from error
            if isinstance(found, Fetched):
                return found
            address = urljoin(address, found)
        raise refused("link-in-circles", name=link)

    def _get(self, address: str, link: str, deadline: float) -> Fetched | str:
        """What stands at an address, or where it sends us on to."""
        backend = _CheckedBackend(self._may_connect, link, deadline)
        headers: dict[bytes | str, bytes | str] = {
            "User-Agent": f"magbot/{__version__}",
            "Accept": ", ".join(_SUFFIXES),
            "Accept-Encoding": "identity",
        }
        steps = dict.fromkeys(("connect", "read", "write", "pool"), min(_STEP_SECONDS, self._total_seconds))
        with (
            httpcore.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=backend) as pool,
            pool.stream("GET", _ascii(address), headers=headers, extensions={"timeout": steps}) as response,
        ):
            said = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in _REDIRECTS and "location" in said:
                return said["location"]
            if response.status != 200:
                raise refused("link-status", name=link, status=response.status)
            return _read(response.iter_stream(), said, address, link, deadline)


class _CheckedBackend(httpcore.SyncBackend):
    """Resolves a name, checks every address, and connects to one of those that it has checked."""

    def __init__(self, may_connect: Callable[[Address], bool], link: str, deadline: float) -> None:
        self._may_connect = may_connect
        self._link = link
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a checked address of the host."""
        found = [str(item[4][0]).partition("%")[0] for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for address in found:
            if not self._may_connect(ipaddress.ip_address(address)):
                raise refused("link-private", name=self._link, address=address)
        left = max(0.1, self._deadline - time.monotonic())
        return super().connect_tcp(found[0], port, min(timeout or left, left), local_address, socket_options)


def _check_link(address: str, link: str) -> None:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username or parts.password:
        raise refused("link-unusable", name=link)


def _ascii(address: str) -> str:
    """A link as it goes over the wire: names of hosts in their ASCII form, other letters escaped."""
    parts = urlsplit(address)
    host = (
        (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else f"[{parts.hostname}]"
    )
    place = f"{host}:{parts.port}" if parts.port else host
    return parts._replace(
        netloc=place, path=quote(parts.path or "/", safe=_SAFE), query=quote(parts.query, safe=_SAFE), fragment=""
    ).geturl()


def _read(chunks: Iterable[bytes], said: dict[str, str], address: str, link: str, deadline: float) -> Fetched:
    kind, _, parameters = said.get("content-type", "").partition(";")
    suffix = _SUFFIXES.get(kind.strip().lower())
    if suffix is None:
        raise refused("link-type" if kind.strip() else "link-no-type", name=link, kind=kind.strip())
    if said.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise refused("link-packed", name=link)
    announced = said.get("content-length", "0")
    body = bytearray()
    too_large = announced.isdigit() and int(announced) > MAX_FILE_BYTES
    for chunk in () if too_large else chunks:
        body += chunk
        too_large = len(body) > MAX_FILE_BYTES
        if too_large:
            break
        if time.monotonic() > deadline:
            raise TimeoutError
    if too_large:
        raise refused("link-too-large", name=link, limit=MAX_FILE_BYTES // 1_000_000)
    stem = PurePosixPath(unquote(urlsplit(address).path)).stem
    return Fetched(_as_utf8(bytes(body), suffix, parameters), suffix, stem)


def _as_utf8(data: bytes, suffix: str, parameters: str) -> bytes:
    """Text whose encoding the server states, marked as UTF-8, since a file has no place for the statement."""
    charset = Message()
    charset["content-type"] = f"text/html;{parameters}"
    stated = charset.get_content_charset()
    if suffix == ".pdf" or not stated:
        return data
    try:
        return codecs.BOM_UTF8 + data.decode(stated).removeprefix("\ufeff").encode()
    except (LookupError, UnicodeDecodeError):
        return data
