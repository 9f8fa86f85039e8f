"""Who may change the corpus from the page: whoever has the admin token, or sits at the machine when none is set."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from magbot.interfaces.clients import is_forwarded
from magbot.settings import Settings

COOKIE = "magbot_maintainer"
SESSION_S = 12 * 3600
# Wrong tokens that are borne from one address, and from all together, before the next has to wait.
TRIES, TRIES_OF_ALL, WINDOW_S = 5, 50, 300.0
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Gate:
    """Logins, their sessions, and how often a wrong token was tried."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = settings.admin_token.get_secret_value() if settings.admin_token else ""
        self._clock = clock
        self._sessions: dict[str, float] = {}
        self._wrong: deque[tuple[float, str]] = deque(maxlen=TRIES_OF_ALL)

    @property
    def takes_token(self) -> bool:
        """Whether there is a token to log in with."""
        return bool(self._token)

    def may(self, request: Request) -> bool:
        """Whether this request may see and change what was added."""
        if self._token:
            return self._sessions.get(request.cookies.get(COOKIE, ""), 0.0) > self._clock()
        return _is_local(request)

    def check(self, request: Request) -> None:
        """Raise 403 unless this request may change the corpus and comes from the page itself."""
        # Another site that is open in the same browser can send requests here, but not with this origin.
        if urlsplit(request.headers.get("origin", "")).netloc != request.headers.get("host"):
            raise HTTPException(403, "Only the page itself may change the corpus this way.")
        if not self.may(request):
            raise HTTPException(403, "Log in first.")

    def log_in(self, request: Request, token: str) -> str:
        """A new session for the right token. Raises 401 for a wrong one, and 429 after too many of them."""
        now = self._clock()
        address = request.client.host if request.client else ""
        recent = [tried for when, tried in self._wrong if now - when < WINDOW_S]
        if recent.count(address) >= TRIES or len(recent) >= TRIES_OF_ALL:
            raise HTTPException(429, "Too many wrong tokens. Wait.", {"Retry-After": str(int(WINDOW_S))})
        if not self._token or not hmac.compare_digest(token.encode(), self._token.encode()):
            self._wrong.append((now, address))
            raise HTTPException(401, "The token is wrong.")
        self._sessions = {session: end for session, end in self._sessions.items() if end > now}
        session = secrets.token_urlsafe(32)
        self._sessions[session] = now + SESSION_S
        return session

    def log_out(self, request: Request) -> None:
        """End the session of a request."""
        self._sessions.pop(request.cookies.get(COOKIE, ""), None)


def _is_local(request: Request) -> bool:
    """Whether the request comes from this machine, by name too: a foreign name may be made to lead here."""
    try:
        near = ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
    name = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return near and name in _LOCAL_NAMES and not is_forwarded(request.scope)
