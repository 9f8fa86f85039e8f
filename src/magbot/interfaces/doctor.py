"""`magbot doctor`: looks at everything that magbot needs, one thing after another, and says what to mend."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

import typer

from magbot import __version__
from magbot.errors import MagbotError
from magbot.interfaces.cli_base import AsJson, quiet_settings, told_to_people
from magbot.settings import Settings

_LIBRARIES = ("chromadb", "gradio", "langchain-core", "langchain", "onnxruntime", "tantivy")
# An index of the shipped corpus takes about a tenth of this; a larger corpus needs room to be indexed anew.
_ENOUGH_DISK = 500_000_000


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    help: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """All checks in order; each stands alone, so that one failure hides no other."""
    looks: dict[str, Callable[[Settings], str]] = {
        "versions": _versions,
        "data folder": _data_folder,
        "disk": _disk,
        "corpus": _corpus,
        "encoder": _encoder,
        "index": _index,
        "language model": _model,
    }
    for name, look in looks.items():
        try:
            yield Check(name, True, look(settings))
        except MagbotError as error:
            yield Check(name, False, error.message, error.help)


def _versions(_: Settings) -> str:
    found = []
    for library in _LIBRARIES:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            found.append(f"{library} not installed")
    return f"magbot {__version__}, Python {platform.python_version()}, {', '.join(found)}"


def _data_folder(settings: Settings) -> str:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            return f"{settings.data_dir} can be written"
    except OSError as error:
        raise MagbotError(
            f"{settings.data_dir} cannot be written: {error.strerror}.",
            help="Set MAGBOT_DATA_DIR to a folder of your own, or mend the folder's permissions.",
        ) from error


def _disk(settings: Settings) -> str:
    folder = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    if free < _ENOUGH_DISK:
        raise MagbotError(f"Only {free / 1e6:.0f} MB are free in {folder}.", help="Free some space there.")
    return f"{free / 1e9:.1f} GB free"


def _corpus(settings: Settings) -> str:
    from magbot.corpus.load import load_corpus

    documents = list(load_corpus(settings.corpus_dir))
    if not documents:
        raise MagbotError(f"There are no documents in {settings.corpus_dir}.", help="Check MAGBOT_CORPUS_DIR.")
    return f"{len(documents)} documents in {settings.corpus_dir}"


def _encoder(settings: Settings) -> str:
    from magbot.encoder.factory import load_encoder

    encoder = load_encoder(settings.embedding_model)
    encoder.encode_queries(["magnesium"])
    return f"{encoder.id}, {encoder.dimension} dimensions"


def _index(settings: Settings) -> str:
    from magbot.encoder.factory import load_encoder
    from magbot.index.index import Index

    if not any((settings.data_dir / "index").glob("*/catalog.sqlite")):
        return "not made yet; the first question makes it"
    health = Index(settings.data_dir, load_encoder(settings.embedding_model)).health()
    return f"{health['documents']} documents, {health['sentences']} sentences, generation {health['generation']}"


def _model(settings: Settings) -> str:
    if not settings.model:
        return "none configured; answers are made of quotes"
    from magbot.answer.generative.client import check_model

    return f"{settings.model} answers after {check_model(settings):.1f} s"


def add_doctor_command(app: typer.Typer) -> None:
    """Add `magbot doctor`."""

    @app.command()
    def doctor(as_json: AsJson = False) -> None:
        """Look at versions, folders, corpus, encoder, index and language model; exit with 1 if something is wrong."""
        with told_to_people():
            checks = []
            for check in examine(quiet_settings()):
                checks.append(check)
                if not as_json:
                    typer.echo(f"{'✓' if check.ok else '✗'} {check.name}: {check.detail}")
                    if check.help:
                        typer.echo(f"    {check.help}")
        sound = all(check.ok for check in checks)
        if as_json:
            typer.echo(json.dumps({"ok": sound, "checks": [asdict(c) for c in checks]}, ensure_ascii=False, indent=2))
        raise typer.Exit(0 if sound else 1)
