"""The folders of the index: makes, finds, swaps, sets aside and removes them, as the manifest says."""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path

from magbot.corpus.split import VERSION as SPLIT_VERSION
from magbot.encoder.base import Encoder
from magbot.encoder.factory import load_encoder
from magbot.errors import StoreError
from magbot.index.catalog import SCHEMA_VERSION, Catalog
from magbot.index.lexical import LexicalIndex
from magbot.index.lock import WriterLock
from magbot.index.manifest import Entry, Manifest, ManifestFile
from magbot.index.plan import digest
from magbot.index.vectors import VectorStore
from magbot.index.vectors_embedded import EmbeddedVectors
from magbot.text.analysis import VERSION as ANALYSIS_VERSION

logger = logging.getLogger(__name__)

# Readers that have not noticed a swap yet have ended their search by then.
_GRACE_SECONDS = 10.0
_ASIDE = "damaged-"


class Folders:
    """The index folders of one encoder, beside those of others."""

    def __init__(self, root: Path, encoder: Encoder, model: str, chroma_url: str | None) -> None:
        self.root = root
        self._encoder, self._model, self._url = encoder, model, chroma_url
        self.fingerprint = fingerprint_of(encoder, chroma_url)
        self._manifest = ManifestFile(root)
        self.lock = WriterLock(root / f"{self.fingerprint}.lock")

    def best(self) -> str | None:
        """The folder to use for this encoder, or None when there is none yet."""
        entry = self._manifest.read().best(self.fingerprint)
        return entry.folder if entry else None

    def is_ready(self, folder: str) -> bool:
        """Whether a folder holds all that it should."""
        entry = self._manifest.read().entry(folder)
        return entry is not None and entry.state == "ready"

    def open_vectors(self, folder: str, version: int) -> VectorStore:
        """The vectors that belong to a folder. Raises DamageError when they are torn or missing."""
        if self._url:
            from magbot.index.vectors_server import ServerVectors  # Chroma's client takes half a second to import

            return ServerVectors(self._url, self._server_name(folder), create=False)
        return EmbeddedVectors(self.root / folder / "vectors", version)

    def make(self, *, generation: int | None = None) -> str:
        """A new, empty folder; without `generation`, only if no other process was faster."""
        with self.lock.held():
            there = self.best()
            if there is not None and generation is None:
                return there
            with self._manifest.changing() as box:
                # Names are not used twice, so what a dead process left under one is never taken for good.
                box[0] = box[0].model_copy(update={"made": box[0].made + 1})
                made = box[0].made
            folder = f"{self.fingerprint[:12]}-{made}"
            path = self.root / folder
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
            LexicalIndex(path / "lexical", create=True)
            if self._url:
                from magbot.index.vectors_server import ServerVectors

                ServerVectors(self._url, self._server_name(folder), create=True)
            else:
                EmbeddedVectors.create(path / "vectors")
            Catalog.create(path / "catalog.sqlite", generation=str(generation or 0)).close()
            entry = Entry(
                folder=folder,
                fingerprint=self.fingerprint,
                encoder=self._encoder.id,
                model=self._model,
                schema_version=SCHEMA_VERSION,
                split_version=SPLIT_VERSION,
                analysis_version=ANALYSIS_VERSION,
            )
            with self._manifest.changing() as box:
                box[0] = box[0].with_entry(entry)
        return folder

    def replace(self, folder: str, reason: str) -> str:
        """Set a torn folder aside and make an empty one in its place."""
        with self.lock.held():
            best = self.best()
            if best is not None and best != folder:
                return best  # another process has done it
            logger.warning("The index is damaged (%s). It is set aside and made anew from the documents.", reason)
            for old in self.root.glob(f"{_ASIDE}*"):
                shutil.rmtree(old, ignore_errors=True)
            with self._manifest.changing() as box:
                was_current = box[0].current == folder
                box[0] = box[0].without(folder)
            if (self.root / folder).exists():
                (self.root / folder).rename(self.root / f"{_ASIDE}{folder}")
            new = self.make()
            if was_current:
                with self._manifest.changing() as box:
                    box[0] = box[0].model_copy(update={"current": new})
            return new

    def publish(self, folder: str, *, current: bool = False, instead_of: str | None = None) -> None:
        """Say that a folder is complete; with `current`, that it is in use from now on; or in place of another."""
        before = self._manifest.read()
        entry = before.entry(folder)
        if entry is None or (entry.state == "ready" and not instead_of and not (current and before.current != folder)):
            return
        with self._manifest.changing() as box:
            manifest = box[0].with_entry(entry.model_copy(update={"state": "ready"}))
            if instead_of:
                was_current = manifest.current == instead_of
                manifest = manifest.without(instead_of)
                manifest = manifest.model_copy(update={"current": folder}) if was_current else manifest
            if current:
                manifest = manifest.with_current(folder)
            box[0] = manifest

    def discard(self, folder: str) -> None:
        """Remove a folder and its entry."""
        with self._manifest.changing() as box:
            box[0] = box[0].without(folder)
        self._delete(folder)

    def sweep(self, *, keep: str) -> None:
        """Remove folders of this encoder that nothing leads to any more, once no reader can be using them."""
        manifest = self._manifest.read()
        used = {keep, self.best()}
        own = [entry for entry in manifest.entries if entry.fingerprint == self.fingerprint]
        for entry in own:
            if entry.folder not in used and entry.state == "building":
                self.discard(entry.folder)  # a rebuild that was not finished; its process held the lock and is dead
        listed = {entry.folder for entry in manifest.entries}
        for path in self.root.glob(f"{self.fingerprint[:12]}-*"):
            unlisted = path.is_dir() and path.name not in listed
            if unlisted and time.time() - self._manifest.changed_at() > _GRACE_SECONDS:
                self._delete(path.name)

    def prune(self, *, keep: str) -> list[Entry]:
        """Remove every folder but `keep` and the current one, and what was set aside; returns what is gone."""
        with self.lock.held():
            with self._manifest.changing() as box:
                gone = [entry for entry in box[0].entries if entry.folder not in {keep, box[0].current}]
                for entry in gone:
                    box[0] = box[0].without(entry.folder)
            for entry in gone:
                self._delete(entry.folder)
            for path in self.root.glob(f"{_ASIDE}*"):
                shutil.rmtree(path, ignore_errors=True)
        return gone

    def _server_name(self, folder: str) -> str:
        return f"magbot-{self._manifest.store()}-{folder}"

    def _delete(self, folder: str) -> None:
        if self._url:
            from magbot.index.vectors_server import ServerVectors

            ServerVectors.drop_collections(self._url, self._server_name(folder))
        shutil.rmtree(self.root / folder, ignore_errors=True)


