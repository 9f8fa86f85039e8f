"""Errors that a person may see: each says what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping


class MagbotError(Exception):
    """Root of all errors that magbot raises on purpose.

    Interfaces show `message` and `help`, never a traceback. With a `code` and its `fields`, `magbot.refusals` can say the
    same in Danish.
    """

    def __init__(
        self,
        message: str,
        *,
        help: str = "",  # noqa: A002 - the field's usual name
        code: str = "",
        fields: Mapping[str, str | int] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return f"{self.message} {self.help}".strip()


class SettingsError(MagbotError):
    """A setting is missing, unknown or has a value that cannot be used."""


class DocumentError(MagbotError):
    """A document cannot be read, or breaks a rule of the corpus."""


class StoreError(MagbotError):
    """The index is missing, damaged, locked, or was made by something else."""


class RecordsError(MagbotError):
    """The file with history and feedback cannot be used."""


class RecordsOffError(RecordsError):
    """Something was to be kept that is not kept here."""


class DamageError(StoreError):
    """The index is there but torn; it can be made anew from the documents."""


class QuestionError(MagbotError):
    """A question cannot be taken, because it is empty or too long."""


class EncoderError(MagbotError):
    """An embedding model cannot be loaded or does not match the index."""


class ModelError(MagbotError):
    """A chat model cannot be reached or does not answer."""
