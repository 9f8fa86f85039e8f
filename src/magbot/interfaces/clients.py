"""How often one client may ask: requests that compute or change something are counted for each address."""

from __future__ import annotations

import ipaddress
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from magbot.interfaces.api_problem import MEDIA_TYPE, problem

OFF = "off"
# Reading is cheap and a page reads much at once.
_FREE = frozenset({"GET", "HEAD", "OPTIONS"})
# A proxy on this machine makes everyone look local; these say that there is one.
_FORWARDED = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"})
# One household or server usually has a whole IPv6 network of this size.
_IPV6_NETWORK = 64


class RateLimit:
    """ASGI middleware that answers 429 once a client has asked too often. This machine itself is not limited."""

    def __init__(self, app: ASGIApp, rate: str) -> None:
        self.app = app
        self._rate = parse(rate)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request and pass it on, or refuse it."""
        client = _client(scope) if scope["type"] == "http" and scope["method"] not in _FREE else None
        if client is None or self._limiter.hit(self._rate, client):
            await self.app(scope, receive, send)
            return
        wait = max(1, int(self._limiter.get_window_stats(self._rate, client).reset_time - time.time()) + 1)
        body = problem(429, f"More than {self._rate} from this address.", help=f"Ask again in {wait} s.")
        refused = JSONResponse(body, 429, {"Retry-After": str(wait)}, MEDIA_TYPE)
        await refused(scope, receive, send)


def is_forwarded(scope: Scope) -> bool:
    """Whether a request came through a proxy."""
    return any(name in _FORWARDED for name, _ in scope["headers"])


def _client(scope: Scope) -> str | None:
    """Whom a request is counted for; None for this machine itself."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_loopback:
        return host if is_forwarded(scope) else None
    if address.version == 6:
        return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))
    return host
