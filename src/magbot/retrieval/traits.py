"""What a question asks for and what a sentence offers, told from their words; read once for each sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from magbot.question.form import Form, asks_verdict, question_form
from magbot.question.studies import STUDY
from magbot.question.subjects import Subjects, subjects_in, subjects_of
from magbot.schema import Hit, Kind, Language
from magbot.text.analysis import terms
from magbot.text.numbers import numbers_in

_AMOUNT = re.compile(r"\d[\d.,]*\s*(?:%|mg|g|µg|mmol|mEq|procent|percent)", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\d[\d.,]*\s*(?:\w+\s){0,3}(?:deltager|participant|person|people|patient|voksne|adults|kvinder|women|studier|studies|trials|forsøg)",
    re.IGNORECASE,
)
_ASKS_PEOPLE = re.compile(
    r"(?:hvor mange|how many|antal|number of)\W+(?:\w+\W+){0,2}"
    r"(?:deltag|menneske|person|people|particip|patient|var med|took part|studi|trial|forsøg)",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\b\d+[\d.,-]*\s*(?:ugers?|dage?|døgn|timers?|måneder?|år|weeks?|days?|hours?|months?|years?|minut\w*)",
    re.IGNORECASE,
)
_ASKS_DURATION = re.compile(
    r"\b(?:hvor lang tid|hvor længe|how long|hvor hurtigt|how (?:soon|fast)|varighed\w*|duration|follow-?up|opfølgning\w*|"
    r"fulgt|length)\b",
    re.IGNORECASE,
)
# "Paul Anthony Taylor", "Dr. Rath": at least two capitalised words in a row that do not begin the sentence.
_PERSON = re.compile(r"(?<=\w )(?:Dr\. )?[A-ZÆØÅ]\w+(?: [A-ZÆØÅ]\.)*(?: [A-ZÆØÅ][\w-]+)+")
_ASKS_PERSON = re.compile(
    r"\b(?:hvem|hvis navn|who|whose|whom|forfatter\w*|skrevet|author\w*|written|wrote)\b", re.IGNORECASE
)
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}\.? (?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)\w*", re.IGNORECASE
)
_ASKS_DATE = re.compile(
    r"\b(?:hvornår|hvilket år|when|what year|which year|dato\w*|date|udkom\w*|udgivet|published)\b", re.IGNORECASE
)
_BECAUSE = re.compile(r"\b(?:fordi|skyldes|derfor|because|due to|since|årsag|cause)", re.IGNORECASE)
_ABOUT_ARTICLE = re.compile(
    r"\b(?:artikl\w*|article\w*|taylor\w*|undersøgelsen|studiet|forfatteren|skribenten|"
    r"the (?:study|trial|review|author|text))\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:viser (?:ikke|intet)|siger intet|dækker ikke|does not (?:show|cover)|says nothing|kun resuméet|"
    r"only the abstract)\b",
    re.IGNORECASE,
)
# Advice to the reader, which answers "may I" and "what should I do" but not "does it work".
_ADVICE = re.compile(
    r"^(?:spørg|ring|tal med|lad|hold|tag|søg|stop|vent|ændr|brug|følg|gå|ask|call|talk|let|keep|take|seek|see|do not|wait|"
    r"use|follow|never|tell)\b",
    re.IGNORECASE,
)
# How a sentence begins that settles a question: yes, no, or how far it is known.
_SETTLES = re.compile(
    r"^(?:ja|nej|næppe|måske|muligvis|det er (?:ikke (?:vist|bevist|sikkert)|usikkert|uklart)|ingen (?:kan sige|ved)|om magnesium|"
    r"yes|no|hardly|perhaps|maybe|possibly|it (?:is|has) not (?:been )?(?:shown|proven|certain|known)|it is (?:uncertain|unclear|"
    r"unknown)|no one|nobody|whether magnesium|magnesium has not been)\b",
    re.IGNORECASE,
)
_SECTIONS = {
    "studied": re.compile(r"(?:blev undersøgt|was studied)", re.IGNORECASE),
    "found": re.compile(r"(?:hvad viste|was found)", re.IGNORECASE),
    "not_shown": re.compile(r"(?:ikke viser|does not show)", re.IGNORECASE),
    "practice": re.compile(r"(?:i praksis|in practice|practical)", re.IGNORECASE),
    "others": re.compile(r"(?:ikke gælder|does not apply)", re.IGNORECASE),
}
SECTIONS = tuple(_SECTIONS)
"""Sections that notes on sources are made of."""
_COMMON_NAMES = frozenset({"magnesium", "health", "national", "institute", "danish", "center", "office"})
_REMEMBERED = 20_000


def asks_about_article(question: str) -> bool:
    """Whether a question is about the article, or about a text without saying which."""
    return bool(_ABOUT_ARTICLE.search(question))


@dataclass(frozen=True)
class Wanted:
    """What a question asks for."""

    language: Language
    form: Form
    verdict: bool
    about_article: bool
    people: bool
    person: bool
    date: bool
    duration: bool
    numbers: frozenset[str]
    lowered: str
    subjects: Subjects
    studies: frozenset[str]

    @classmethod
    def of(cls, question: str, language: Language) -> Wanted:
        """Read a question."""
        return cls(
            language=language,
            form=question_form(question),
            verdict=asks_verdict(question),
            about_article=asks_about_article(question),
            people=bool(_ASKS_PEOPLE.search(question)),
            person=bool(_ASKS_PERSON.search(question)),
            date=bool(_ASKS_DATE.search(question)),
            duration=bool(_ASKS_DURATION.search(question)),
            numbers=frozenset(numbers_in(question, language)),
            lowered=question.lower(),
            subjects=subjects_of(question, language),
            studies=frozenset(STUDY.findall(question)),
        )


@dataclass(frozen=True)
class Traits:
    """What a sentence offers."""

    terms: frozenset[str]
    context: frozenset[str]
    numbers: frozenset[str]
    amount: bool
    people: bool
    person: bool
    date: bool
    duration: bool
    because: bool
    limit: bool
    advice: bool
    settles: bool
    studies: frozenset[str]
    section: str
    subjects: Subjects
    commas: int
    words: int


@lru_cache(maxsize=_REMEMBERED)
def _around(heading: str, title: str, asked_in: Language) -> tuple[frozenset[str], Subjects]:
    """Terms and subjects of a heading and a title, which many sentences share."""
    around = frozenset(terms(f"{heading} {title}", asked_in))
    return around, subjects_in(around, asked_in)


@lru_cache(maxsize=_REMEMBERED)
def _traits(text: str, heading: str, title: str, language: Language, asked_in: Language) -> Traits:
    own = frozenset(terms(text, asked_in))
    around, entitled = _around(heading, title, asked_in)
    return Traits(
        terms=own,
        context=own | around,
        numbers=frozenset(numbers_in(text, language)),
        amount=bool(_AMOUNT.search(text)),
        people=bool(_PEOPLE.search(text)),
        person=bool(_PERSON.search(text)),
        date=bool(_DATE.search(text)),
        duration=bool(_DURATION.search(text)),
        because=bool(_BECAUSE.search(text)),
        limit=bool(_LIMIT.search(text)),
        advice=bool(_ADVICE.search(text)),
        settles=bool(_SETTLES.search(text)),
        studies=frozenset(STUDY.findall(text)),
        section=next((name for name, pattern in _SECTIONS.items() if pattern.search(heading)), ""),
        # A sentence that names no subject of a kind is about those of its document.
        subjects={kind: named or entitled[kind] for kind, named in subjects_in(own, asked_in).items()},
        commas=text.count(","),
        words=len(text.split()),
    )


def traits(hit: Hit, asked_in: Language) -> Traits:
    """Read a sentence, its words in the way of the question's language."""
    return _traits(hit.sentence.text, hit.passage.heading, hit.metadata.title, hit.metadata.language, asked_in)


def opens_page(hit: Hit) -> bool:
    """Whether a sentence is the first of a topic page, which answers its title directly."""
    start = hit.passage.start
    return (
        hit.metadata.kind is Kind.FAQ
        and hit.sentence.start == start
        and start <= len(hit.passage.heading) + 2
        and hit.passage.heading != ""
    )


def names_study(hit: Hit, lowered_question: str) -> bool:
    """Whether the question names the study that a sentence is from, by its first author or a part of its id."""
    if hit.metadata.kind is Kind.FAQ or hit.metadata.kind is Kind.TABLE:
        return False
    first = _name(hit.metadata.authors, hit.metadata.id)
    return (
        bool(first) and first in lowered_question and (first != "taylor" or str(hit.metadata.year) in lowered_question)
    )


@lru_cache(maxsize=_REMEMBERED)
def _name(authors: tuple[str, ...], document_id: str) -> str:
    """What a study is called by; empty when nothing in it is a name."""
    names = (author.split()[0].lower().strip(",.") for author in authors)
    parts = (part for part in document_id.split("-") if len(part) > 3 and not part.isdigit())
    return next((name for name in names if len(name) > 3 and name not in _COMMON_NAMES), next(parts, ""))
