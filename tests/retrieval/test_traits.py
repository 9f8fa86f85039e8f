"""What a question asks for, and what a sentence offers."""

import pytest

from magbot.question.form import Form
from magbot.retrieval.traits import Wanted, names_study, opens_page, traits
from magbot.schema import Hit, Kind, Metadata, Passage, Sentence


def hit(text: str, kind: Kind = Kind.COHORT, start: int = 30, authors: tuple[str, ...] = ()) -> Hit:
    sentence = Sentence(text=text, start=start, end=start + len(text))
    passage = Passage(
        document_id="kieboom-2017",
        language="en",
        text=text,
        start=start,
        end=sentence.end,
        heading="How many people took part?",
        sentences=(sentence,),
    )
    metadata = Metadata(id="kieboom-2017", title="Title", language="en", kind=kind, authors=authors, year=2017)
    return Hit(sentence=sentence, passage=passage, metadata=metadata, score=0.0)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("hvor mange deltagere var med?", "people"),
        ("how many people took part", "people"),
        ("hvem har skrevet artiklen", "person"),
        ("whose name is on the article", "person"),
        ("hvornår udkom den", "date"),
        ("how long does it take", "duration"),
        ("hvad siger artiklen", "about_article"),
    ],
)
def test_what_is_wanted(question: str, name: str) -> None:
    assert getattr(Wanted.of(question, "da"), name)
    assert not getattr(Wanted.of("er magnesium sundt", "da"), name)


def test_numbers_and_form_of_a_question() -> None:
    wanted = Wanted.of("Hvor meget er 1.000 mg?", "da")
    assert wanted.numbers == {"1000"}
    assert wanted.form is Form.QUANTITY


def test_what_a_sentence_offers() -> None:
    offered = traits(hit("By Paul Anthony Taylor: 9,569 people were followed for 8 weeks because of 250 mg."), "en")
    assert offered.people
    assert offered.person
    assert offered.duration
    assert offered.because
    assert offered.amount
    assert "9569" in offered.numbers


def test_a_study_is_named_by_its_first_author() -> None:
    found = hit("It followed people.", authors=("Kieboom BCT", "Licher S"))
    assert names_study(found, "what did kieboom find")
    assert not names_study(found, "what did licher find")
    assert not names_study(hit("It followed people.", Kind.FAQ, authors=("Kieboom BCT",)), "what did kieboom find")


def test_the_direct_answer_of_a_topic_page_is_its_first_sentence() -> None:
    heading = len("How many people took part?")
    assert opens_page(hit("Many.", Kind.FAQ, start=heading + 2))
    assert not opens_page(hit("Many.", Kind.FAQ, start=heading + 90))
    assert not opens_page(hit("Many.", Kind.COHORT, start=heading + 2))
