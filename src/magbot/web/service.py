"""API and page together, on one port."""

from __future__ import annotations

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from magbot.assistant import Magbot
from magbot.interfaces.api import create_app
from magbot.interfaces.api_problem import BodyLimit
from magbot.interfaces.clients import OFF, RateLimit
from magbot.interfaces.mcp import add_mcp
from magbot.interfaces.metrics import CONTENT_TYPE, Metrics
from magbot.interfaces.observe import ObserveRequests, observed
from magbot.settings import Settings
from magbot.web.closed import ClosedRoutes
from magbot.web.head import PageHead
from magbot.web.maintain import maintain_routes
from magbot.web.page import HERE, build_page
from magbot.web.quality import report_file
from magbot.web.theme import THEME

# The browser itself refuses anything from another host. gradio needs inline scripts and Function().
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_OURS = ("/api/", "/v1/", "/mcp", "/page/", "/document/", "/docs", "/openapi.json", "/report", "/metrics")
# The page sends the whole conversation with its sources when it is reloaded or exported.
_MAX_PAGE_BYTES = 10_000_000


def create_service(magbot: Magbot, settings: Settings) -> FastAPI:
    """The whole service: API at /api, the Danish page at /, the English one at /en/."""
    metrics = Metrics(magbot.health)
    magbot = observed(magbot, metrics)
    app = create_app(magbot, settings)

    app.include_router(maintain_routes(magbot, settings))

    @app.get("/en", include_in_schema=False)
    def english() -> RedirectResponse:
        return RedirectResponse("en/")

    @app.get("/report", include_in_schema=False)
    def report() -> HTMLResponse:
        found = report_file(settings)
        return HTMLResponse(found.read_text(encoding="utf-8") if found else "", 200 if found else 404)

    if settings.metrics:

        @app.get("/metrics", include_in_schema=False)
        def figures() -> Response:
            return Response(metrics.text(), media_type=CONTENT_TYPE)

    add_mcp(app, magbot, settings.host)
    # The page at / takes every path that is left, so it is mounted last.
    app = _mounted(app, build_page(magbot, settings, "en"), "/en", "en")
    app = _mounted(app, build_page(magbot, settings, "da"), "/", "da")
    # The last one added is the first to see a request.
    app.add_middleware(BodyLimit, limit=_MAX_PAGE_BYTES, prefix=("/gradio_api/", "/en/gradio_api/"))
    app.add_middleware(PageHead, magbot=magbot)
    app.add_middleware(ClosedRoutes, ours=_OURS)
    if settings.rate_limit != OFF:
        app.add_middleware(RateLimit, rate=settings.rate_limit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(ObserveRequests, metrics=metrics)
    return app


def close_pages(service: FastAPI) -> None:
    """End the connections that open pages keep, so that they do not hold up the end of the service."""
    for route in service.routes:
        page = getattr(route, "app", None)
        if isinstance(page, gr.routes.App):
            page.stop_event.set()


def _files(folder: str, pattern: str) -> str:
    """The page's own scripts or styles, in the order of their names."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((HERE / folder).glob(pattern)))


def _mounted(app: FastAPI, page: gr.Blocks, path: str, language: str) -> FastAPI:
    script, style = _files("script", "*.js"), _files("style", "*.css")
    # In the head and not as gradio's `css`, which would come twice, once with every selector rewritten.
    head = (
        f"<style>{style}</style><meta name='color-scheme' content='light dark'>"
        f"<script>window.magbotLanguage='{language}';\n{script}</script>"
    )
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path=path,
        theme=THEME,
        head=head,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        show_error=True,
        max_file_size="1mb",
    )
    return mounted


class SecurityHeaders:
    """ASGI middleware that adds the headers above to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add headers when the response starts."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)
