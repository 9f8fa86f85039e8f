"""`magbot settings`: every setting with its meaning and default, as the page docs/settings.md."""

from __future__ import annotations

import typer
from pydantic.fields import FieldInfo

from magbot.settings import PREFIX, Settings

_HEAD = """# Settings

Settings are environment variables, read and checked at start; an unknown one, or a value that cannot be used, stops the
start with a sentence that names it. An empty one counts as not set. `magbot settings > docs/settings.md` writes this page.

| variable | meaning | default |
|---|---|---|
"""
# Defaults that depend on the machine.
_DEFAULTS = {"corpus_dir": "the shipped one", "data_dir": "the platform's user data folder"}
_NOT_SET = "not set"


def settings_page() -> str:
    """The page in Markdown."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return _HEAD + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    meaning = (field.description or "").replace("|", "\\|")
    return f"| `{PREFIX}{name.upper()}` | {meaning} | {_default(name, field)} |"


def _default(name: str, field: FieldInfo) -> str:
    if name in _DEFAULTS:
        return _DEFAULTS[name]
    if field.default is None:
        return _NOT_SET
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def add_settings_command(app: typer.Typer) -> None:
    """Add `magbot settings`."""

    @app.command()
    def settings() -> None:
        """List all settings with meaning and default, in Markdown."""
        typer.echo(settings_page(), nl=False)
