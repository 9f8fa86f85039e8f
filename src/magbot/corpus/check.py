"""Checks a whole corpus, so that what answers rely on holds before anyone asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from magbot.corpus.check_questions import Questions, check_cases, check_questions
from magbot.corpus.check_tables import check_tables
from magbot.corpus.load import corpus_files, load_file
from magbot.corpus.qualifications import Qualification, load_qualifications
from magbot.corpus.questions import load_questions
from magbot.corpus.split import split_document
from magbot.errors import MagbotError
from magbot.schema import LANGUAGES, Document, Kind, Language, Passage
from magbot.text.language import detect_language
from magbot.text.numbers import numbers_in

MAX_WORDS = 45
_URL = re.compile(r"^https?://[^\s/]+\.[^\s]+$")
_DOI = re.compile(r"^10\.\d{4,9}/\S+$")
# Below this many letters the language of a text cannot be told.
_ENOUGH_LETTERS = 60


@dataclass
class CheckReport:
    """What was found, and how much there is."""

    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Corpus:
    """All documents of a folder with their passages, by document key."""

    documents: dict[str, Document]
    passages: dict[str, list[Passage]]
    qualifications: Sequence[Qualification]

    def sentences(self, key: str) -> list[str]:
        """The sentences of a document with single spaces, in order."""
        return [" ".join(s.text.split()) for passage in self.passages.get(key, ()) for s in passage.sentences]

    def twins(self) -> Iterator[tuple[Document, Document]]:
        """Danish and English version of each document that has both."""
        for key, document in self.documents.items():
            other = self.documents.get(f"{document.metadata.id}.en")
            if key.endswith(".da") and other is not None:
                yield document, other


def check_corpus(folder: Path) -> CheckReport:
    """Check every document of a folder; problems are sentences that name the file and what to mend."""
    report = CheckReport()
    documents: dict[str, Document] = {}
    for path in corpus_files(folder):
        try:
            for document in load_file(path):
                if document.key in documents:
                    report.problems.append(f"{path.name}: the id “{document.metadata.id}” is used twice.")
                documents[document.key] = document
        except MagbotError as error:
            report.problems.append(str(error))
    qualifications: Sequence[Qualification] = ()
    try:
        qualifications = load_qualifications(folder / "qualifications.yaml")
    except MagbotError as error:
        report.problems.append(str(error))
    questions: Questions = {}
    try:
        questions = load_questions(folder / "questions")
    except MagbotError as error:
        report.problems.append(str(error))
    passages = {key: split_document(document) for key, document in documents.items()}
    corpus = Corpus(documents, passages, qualifications)
    rules: tuple[Callable[[Corpus], Iterable[str]], ...] = (
        check_offsets,
        check_metadata,
        check_twins,
        check_sentences,
        check_language,
        check_supports,
        check_topics,
        check_qualifications,
    )
    for rule in rules:
        report.problems.extend(rule(corpus))
    report.problems.extend(check_tables(folder))
    sentences = {key: corpus.sentences(key) for key in documents}
    kinds = {key: document.metadata.kind for key, document in documents.items()}
    report.problems.extend(check_questions(questions, sentences, kinds))
    # In a checkout the evaluation stands beside the corpus; in an installed package it does not.
    report.problems.extend(check_cases(questions, folder.parent / "eval" / "cases"))
    report.counts = _counts(corpus, questions)
    return report


def check_offsets(corpus: Corpus) -> Iterator[str]:
    """Every passage and sentence is where it says it is."""
    for key, passages in corpus.passages.items():
        text = corpus.documents[key].text
        spans = [(p.start, p.end, p.text) for p in passages]
        spans += [(s.start, s.end, s.text) for p in passages for s in p.sentences]
        if any(text[start:end] != words for start, end, words in spans):
            yield f"{corpus.documents[key].source}: an offset does not point to its text."


def check_metadata(corpus: Corpus) -> Iterator[str]:
    """Evidence level and its reason are there, links are well-formed."""
    for document in corpus.documents.values():
        metadata = document.metadata
        for name in ("evidence_level", "evidence_reason", "authors", "licence", "topics"):
            if not getattr(metadata, name):
                yield f"{document.source}: the field “{name}” is missing."
        if metadata.url and not _URL.match(metadata.url):
            yield f"{document.source}: “{metadata.url}” is not a link; write https://…"
        if metadata.doi and not _DOI.match(metadata.doi):
            yield f"{document.source}: “{metadata.doi}” is not a DOI; write 10.…/…"


def check_twins(corpus: Corpus) -> Iterator[str]:
    """Each document is there in both languages, which agree in structure, metadata and every number."""
    ids: dict[str, set[Language]] = {}
    for document in corpus.documents.values():
        ids.setdefault(document.metadata.id, set()).add(document.metadata.language)
    for document_id, languages in ids.items():
        if len(languages) == 1:
            yield f"{document_id}: there is only a version in “{next(iter(languages))}”; add the other language."
    for danish, english in corpus.twins():
        for name in ("year", "kind", "evidence_level", "url", "doi", "topics", "checked"):
            if getattr(danish.metadata, name) != getattr(english.metadata, name):
                yield f"{danish.metadata.id}: the field “{name}” differs between the languages."
        if [support.document_id for support in danish.supports] != [s.document_id for s in english.supports]:
            yield f"{danish.metadata.id}: the Danish and the English page do not rest on the same documents, in order."
        yield from _compared(danish, english, corpus)


def _compared(danish: Document, english: Document, corpus: Corpus) -> Iterator[str]:
    da, en = corpus.sentences(danish.key), corpus.sentences(english.key)
    if len(da) != len(en) or len(danish.headings) != len(english.headings):
        yield (
            f"{danish.metadata.id}: {len(da)} Danish and {len(en)} English sentences, "
            f"{len(danish.headings)} and {len(english.headings)} headings; they must agree."
        )
        return
    for place, (first, second) in enumerate(zip(da, en, strict=True), 1):
        left, right = Counter(numbers_in(first, "da")), Counter(numbers_in(second, "en"))
        if left != right:
            differing = ", ".join(sorted((left - right) + (right - left)))
            yield f"{danish.metadata.id}: sentence {place} differs between the languages in the numbers {differing}."


def check_sentences(corpus: Corpus) -> Iterator[str]:
    """No sentence is too long to quote or stands in two documents."""
    seen: dict[str, str] = {}
    for key, document in corpus.documents.items():
        for sentence in corpus.sentences(key):
            words = len(sentence.split())
            # The article is its owner's, verbatim; its sentences are as long as they are.
            if words > MAX_WORDS and document.metadata.kind is not Kind.ARTICLE:
                yield f"{document.source}: a sentence has {words} words (at most {MAX_WORDS}): “{sentence[:60]}…”"
            # A topic page may say a thing in its source's words; notes may not repeat each other.
            if document.metadata.kind is not Kind.FAQ and seen.setdefault(sentence, key) != key:
                yield f"{document.source}: “{sentence[:60]}…” stands in {seen[sentence]} too."


def check_language(corpus: Corpus) -> Iterator[str]:
    """Danish documents are in Danish, English ones in English."""
    for document in corpus.documents.values():
        language = document.metadata.language
        for passage in corpus.passages[document.key]:
            letters = sum(character.isalpha() for character in passage.text)
            if letters >= _ENOUGH_LETTERS and detect_language(passage.text, language) != language:
                yield f"{document.source}: this is not in the language “{language}”: “{passage.text[:60]}…”"


def check_supports(corpus: Corpus) -> Iterator[str]:
    """Every sentence of a topic page rests on one sentence of another document, which holds its numbers."""
    for key, document in corpus.documents.items():
        if document.metadata.kind is not Kind.FAQ:
            continue
        language = document.metadata.language
        for passage in corpus.passages[key]:
            for sentence in passage.sentences:
                held: set[str] = set()
                sources = 0
                for support in document.supports:
                    if not (support.start <= sentence.start and sentence.end <= support.end):
                        continue
                    quote = " ".join(support.quote.split())
                    hits = [text for text in corpus.sentences(f"{support.document_id}.{language}") if quote in text]
                    if len(hits) != 1:
                        where = f"{len(hits)} sentences of {support.document_id}"
                        yield f"{document.source}: “{quote[:50]}” is in {where}; it must be in one."
                    sources += 1
                    held.update(number for text in hits for number in numbers_in(text, language))
                if not sources:
                    yield f"{document.source}: no source is given for “{sentence.text[:60]}…”"
                missing = [number for number in numbers_in(sentence.text, language) if number not in held]
                if sources and missing:
                    yield f"{document.source}: {', '.join(missing)} is not in the source of “{sentence.text[:50]}…”"


def check_topics(corpus: Corpus) -> Iterator[str]:
    """A topic leads from one document to others, so no topic stands on one document alone."""
    held: dict[str, set[str]] = {}
    for document in corpus.documents.values():
        for topic in document.metadata.topics:
            held.setdefault(topic, set()).add(document.metadata.id)
    for topic, ids in held.items():
        if len(ids) == 1:
            yield f"{next(iter(ids))}: no other document has the topic “{topic}”; use one that others have."


def check_qualifications(corpus: Corpus) -> Iterator[str]:
    """Quotes on both sides are sentences of the corpus, and a summary's numbers stand in them."""
    for number, entry in enumerate(corpus.qualifications, 1):
        for language in LANGUAGES:
            held: set[str] = set()
            for reference in (entry.statement, *entry.qualified_by):
                quote = " ".join(reference.quote.get(language, "").split())
                texts = corpus.sentences(f"{reference.document}.{language}")
                if not quote or not any(quote in text for text in texts):
                    where = f"{reference.document}.{language}"
                    yield f"qualifications.yaml: entry {number}: not a quote of {where}: “{quote[:60]}”"
                held.update(n for text in texts if quote in text for n in numbers_in(text, language))
            missing = [n for n in numbers_in(entry.summary.get(language, ""), language) if n not in held]
            if missing:
                figures = ", ".join(missing)
                yield f"qualifications.yaml: entry {number}: {figures} in the {language} summary is in no quote."
        left, right = (Counter(numbers_in(entry.summary.get(language, ""), language)) for language in LANGUAGES)
        if left != right:
            figures = ", ".join(sorted((left - right) + (right - left)))
            yield f"qualifications.yaml: entry {number}: the summaries differ in the numbers {figures}."


def _counts(corpus: Corpus, questions: Questions) -> dict[str, int]:
    def of(kinds: Callable[[Document], bool]) -> int:
        return len({document.metadata.id for document in corpus.documents.values() if kinds(document)})

    sentences = Counter(key.rsplit(".", 1)[1] for key in corpus.documents for _ in corpus.sentences(key))
    rows = sum(
        len(corpus.sentences(key))
        for key, document in corpus.documents.items()
        if document.metadata.kind is Kind.TABLE and key.endswith(".en")
    )
    return {
        "documents": of(lambda _: True),
        "notes": of(lambda d: d.metadata.kind not in {Kind.TABLE, Kind.FAQ, Kind.ARTICLE}),
        "topic pages": of(lambda d: d.metadata.kind is Kind.FAQ),
        "tables": of(lambda d: d.metadata.kind is Kind.TABLE),
        "table rows": rows,
        "Danish sentences": sentences["da"],
        "English sentences": sentences["en"],
        "qualifications": len(corpus.qualifications),
        "questions": sum(len(texts) for texts in questions.values()),
    }
