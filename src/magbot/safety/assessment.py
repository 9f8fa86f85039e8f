"""What the safety stage hands on: danger with its help lines, and notices that still need their citations."""

from __future__ import annotations

from pydantic import Field

from magbot.schema import Notice, Value


class NoticeSupport(Value):
    """A place in the corpus that a notice rests on."""

    document_id: str
    quote: str = Field(description="Distinctive part of a sentence, in the language of the notice")


class NoticeDraft(Value):
    """A notice whose support has not been turned into numbered citations yet."""

    kind: str = Field(description="For example kidney, pregnancy, child, interaction, boundary, support")
    text: str = Field(description="Markdown, without citation numbers")
    support: tuple[NoticeSupport, ...] = ()


class Urgent(Value):
    """Danger to life that may be there now: the answer is this and nothing else."""

    kind: str = Field(description="crisis, poisoning, stroke, heart, allergy, pregnancy or emergency")
    notices: tuple[Notice, ...] = Field(min_length=1, description="The first begins with the help line to call")
    text: str = Field(description="Markdown: two or three calm sentences on what to do now; no magnesium facts")


class Assessment(Value):
    """What the question, read together with the conversation, says about the safety of a person."""

    urgent: Urgent | None = None
    notices: tuple[NoticeDraft, ...] = Field(default=(), description="In the order to show; at most three")
    soft: bool = Field(default=False, description="Low spirits without danger words: a help line before the answer")
    search_instead: str | None = Field(
        default=None, description="Search for this, not for the question, which asks for a deadly amount"
    )
