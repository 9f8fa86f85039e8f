"""A small assistant that answers from a script, so that page and API can be tested without corpus and encoder."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np

from magbot.added.report import AddItem, AddProgress, AddReport, Status, Upload
from magbot.errors import DocumentError, QuestionError, StoreError
from magbot.events import AnswerEvent, Event, NoticeEvent, StageEvent, StatementEvent
from magbot.retrieval.search import Found
from magbot.schema import (
    Answer,
    Caveat,
    Citation,
    Document,
    Heading,
    Kind,
    Message,
    Metadata,
    Notice,
    Outcome,
    Statement,
)

TITLE = "Magnesium & hjernen"
FIRST = "Undersøgelsen bygger på data fra 219.224 deltagere."
SECOND = "Magnesium kan hjælpe med at forebygge migræne."
THIRD = "Europas øvre grænse for magnesium fra tilskud er 250 mg om dagen."
TEXT = f"{TITLE}\n\nIndledning 😀 før citatet. {FIRST} {SECOND}\n\nGrænser\n\n{THIRD} USA siger 350 mg om dagen."
DISCLAIMER = {"da": "Almen oplysning, ikke lægelig rådgivning.", "en": "General information, not medical advice."}


def document(language: str = "da") -> Document:
    """The only document of the fake corpus."""
    start = TEXT.index("Grænser")
    return Document(
        metadata=Metadata(
            id="hjernen-2025",
            title=TITLE,
            language=language,  # type: ignore[arg-type]
            authors=("A. Forfatter", "B. Forfatter"),
            year=2025,
            kind=Kind.REVIEW,
            evidence_level=2,
            doi="10.1234/abc",
            url="https://example.org/hjernen",
            topics=("brain", "migraine"),
        ),
        text=TEXT,
        source="fake",
        headings=(Heading(start=0, end=len(TITLE), level=1), Heading(start=start, end=start + 7, level=2)),
    )


def citation(number: int, quote: str, *, level: int | None = 2, reviewed: bool = True, **changes: object) -> Citation:
    """A citation of a quote in the fake document."""
    start = TEXT.index(quote)
    passage = next(block for block in TEXT.split("\n\n") if quote in block)
    values: dict[str, object] = {
        "number": number,
        "document_id": "hjernen-2025",
        "title": TITLE,
        "authors": ("A. Forfatter", "B. Forfatter", "C. Forfatter"),
        "year": 2025,
        "kind": Kind.REVIEW,
        "evidence_level": level,
        "url": "https://example.org/hjernen",
        "doi": "10.1234/abc",
        "language": "da",
        "quote": quote,
        "passage": passage,
        "start": start,
        "end": start + len(quote),
        "reviewed": reviewed,
    }
    return Citation.model_validate(values | changes)


def answered(question: str, language: str = "da") -> Answer:
    """Three statements, four citations, a caveat and a notice; the question comes back in the first statement."""
    quotes = (FIRST, SECOND, THIRD)
    statements = tuple(Statement(text=quote, citations=(n,), verbatim=True) for n, quote in enumerate(quotes, 1))
    statements = (
        statements[0].model_copy(update={"text": f"{FIRST} ({question})", "verbatim": False}),
        *statements[1:],
    )
    return Answer(
        outcome=Outcome.ANSWERED,
        language=language,  # type: ignore[arg-type]
        standalone_question=f"{question} (magnesium)",
        text=" ".join(f"{item.text} [{item.citations[0]}]" for item in statements),
        statements=statements,
        citations=(
            citation(1, FIRST),
            citation(2, SECOND, level=1, document_id="other-2020"),
            citation(3, THIRD, level=5, reviewed=False, document_id="third-2010"),
            citation(4, "USA siger 350 mg om dagen.", level=None, document_id="fourth-2001"),
        ),
        caveats=(Caveat(text="Europa siger 250 mg om dagen, USA 350 mg om dagen.", citations=(3, 4)),),
        notices=(Notice(kind="kidney", text="Har du nyresygdom, så spørg din læge før tilskud.", citations=(3,)),),
        suggestions=("Hvem skal passe på?",),
        disclaimer=DISCLAIMER[language],
    )


def refusal(question: str, outcome: Outcome) -> Answer:
    """No answer, and for a gap in the corpus what it does cover."""
    gap = outcome is Outcome.NOT_IN_CORPUS
    text = "Det siger mine kilder ikke noget sikkert om." if gap else "Det kan jeg ikke hjælpe med."
    return Answer(
        outcome=outcome,
        language="da",
        standalone_question=question,
        text=text,
        suggestions=("Hvad er øvre grænse?", "Hjælper det mod migræne?") if gap else (),
        disclaimer=DISCLAIMER["da"],
    )


def urgent(question: str) -> Answer:
    """Danger: help first."""
    return Answer(
        outcome=Outcome.URGENT,
        language="da",
        standalone_question=question,
        text="Du er ikke alene. Ring 112, hvis du er i fare nu.",
        notices=(Notice(kind="crisis", text="Ring til Livslinien på 70 201 201, eller 112, hvis der er livsfare."),),
        disclaimer=DISCLAIMER["da"],
    )


class FakeMagbot:
    """Chooses the answer, and how slowly it comes, by a word in the question."""

    def ask(self, question: str, history: Sequence[Message] = (), language: str = "auto") -> Answer:
        if "nedbrud" in question:
            raise RuntimeError("nobody foresaw this")
        if "fejl" in question:
            raise QuestionError("The question cannot be taken.", help="Ask another.")
        if "vejret" in question:
            return refusal(question, Outcome.OFF_TOPIC)
        if "rumfart" in question:
            return refusal(question, Outcome.NOT_IN_CORPUS)
        if "leve" in question:
            return urgent(question)
        return answered(question, "en" if language == "en" or " the " in question else "da")

    def stream(self, question: str, history: Sequence[Message] = (), language: str = "auto") -> Iterator[Event]:
        answer = self.ask(question, history, language)
        yield StageEvent(stage="retrieve", searched_for=answer.standalone_question)
        if answer.statements:
            yield NoticeEvent(notices=answer.notices)
        for number, statement in enumerate(answer.statements):
            time.sleep(0.4 if "drypvis" in question else 6 if "langsomt" in question and number == 0 else 0)
            cited = tuple(item for item in answer.citations if item.number in statement.citations)
            yield StatementEvent(statement=statement, citations=cited)
        yield AnswerEvent(answer=answer)

    def calculate(self, question: str, language: str = "auto") -> Answer | None:
        return None

    def search(self, question: str, language: str, limit: int = 40) -> Found:
        return Found(question, language, (), np.zeros(2, dtype=np.float32), {}, frozenset())  # type: ignore[arg-type]

    def documents(self) -> list[Metadata]:
        return [document("da").metadata, document("en").metadata]

    def document(self, document_id: str, language: str) -> Document:
        if document_id != "hjernen-2025":
            raise DocumentError(f"There is no document “{document_id}”.")
        return document(language)

    def health(self) -> dict[str, object]:
        return {"status": "ok", "version": "0", "engine": "extractive", "documents": 2}


ADDED = document().metadata.model_copy(update={"id": "added-note", "title": "<b>Note</b>", "reviewed": False})


class Keeper(FakeMagbot):
    """Remembers what it was asked to do."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    def documents(self):
        return [*super().documents(), ADDED]

    def add(self, sources, details=None, *, dry_run=False, on_progress=None):
        self.calls.append(sources[0])
        if sources == ["https://full.example/x"]:
            raise StoreError("The disk is full.", help="Make room.")
        on_progress(AddProgress("x", 0, 1, 3, 7))
        name = sources[0].name if isinstance(sources[0], Upload) else sources[0]
        refused = AddItem(source=name, status=Status.REFUSED, message="<i>no text</i>")
        done = AddItem(
            source=name, status=Status.ADDED, document_id=ADDED.id, language="da", metadata=ADDED, guessed=("year",)
        )
        return AddReport(items=(refused if "bad" in name else done,))

    def remove(self, document_id):
        if document_id != ADDED.id:
            raise DocumentError("There is no such document.")
        self.calls.append(("remove", document_id))
        return [ADDED]

    def review(self, document_id, reviewed=True):
        self.calls.append(("review", document_id, reviewed))
        return [ADDED]

    def rebuild(self, progress=None):
        progress(1, 2)
        self.calls.append("rebuild")
