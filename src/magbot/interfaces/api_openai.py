"""The chat completions protocol of OpenAI, so that programs made for it can ask magbot.

Answers are whole before they are sent, also as a stream: what a person must know (notices) stands first, and it is
certain only then. Instructions in system messages are not followed; magbot's answers come from its sources alone.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from magbot.answer.markdown import answer_markdown
from magbot.assistant import Magbot
from magbot.errors import MagbotError
from magbot.interfaces.api_ask import MAX_HISTORY, MAX_MESSAGE_CHARS
from magbot.interfaces.api_problem import status_of
from magbot.schema import Answer, Message

MODEL = "magbot"
_Text = Annotated[str, Field(max_length=MAX_MESSAGE_CHARS)]


class Part(BaseModel):
    """A piece of a message; only text is read."""

    type: str
    text: _Text = ""


class ChatMessage(BaseModel):
    """One message. Other roles than `user` and `assistant` are taken and not read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: _Text | list[Part] | None = None

    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class ChatRequest(BaseModel):
    """Body of `POST /v1/chat/completions`. Settings of language models are taken and have no effect."""

    model: str = MODEL
    messages: list[ChatMessage] = Field(min_length=1, max_length=500, description="The last one is the question")
    stream: bool = False

    def split(self) -> tuple[str, list[Message]]:
        """The question, and the turns before it, oldest first."""
        *before, last = self.messages
        turns = [
            Message(role=message.role, content=message.text())
            for message in before
            if message.role == "user" or message.role == "assistant"
        ]
        return (last.text() if last.role == "user" else ""), turns[-MAX_HISTORY:]


def openai_router(magbot: Magbot) -> APIRouter:
    """`GET /v1/models` and `POST /v1/chat/completions`."""
    router = APIRouter(prefix="/v1", tags=["OpenAI protocol"])

    @router.get("/models")
    def models() -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}]}

    @router.get("/models/{name}", responses={404: {"description": "No such model"}})
    def model(name: str) -> Any:
        """The same by name."""
        if name != MODEL:
            return _error(404, f"There is no model “{name}”; the name is “{MODEL}”.", "model_not_found")
        return {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}

    @router.post("/chat/completions", responses={422: {"description": "A question that cannot be taken"}})
    def complete(request: ChatRequest) -> Any:
        """Answer the last message. The whole Answer object stands beside the choices as `magbot`."""
        question, history = request.split()
        try:
            answer = magbot.ask(question, history)
        except MagbotError as error:
            return _error(status_of(error), str(error), "invalid_question")
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        if request.stream:
            return StreamingResponse(_stream(head, answer), media_type="text/event-stream")
        message = {"role": "assistant", "content": answer_markdown(answer), "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return head | {"object": "chat.completion", "choices": [choice], "magbot": answer.model_dump(mode="json")}

    return router


def _error(status: int, message: str, code: str) -> JSONResponse:
    body = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return JSONResponse({"error": body}, status_code=status)


def _stream(head: dict[str, Any], answer: Answer) -> Iterator[str]:
    """Chunks of a paragraph each; the last carries the whole answer."""
    paragraphs = answer_markdown(answer).split("\n\n")
    deltas: list[dict[str, str]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": text if number == 0 else f"\n\n{text}"} for number, text in enumerate(paragraphs)]
    for delta in deltas:
        yield _chunk(head, delta, None)
    yield _chunk(head, {}, "stop", magbot=answer.model_dump(mode="json"))
    yield "data: [DONE]\n\n"


def _chunk(head: dict[str, Any], delta: dict[str, str], finish: str | None, **more: object) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    body = head | {"object": "chat.completion.chunk", "choices": [choice]} | more
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
