"""All settings in one place: environment variables with the prefix `MAGBOT_`, checked when read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from magbot.errors import SettingsError

PREFIX = "MAGBOT_"


def shipped_corpus() -> Path:
    """Folder of the shipped corpus: in the installed package, else in the checkout."""
    package = Path(__file__).parent
    packaged = package / "shipped_corpus"
    return packaged if packaged.is_dir() else package.parent.parent / "corpus"


class Settings(BaseSettings):
    """What can be configured. Each field is read from `MAGBOT_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    corpus_dir: Path = Field(default_factory=shipped_corpus, description="Folder of the shipped corpus")
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("magbot"), description="Folder for the index and for added documents"
    )
    embedding_model: str = Field(
        default="bundled", description="`bundled`, or the name or folder of any sentence-transformers model"
    )
    chroma_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s]+/?$",
        description="Address of a Chroma server for the vectors, `http://host:port`; without it they are in `data_dir`",
    )
    host: str = Field(default="127.0.0.1", description="Address that the service listens on")
    port: int = Field(default=7860, ge=1, le=65535, description="Port of page and API")
    admin_token: SecretStr | None = Field(
        default=None, description="Bearer token for changing the corpus over HTTP; without it that is refused"
    )
    max_words: int = Field(default=120, ge=20, description="About how long an extractive answer may be, in words")
    model: str | None = Field(
        default=None,
        description="Chat model as provider:name, for example `ollama:qwen3:8b`; without it answers are quotes",
    )
    model_base_url: str | None = Field(
        default=None, description="Address of the chat model's server, if not its usual one"
    )
    model_api_key: SecretStr | None = Field(
        default=None, description="Key for the chat model, if it needs one and the provider's own variable is not set"
    )
    model_timeout: float = Field(
        default=30.0, gt=0, le=600, description="Seconds that the chat model has for an answer"
    )
    model_retries: int = Field(
        default=1, ge=0, le=10, description="How often a failed request to the model is repeated"
    )
    model_temperature: float = Field(default=0.0, ge=0, le=2, description="How freely the chat model chooses its words")
    model_max_tokens: int = Field(
        default=1000, ge=50, le=32000, description="How long the model's answer may be, in tokens"
    )
    model_passages: int = Field(default=12, ge=1, le=40, description="How many sentences the chat model is given")
    debug: bool = Field(default=False, description="Answers also hold the chat model's dropped statements")
    keep_history: bool = Field(default=False, description="Keep questions and answers in a file in `data_dir`")
    keep_feedback: bool = Field(default=False, description="Keep feedback on answers in a file in `data_dir`")
    keep_days: int = Field(default=30, ge=1, le=3650, description="Days after which history and feedback are deleted")
    report: Path | None = Field(
        default=None, description="HTML page of the last evaluation, shown in the page under Quality"
    )
    metrics: bool = Field(
        default=True, description="Counts and times for Prometheus at `/metrics`; never what was said"
    )
    rate_limit: str = Field(
        default="300/minute",
        pattern="^(off|[1-9][0-9]{0,6}/(second|minute|hour|day))$",
        description="How often one other machine may ask or change something, or `off`; this machine is not limited",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="`text` for people, or `json` for programs: one object a line"
    )
    log_level: str = Field(
        default="INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="Level of magbot's own log; libraries log warnings only, whatever it is",
    )

    @property
    def grace_s(self) -> int:
        """Seconds that answers under way have to finish when the service is stopped."""
        return 5 + (int(self.model_timeout) if self.model else 0)


def load_settings(**overrides: object) -> Settings:
    """Read the settings from the environment; `overrides` win. Raises SettingsError that names field and mend."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise SettingsError(
            f"Unknown setting {unknown[0]}.", help=f"Known settings: {', '.join(sorted(known))}. Correct or unset it."
        )
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"The setting {PREFIX}{field.upper()} cannot be used: {first['msg']}.") from error
