"""Which of gradio's routes are open: those that magbot's page calls.

gradio brings many more, which take uploads, hand out files, fetch addresses, record and monitor. The page needs none of
them, and whoever cannot be reached cannot be abused. A new version of gradio may bring others; they are closed as well.
"""

from __future__ import annotations

import re

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from magbot.interfaces.api_problem import MEDIA_TYPE, problem

_SEGMENT = r"[A-Za-z0-9._@-]+"
_OPEN = re.compile(
    r"(?:/en)?/(?:"
    # The page itself, its description, scripts and styles.
    r"|config|theme\.css|favicon\.ico|manifest\.json|robots\.txt"
    rf"|(?:assets|static|svelte)/(?!\.)(?:{_SEGMENT}/)*{_SEGMENT}"
    # Its calls: an event goes in, the result is streamed back.
    r"|gradio_api/(?:info|app_id|startup-events|theme\.css|queue/(?:join|data)|component_server|cancel|reset"
    rf"|heartbeat/{_SEGMENT})/?"
    r")|/en"
)
_PARENT = re.compile(r"(?:^|/)\.\.(?:/|$)")


class ClosedRoutes:
    """ASGI middleware in front of gradio that answers 404 to every path which the page does not call."""

    def __init__(self, app: ASGIApp, ours: tuple[str, ...]) -> None:
        self.app = app
        self._ours = ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if its path is one of magbot's own or an open one of gradio's."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and self._is_open(scope["path"])):
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await JSONResponse(problem(404, "There is nothing here."), 404, media_type=MEDIA_TYPE)(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        if _PARENT.search(path):
            return False
        return path.startswith(self._ours) or _OPEN.fullmatch(path) is not None