def fingerprint_of(encoder: Encoder, chroma_url: str | None) -> str:
    """Names everything that shapes what is inside a folder, and where its vectors are."""
    shape = (encoder.id, str(encoder.dimension), str(SPLIT_VERSION), str(ANALYSIS_VERSION), str(SCHEMA_VERSION))
    return digest(*shape, *([chroma_url.rstrip("/")] if chroma_url else []))


def roll_back(root: Path, chroma_url: str | None) -> Entry:
    """Make the index that was in use before the current one again; returns its entry. Raises StoreError."""
    with ManifestFile(root).changing() as box:
        entry = box[0].entry(box[0].previous)
        if entry is None:
            raise StoreError("There is no earlier index to go back to.", help="Only another encoder leaves one behind.")
        encoder = load_encoder(entry.model)
        if fingerprint_of(encoder, chroma_url) != entry.fingerprint:
            raise StoreError(
                f"The earlier index was made by {entry.encoder}, splitter {entry.split_version}, which this magbot does "
                "not have any more.",
                help="Install the version of magbot that made it; its index is still there.",
            )
        box[0] = box[0].with_current(entry.folder)
    return entry


def in_use(root: Path) -> Entry | None:
    """The entry of the index in use, if there is one."""
    manifest: Manifest = ManifestFile(root).read()
    return manifest.entry(manifest.current)
