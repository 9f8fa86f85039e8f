"""Any chat model by name, through LangChain; its errors as magbot's."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from magbot.answer.generative.drafts import Draft, DraftReader, from_object
from magbot.answer.generative.prompts import SCHEMA
from magbot.answer.generative.timed import OutOfTimeError, within
from magbot.errors import ModelError
from magbot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Providers with an extra of their own; LangChain knows more, each with its package.
EXTRAS = {"openai": "langchain_openai", "ollama": "langchain_ollama", "anthropic": "langchain_anthropic"}
_FINISHED = ("finish_reason", "done_reason", "stop_reason")
Messages = Sequence[tuple[str, str]]


class ChatClient:
    """One configured chat model.

    Raises ModelError with what to install or set when it cannot be made.
    """

    def __init__(self, settings: Settings) -> None:
        self.name = settings.model or ""
        provider, _, model = self.name.partition(":")
        if not provider or not model:
            raise ModelError(
                f"MAGBOT_MODEL is “{self.name}”, which names no provider.",
                help='Write provider:model, for example "ollama:qwen3:8b" or "openai:gpt-4o-mini".',
            )
        self._model = _load(provider, model, settings)
        self._structured = bool((self._model.profile or {}).get("structured_output"))

    def stream_drafts(self, messages: Messages, ids: frozenset[str]) -> Iterator[Draft | str]:
        """Statements as they are written; at the end, when there was none, the text instead.

        Raises ModelError when the model breaks off.
        """
        if self._structured:
            yield from self._by_schema(messages)
            return
        reader = DraftReader(ids)
        any_draft = False
        for piece in self.stream_text(messages):
            for draft in reader.feed(piece):
                any_draft = True
                yield draft
        for draft in reader.close():
            any_draft = True
            yield draft
        if not any_draft:
            yield reader.text

    def stream_text(self, messages: Messages) -> Iterator[str]:
        """The model's words as they come. Raises ModelError when they break off in the middle."""
        finished = False
        for chunk in self._model.stream(list(messages)):
            finished = finished or any(chunk.response_metadata.get(key) for key in _FINISHED)
            if text := str(chunk.text):
                yield text
        if not finished:
            raise ModelError(f"The model {self.name} broke off in the middle of its answer.")

    def _by_schema(self, messages: Messages) -> Iterator[Draft | str]:
        """The same from a model that keeps to a schema: every statement but the last is whole."""
        given = 0
        statements: list[Any] = []
        for partial in self._model.with_structured_output(SCHEMA).stream(list(messages)):
            statements = partial.get("statements", []) if isinstance(partial, dict) else []
            for value in statements[given:-1]:
                yield from from_object(value)
            given = max(given, len(statements) - 1)
        for value in statements[given:]:
            yield from from_object(value)


def check_model(settings: Settings) -> float:
    """Seconds until the configured model says something.

    Raises ModelError, with what to do, when it cannot be made or does not answer in its time.
    """
    client = ChatClient(settings)
    begun = time.monotonic()
    asked = [("human", "Answer with one word: ready")]
    try:
        for _ in within(begun + settings.model_timeout, lambda: client.stream_text(asked)):
            return time.monotonic() - begun
    except OutOfTimeError:
        raise ModelError(
            f"The model {client.name} did not answer within {settings.model_timeout:g} seconds.",
            help="Raise MAGBOT_MODEL_TIMEOUT, or choose a smaller model.",
        ) from None
    except ModelError:
        raise
    except Exception as error:  # each provider has its own errors for a server that is down or refuses
        raise ModelError(
            f"The model {client.name} does not answer: {_first_line(error)}.",
            help="Check that its server runs, and MAGBOT_MODEL_BASE_URL and MAGBOT_MODEL_API_KEY.",
        ) from error
    raise ModelError(f"The model {client.name} answered with nothing.")


def _load(provider: str, model: str, settings: Settings) -> BaseChatModel:
    module = EXTRAS.get(provider)
    needed = [name for name in ("langchain", module) if name]
    if any(importlib.util.find_spec(name) is None for name in needed):
        extra = provider if module else "models"
        raise ModelError(
            f"The model {settings.model} needs packages that are not installed.",
            help=f"Install them with: pip install 'magbot[{extra}]'",
        )
    from langchain.chat_models import init_chat_model

    try:
        loaded: BaseChatModel = init_chat_model(model, model_provider=provider, **_options(provider, settings))
    except ImportError as error:
        raise ModelError(f"The model {settings.model} cannot be used: {error}.") from error
    except Exception as error:  # each provider has its own errors for a missing key or an unknown name
        raise ModelError(
            f"The model {settings.model} cannot be used: {_first_line(error)}.",
            help="Check MAGBOT_MODEL, and set MAGBOT_MODEL_API_KEY or the provider's own variable if it needs a key.",
        ) from error
    return loaded


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    """What every provider takes, under the provider's own names."""
    options: dict[str, Any] = {"temperature": settings.model_temperature}
    if settings.model_base_url:
        options["base_url"] = settings.model_base_url
    if provider == "ollama":
        return {
            **options,
            "num_predict": settings.model_max_tokens,
            "client_kwargs": {"timeout": settings.model_timeout},
        }
    if settings.model_api_key:
        options["api_key"] = settings.model_api_key.get_secret_value()
    elif settings.model_base_url and provider == "openai":
        # A server of one's own rarely asks for a key, and the library will not start without one.
        options["api_key"] = "none"
    return {
        **options,
        "timeout": settings.model_timeout,
        "max_retries": settings.model_retries,
        "max_tokens": settings.model_max_tokens,
    }


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")
