"""The values that the stages hand to each other, from a document to an answer.

`Answer` and what it holds is the public contract: programs outside this project read its JSON. Everything is
immutable, so that a stage can only return something new.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")

# Ids of documents that people add begin with this and no others do, so that a new release of the shipped corpus can
# never take an id that is in use.
ADDED_PREFIX = "added-"


class Value(BaseModel):
    """Base of all values: immutable, and strict about unknown fields."""

    # What people wrote stays out of error messages, which end up in logs.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


# ---------------------------------------------------------------- documents in


class Kind(StrEnum):
    """What sort of document a source is; the label that readers see stands in `answer/wording`."""

    ARTICLE = "article"
    GUIDELINE = "guideline"
    FACT_SHEET = "fact-sheet"
    SYSTEMATIC_REVIEW = "systematic-review"
    RANDOMISED_TRIAL = "randomised-trial"
    COHORT = "cohort"
    REVIEW = "review"
    TABLE = "table"
    ANIMAL_STUDY = "animal-study"
    OBSERVATIONAL = "observational"
    CASE_REPORT = "case-report"
    PRODUCT_LABEL = "product-label"
    DATA_SET = "data-set"
    FAQ = "faq"
    OTHER = "other"


class Metadata(Value):
    """What is known about a document besides its text. Only `id`, `title` and `language` are always there."""

    id: str = Field(description="Shared by the language versions of one document", pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    language: Language
    authors: tuple[str, ...] = ()
    year: int | None = Field(default=None, ge=1800, le=2100)
    journal: str | None = None
    kind: Kind = Kind.OTHER
    evidence_level: int | None = Field(default=None, ge=1, le=5, description="Oxford CEBM 2011; 1 is the strongest")
    evidence_reason: str | None = None
    url: str | None = None
    doi: str | None = None
    licence: str | None = None
    retrieved: str | None = Field(default=None, description="ISO date on which the source was read")
    checked: Literal["primary", "secondary"] | None = None
    population: str | None = None
    topics: tuple[str, ...] = ()
    reviewed: bool = Field(default=True, description="False for documents that a user added and nobody has reviewed")

    @property
    def is_added(self) -> bool:
        """Whether a person added it to their own magbot; the others are shipped."""
        return self.id.startswith(ADDED_PREFIX)


class Heading(Value):
    """A heading inside a document: `document.text[start:end]` is its words."""

    start: int
    end: int
    level: int = Field(ge=1, le=9)


class Support(Value):
    """Says that the sentence at `start`..`end` of a document rests on a sentence of another document."""

    start: int
    end: int
    document_id: str
    quote: str = Field(description="Distinctive part of the supporting sentence, in the same language")


class Document(Value):
    """One language version of one document: metadata and the text that quotes point into."""

    metadata: Metadata
    text: str = Field(description="Characters that offsets count; headings included, front matter and markers not")
    source: str = Field(description="File name or URL that it was read from, for messages to a person")
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = Field(default=(), description="Offset at which each page begins, for what has pages")
    supports: tuple[Support, ...] = Field(
        default=(), description="For topic pages: which sentence of which document each own sentence rests on"
    )

    @property
    def key(self) -> str:
        """Identity of this language version, for example `kieboom-2017.da`."""
        return f"{self.metadata.id}.{self.metadata.language}"

    def page_of(self, offset: int) -> int | None:
        """Number of the page that a character stands on, from 1; None for what has no pages."""
        return bisect_right(self.pages, offset) or None


class Sentence(Value):
    """A span of a document that can be quoted: `document.text[start:end] == text`."""

    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Passage(Value):
    """A paragraph, list item or table row with its sentences: `document.text[start:end] == text`."""

    document_id: str
    language: Language
    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    heading: str = Field(default="", description="Path of headings above it, for retrieval only, never quoted")
    sentences: tuple[Sentence, ...]


# ---------------------------------------------------------------- question in


class Message(Value):
    """One turn of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


class Hit(Value):
    """A sentence that retrieval found, with its passage and how well it fits the question."""

    sentence: Sentence
    passage: Passage
    metadata: Metadata
    score: float = Field(description="Fused score; higher is better; comparable within one question only")
    dense: float = Field(default=0.0, description="Cosine similarity of question and sentence, -1 to 1")
    lexical: float = Field(default=0.0, description="BM25 score divided by the best of the question, 0 to 1")
    question_match: float = Field(default=0.0, description="Cosine to the best expansion question of the sentence")


# ---------------------------------------------------------------- answer out


class Outcome(StrEnum):
    """What magbot decided to do with a question."""

    ANSWERED = "answered"
    NOT_IN_CORPUS = "not_in_corpus"
    OFF_TOPIC = "off_topic"
    URGENT = "urgent"


class Statement(Value):
    """One claim of an answer."""

    text: str
    citations: tuple[int, ...] = Field(description="Numbers of the citations that support it")
    verbatim: bool = Field(description="True when the text is exactly the cited quote")
    lead: str = Field(
        default="",
        description="magbot's own words before it: which part of the question it answers, or whose voice it is",
    )


class Citation(Value):
    """Where a statement comes from, to the character."""

    number: int = Field(ge=1)
    document_id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    kind: Kind
    evidence_level: int | None
    url: str | None
    doi: str | None
    language: Language
    quote: str = Field(description="Exact substring of `passage`")
    passage: str = Field(description="Exact substring of the document's text")
    start: int = Field(description="Offset of the quote's first character in the document's text")
    end: int = Field(description="Offset after the quote's last character in the document's text")
    reviewed: bool = Field(default=True, description="False for an added document that nobody has reviewed")
    heading: str = Field(default="", description="Path of headings above the passage")
    page: int | None = Field(default=None, description="Page of the document, for what has pages")


class Caveat(Value):
    """Disagreement between sources, or a limit of what was said."""

    text: str
    citations: tuple[int, ...] = ()


class Notice(Value):
    """What this person should know, because of what the question says about them."""

    kind: str = Field(description="For example kidney, pregnancy, child, interaction, crisis, poisoning")
    text: str
    citations: tuple[int, ...] = ()


GenerationResult = Literal["used", "unsupported", "refused", "empty", "timed_out", "failed"]


class Dropped(Value):
    """A statement of a chat model that its quotes do not support."""

    text: str
    reason: str = Field(description="What is wrong with it, for example `number: 500 mg`")


class Generation(Value):
    """How a configured chat model did. Only with `used` are the statements of the answer the model's."""

    model: str
    result: GenerationResult
    kept: int = Field(default=0, description="Statements that stood up to their quotes")
    dropped: int = Field(default=0, description="Statements that did not")
    dropped_statements: tuple[Dropped, ...] = Field(default=(), description="Their texts, only while debugging")


class Answer(Value):
    """The whole answer to one question, as JSON the same over the command line, HTTP and in Python."""

    outcome: Outcome
    language: Language
    standalone_question: str
    text: str = Field(description="Markdown with [n] after each statement; no notices and no disclaimer in it")
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    notices: tuple[Notice, ...] = ()
    suggestions: tuple[str, ...] = ()
    disclaimer: str
    engine: str = Field(default="extractive", description="`extractive`, or the name of the chat model that wrote it")
    generation: Generation | None = Field(
        default=None, description="How the chat model did; absent when none is configured or none was asked"
    )
    timings_ms: dict[str, float] = Field(default_factory=dict)
