"""The first bytes of the page: gradio's own name, icon, language and preview give way to magbot's.

A link that is shared in a message is shown there by what stands in the head of the page, and a screen reader chooses its voice
by the language that the page is written in. gradio's template says “Gradio” and “en” in those places and offers no setting.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, quote

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from magbot.assistant import Magbot
from magbot.errors import MagbotError
from magbot.schema import Language
from magbot.web.wording import WORDS, Words

ICON = Path(__file__).with_name("icon.svg")
PAGES: dict[str, Language] = {"/": "da", "/en/": "en"}
_PREVIEW = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_MANIFEST = re.compile(rb'<link rel="manifest"[^>]*>')
_LANGUAGE = re.compile(rb'(<html\s+lang=)"[^"]*"')
_BODY = re.compile(rb"(<body[^>]*>)")


class PageHead:
    """ASGI middleware that writes language, preview and a word for browsers without scripts into both pages."""

    def __init__(self, app: ASGIApp, magbot: Magbot) -> None:
        self.app = app
        self._magbot = magbot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; change the two pages."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        language = PAGES.get(path) if scope["type"] == "http" else None
        if language is None:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def collected(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            content = bytes(body)
            headers = MutableHeaders(scope=start)
            if headers.get("content-type", "").startswith("text/html") and content:
                title = await run_in_threadpool(self._title, scope["query_string"].decode("latin-1"), language)
                content = written(content, WORDS[language], title)
                headers["content-length"] = str(len(content))
            await send(start)
            await send({"type": "http.response.body", "body": content})

        await self.app(scope, receive, collected)

    def _title(self, query: str, language: Language) -> str:
        """What the preview is headed with: the document that a link leads to, else the page."""
        asked = parse_qs(query)
        document = asked.get("document", [""])[0]
        try:
            wanted: Language = "en" if asked.get("language", [language])[0] == "en" else "da"
            return f"{self._magbot.document(document, wanted).metadata.title} – magbot" if document else "magbot"
        except MagbotError:
            return "magbot"


def written(page: bytes, words: Words, title: str) -> bytes:
    """The page of gradio with magbot's language, preview and notice."""
    preview = Markup(
        '<meta property="og:title" content="{title}"><meta property="og:description" content="{text}">'
        '<meta property="og:site_name" content="{w.name}"><meta name="description" content="{text}">'
        '<link rel="icon" href="data:image/svg+xml,{icon}">'
    ).format(
        title=title, text=f"{words.tagline} {words.machine}", w=words, icon=quote(ICON.read_text(encoding="utf-8"))
    )
    notice = Markup('<noscript><p style="padding:1rem">{}</p></noscript>').format(words.no_script)
    page = _MANIFEST.sub(b"", _PREVIEW.sub(b"", page))
    page = _LANGUAGE.sub(rb'\1"%b"' % words.language.encode(), page, count=1)
    page = page.replace(b"</head>", preview.encode() + b"</head>", 1)
    return _BODY.sub(lambda body: body[0] + notice.encode(), page, count=1)
