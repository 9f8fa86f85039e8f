"""Changing the corpus over HTTP: add, review and remove documents, for whoever holds the admin token.

The token comes in the `Authorization` header and nowhere else: no cookie is looked at, so another site that is open in
the same browser can do nothing with it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Header, Path, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import Field, StringConstraints, ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from magbot.added.report import AddReport, Details, Status, Upload
from magbot.added.sources import MAX_FILE_BYTES
from magbot.assistant import Magbot
from magbot.interfaces.api_problem import asked_language, problem, problem_response
from magbot.schema import Kind, Language, Metadata, Value
from magbot.settings import Settings

PATH = "/api/documents"
# One file of the largest size that is taken, or several smaller ones, and the form around them.
MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 1_000_000
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PROBLEM = {"description": "Problem details (RFC 9457)", "content": {"application/problem+json": {}}}
_PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys((401, 403, 404, 413, 422), _PROBLEM)
_SECURITY: dict[str, Any] = {"security": [{"admin token": []}]}

DocumentId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=200)]
# A path on the server is not for a client to name.
Link = Annotated[str, StringConstraints(pattern=r"^(?i:https?)://", max_length=2000)]


class ReviewRequest(Value):
    """Body of `POST /api/documents/{id}/review`."""

    reviewed: bool = Field(default=True, description="False takes the review back")


class AdminOnly:
    """ASGI middleware that lets a request change documents only with the admin token, before its body is read."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._token = settings.admin_token.get_secret_value().encode() if settings.admin_token else b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what changes nothing, and what may change something."""
        guarded = scope["type"] == "http" and scope["method"] in _CHANGING and _is_below(scope["path"])
        if guarded and not self._token:
            detail = "Changing the corpus over HTTP is switched off."
            mend = "Set MAGBOT_ADMIN_TOKEN where the service runs and send it as a bearer token."
            await problem_response(problem(403, detail, help=mend))(scope, receive, send)
        elif guarded and not self._knows(dict(scope["headers"]).get(b"authorization", b"")):
            refusal = problem(
                401, "Changing the corpus needs the admin token.", help="Send Authorization: Bearer TOKEN."
            )
            await problem_response(refusal, {"WWW-Authenticate": "Bearer"})(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _knows(self, header: bytes) -> bool:
        scheme, _, token = header.partition(b" ")
        # In constant time, so that the token cannot be guessed letter by letter.
        return scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), self._token)


def _is_below(path: str) -> bool:
    return path == PATH or path.startswith(f"{PATH}/")


def _details(values: Mapping[str, object]) -> Details:
    try:
        return Details.model_validate({name: value for name, value in values.items() if value})
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error


def documents(magbot: Magbot) -> APIRouter:
    """The endpoints that change documents."""
    router = APIRouter(prefix=PATH, tags=["corpus"], responses=_PROBLEMS)

    @router.post("", openapi_extra=_SECURITY, response_model=AddReport)
    def add(
        response: Response,
        files: Annotated[list[UploadFile] | None, File(description="Files to add")] = None,
        url: Annotated[list[Link] | None, Form(description="Links of pages or PDFs to add")] = None,
        title: Annotated[str | None, Form()] = None,
        authors: Annotated[list[str] | None, Form()] = None,
        year: Annotated[int | None, Form()] = None,
        kind: Annotated[Kind | None, Form()] = None,
        language: Annotated[Language | None, Form()] = None,
        dry_run: Annotated[bool, Form(description="Report what would happen and change nothing")] = False,
        accept_language: Annotated[str | None, Header(description="`da` has refusals told in Danish")] = None,
    ) -> AddReport | Response:
        """Add documents from files and links.

        The report says what became of each: 201 when something was added or updated, 200 when there was nothing to do,
        422 with the report in it when all were refused, or 503 when they cannot be stored now. Title and the other
        details hold for all of them.
        """
        uploads = [Upload(item.filename or "", item.file.read()) for item in files or ()]
        if not url and not uploads:
            raise RequestValidationError([{"loc": ("body", "files"), "msg": "send at least one file or url"}])
        details = _details({"title": title, "authors": authors, "year": year, "kind": kind, "language": language})
        report = magbot.add([*uploads, *(url or ())], details, dry_run=dry_run)
        report = report.in_language(asked_language(accept_language))
        if all(item.status is Status.REFUSED for item in report.items):
            first = report.items[0]
            status = 503 if first.try_again else 422
            said = problem(status, first.message, help=first.help, report=report.model_dump(mode="json"))
            return problem_response(said)
        changed = any(item.status in {Status.ADDED, Status.UPDATED} for item in report.items)
        response.status_code = 201 if changed and not dry_run else 200
        return report

    @router.post("/{document_id}/review", openapi_extra=_SECURITY)
    def review(document_id: DocumentId, request: ReviewRequest) -> list[Metadata]:
        """Mark an added document as reviewed by a person, in all its languages, or take that back."""
        return magbot.review(document_id, request.reviewed)

    @router.delete("/{document_id}", openapi_extra=_SECURITY)
    def remove(document_id: DocumentId) -> list[Metadata]:
        """Remove an added document in all its languages: files, vectors and words."""
        return magbot.remove(document_id)

    return router
