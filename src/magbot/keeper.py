"""What magbot answers from: the index, kept in line with shipped and added documents."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from magbot.added.library import Library
from magbot.added.report import AddReport, Details, OnProgress, Upload
from magbot.corpus.stamp import corpus_stamp
from magbot.encoder.factory import load_encoder
from magbot.encoder.remembering import RememberingEncoder
from magbot.errors import DocumentError
from magbot.index.folders import in_use as index_in_use
from magbot.index.index import Index, SyncReport
from magbot.index.manifest import Entry
from magbot.schema import Document, Language, Metadata
from magbot.settings import Settings

logger = logging.getLogger(__name__)


class Keeper:
    """Keeps the index, and changes the corpus for its maintainer."""

    def __init__(self, settings: Settings, progress: Callable[[int, int], None] | None = None) -> None:
        self.settings = settings
        in_use = index_in_use(self.settings.data_dir / "index")
        self._named = "embedding_model" in self.settings.model_fields_set
        model = self.settings.embedding_model if self._named or in_use is None else in_use.model
        encoder = RememberingEncoder(load_encoder(model))
        self._index = Index(self.settings.data_dir, encoder, model=model, chroma_url=self.settings.chroma_url)
        self._library = Library(self.settings.data_dir / "documents", self._index)
        # Another process may be adding for minutes; what is there can be asked meanwhile.
        self.last_sync = SyncReport() if self._index.busy() else self._sync_at_start(progress)

    def sync(self, progress: Callable[[int, int], None] | None = None) -> SyncReport:
        """Bring the index in line with shipped and added documents; only new and changed sentences are encoded."""
        # Before anything is read, so that what changes meanwhile is noticed next time.
        stamp = self._stamp()
        report = self._fill(self._index, self._library, progress)
        # An encoder that was only asked for by a setting is tried out; it does not become the one in use.
        self._index.publish(current=not self._named)
        if not self._library.store.damaged:  # the next start is to say so again
            self._index.note_source(stamp)
        logger.info("Index: %s.", report.summary())
        return report

    def _sync_at_start(self, progress: Callable[[int, int], None] | None) -> SyncReport:
        """The same when a document has changed since; reading them all costs more than an answer."""
        if not self._index.is_made_from(self._stamp()):
            return self.sync(progress)
        self._index.publish(current=not self._named)
        return SyncReport(unchanged=sorted(self._index.catalog.fingerprints()))

    def _stamp(self) -> str:
        return f"{corpus_stamp(self.settings.corpus_dir)} {self._library.store.stamp()}"

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> SyncReport:
        """Make the index anew from the shipped corpus and the files of the added documents.

        Until the new one is complete, the old one answers.
        """
        with self._index.rebuilding() as fresh:
            self.last_sync = self._fill(fresh, Library(self.settings.data_dir / "documents", fresh), progress)
        return self.last_sync

    def make_current(self) -> None:
        """Use this index and its encoder from now on, wherever no other encoder is asked for."""
        self._index.publish(current=True)

    def prune_indexes(self) -> list[Entry]:
        """Delete every index but the one in use and this one; says which are gone."""
        return self._index.folders.prune(keep=self._index.folder.name)

    def _fill(self, index: Index, library: Library, progress: Callable[[int, int], None] | None) -> SyncReport:
        # What reads documents is loaded late; most starts find nothing to read.
        from magbot.corpus.load import load_corpus
        from magbot.corpus.questions import load_questions
        from magbot.corpus.table_questions import load_table_questions

        corpus = self.settings.corpus_dir
        questions = load_questions(corpus / "questions") | load_table_questions(corpus / "tables")
        report = index.sync(load_corpus(corpus), origin="shipped", questions=questions, progress=progress)
        return report.with_more(library.sync(progress))

    def documents(self) -> list[Metadata]:
        """Metadata of every document, one entry a language version."""
        return self._index.catalog.metadata()

    def document(self, document_id: str, language: Language) -> Document:
        """A whole document. Raises DocumentError when there is none of that id and language."""
        document = self._index.catalog.document(f"{document_id}.{language}")
        if document is None:
            raise DocumentError(f"There is no document “{document_id}” in the language “{language}”.")
        return document

    def add(
        self,
        sources: Sequence[str | Path | Upload],
        details: Details | None = None,
        *,
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> AddReport:
        """Add documents: paths of files and folders, patterns, http(s) links, and uploads (a name and bytes).

        One that cannot be used is refused in the report, with a message and what to do, and the others go on; nothing
        of it is kept. What was added from the same path or link before is updated when it has changed; the same text
        from elsewhere is a duplicate. An id begins with `added-` and is made from the file's name. Documents count as
        not reviewed until `review` says so. They are there at once, also for other processes, and survive a restart
        and a rebuild. `details` wins over what a file says; `dry_run` reports the same and changes nothing;
        `on_progress` is called from this thread with how far it is.
        """
        return self._library.add(sources, details, dry_run=dry_run, on_progress=on_progress)

    def update(
        self,
        document_ids: Sequence[str] = (),
        details: Details | None = None,
        *,
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> AddReport:
        """Read added documents again from where they came from, all of them or some, and change their details.

        An upload is read from its copy. A document whose text has changed counts as not reviewed again; one whose file
        or page is gone is refused in the report and stays as it is. Raises DocumentError when there is no such document.
        """
        return self._library.update(document_ids, details, dry_run=dry_run, on_progress=on_progress)

    def remove(self, document_id: str) -> list[Metadata]:
        """Remove an added document in all its languages: files, vectors and words; returns what it was.

        Raises DocumentError when there is no such document, or it is a shipped one.
        """
        return self._library.remove(document_id)

    def review(self, document_id: str, reviewed: bool = True) -> list[Metadata]:
        """Mark an added document as reviewed by a person, or take that back. Raises DocumentError as `remove` does."""
        return self._library.review(document_id, reviewed)
