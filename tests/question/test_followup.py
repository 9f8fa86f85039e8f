import pytest

from magbot.question.followup import standalone_question
from magbot.schema import Message


def after(*earlier: str) -> list[Message]:
    return [Message(role="user", content=text) for text in earlier]


@pytest.mark.parametrize(
    ("earlier", "question", "language", "expected"),
    [
        ("Hvor meget magnesium bør mænd få?", "og for kvinder?", "da", "Hvor meget magnesium bør kvinder få?"),
        ("How much magnesium do men need?", "and women?", "en", "How much magnesium do women need?"),
        ("Hjælper magnesium mod migræne?", "hvad med depression", "da", "Hjælper magnesium mod depression?"),
        ("Hvor meget er der i 100 g mandler?", "og i 50 g?", "da", "Hvor meget er der i 50 g mandler?"),
    ],
)
def test_a_new_value_takes_the_place_of_the_old(earlier: str, question: str, language: str, expected: str) -> None:
    assert standalone_question(question, after(earlier), language) == expected


def test_why_keeps_the_question_before() -> None:
    assert "mod migræne" in standalone_question("hvorfor?", after("Hjælper magnesium mod migræne?"), "da")


def test_a_pronoun_brings_the_earlier_subject_along() -> None:
    assert "migraine" in standalone_question("is it dangerous?", after("Does magnesium help migraine?"), "en")


def test_a_whole_question_stands_alone() -> None:
    question = "Hvor meget magnesium er der i mandler?"
    assert standalone_question(question, after("Hjælper magnesium mod migræne?"), "da") == question


def test_another_subject_is_not_mixed_with_the_earlier_one() -> None:
    question = "Hvad er hovedstaden i Frankrig?"
    assert standalone_question(question, after("Må jeg tage magnesium med dårlige nyrer?"), "da") == question


def test_the_first_question_can_be_returned_to() -> None:
    history = after("How many people were in Kieboom 2017?", "Which foods have magnesium?")
    assert "Kieboom" in standalone_question("back to the first thing I asked: who were they?", history, "en")


def test_chains_of_follow_ups_keep_their_subject() -> None:
    history = after("Hvor meget magnesium bør mænd få?", "og kvinder?")
    assert standalone_question("og gravide?", history, "da") == "Hvor meget magnesium bør gravide få?"


def test_what_the_assistant_said_is_not_used() -> None:
    history = [Message(role="assistant", content="Magnesium i rugbrød er guld.")]
    assert standalone_question("og kvinder?", history, "da") == "og kvinder?"


@pytest.mark.parametrize(
    ("earlier", "question", "language", "expected"),
    [
        ("How much magnesium does a man of 40 need?", "and at 12?", "en", "How much magnesium does a man of 12 need?"),
        (
            "hvor meget magnesium skal en pige på 8 have",
            "ups, hun er 9",
            "da",
            "hvor meget magnesium skal en pige på 9 have",
        ),
        (
            "How much magnesium is in walnuts?",
            "I usually eat about 25 g",
            "en",
            "How much magnesium is in walnuts, 25 g?",
        ),
        (
            "upper limit for supplements in the US?",
            "no, I meant the EU",
            "en",
            "upper limit for supplements in the EU?",
        ),
        ("Hjælper magnesium mod uro i benene?", "ikke uro i benene, migræne", "da", "Hjælper magnesium mod migræne?"),
        ("Hvad viste Abbasi 2012?", "hvor mange var med?", "da", "hvor mange var med, Abbasi 2012?"),
        ("Hvad er Magnesia?", "hvem må ikke tage det?", "da", "hvem må ikke tage Magnesia?"),
        (
            "Hjælper magnesium mod forstoppelse?",
            "hvor hurtigt?",
            "da",
            "hvor hurtigt hjælper magnesium mod forstoppelse?",
        ),
        ("how much magnesium in a banana?", "if I eat three?", "en", "how much magnesium in three banana?"),
        ("hvad er 0,8 mmol/l i mg/dl", "og 1,1?", "da", "hvad er 1,1 mmol/l i mg/dl"),
        ("How much magnesium in brown rice?", "not brown, white", "en", "How much magnesium in white rice?"),
        ("Får man diarré af magnesium?", "hvorfor?", "da", "hvorfor får man diarré af magnesium?"),
        ("Hvor meget magnesium er der i spinat?", "and kale?", "en", "Hvor meget magnesium er der i kale?"),
    ],
)
def test_ages_amounts_corrections_studies_and_pronouns(
    earlier: str, question: str, language: str, expected: str
) -> None:
    assert standalone_question(question, after(earlier), language) == expected


def test_an_earlier_topic_can_be_named_again() -> None:
    history = after("Hvor meget magnesium er der i mandler?", "Hjælper magnesium mod migræne?")
    assert "mandler" in standalone_question("tilbage til mandlerne, hvor meget giver 40 g?", history, "da")
    history = after("What did Kieboom 2017 find?", "Which foods are rich in magnesium?")
    assert "Kieboom 2017" in standalone_question("and Kieboom, how many took part?", history, "en")


def test_a_danish_man_is_not_a_man() -> None:
    question = standalone_question("hvordan opdager man det?", after("Hvad er hypermagnesiæmi?"), "da")
    assert question == "hvordan opdager man hypermagnesiæmi?"


@pytest.mark.parametrize("answer", ["Better mood in Tarleton 2017 [1].", "As said, mood was better."])
def test_particulars_stay_with_the_study_that_was_answered_from(answer: str) -> None:
    history = [*after("Does magnesium help depression?"), Message(role="assistant", content=answer)]
    told = standalone_question("how many people took part?", history, "en", lambda _: "Tarleton 2017")
    assert told == "how many people took part, Tarleton 2017?"


def test_particulars_of_a_study_that_is_named_stand_alone() -> None:
    question = "how many people took part in Liu 2016?"
    assert (
        standalone_question(question, after("What did Tarleton 2017 find?"), "en", lambda _: "Abbasi 2012") == question
    )


def test_a_word_for_it_brings_the_subject_along_though_magnesium_is_named() -> None:
    told = standalone_question("hvor mange procent af det er magnesium?", after("Hvad er magnesiumcitrat?"), "da")
    assert told == "hvor mange procent af magnesiumcitrat er magnesium?"


def test_a_new_person_does_not_replace_what_is_asked() -> None:
    told = standalone_question("is it safe for older people?", after("Does magnesium oxide help constipation?"), "en")
    assert told.startswith("is it safe for older people?")


def test_too_much_asks_what_happens() -> None:
    told = standalone_question("og hvis jeg tager for meget?", after("Hvor meget magnesium må jeg tage?"), "da")
    assert told == "hvad sker der, hvis jeg tager for meget magnesium?"


@pytest.mark.parametrize(
    ("earlier", "question", "language", "expected"),
    [
        ("Hvad er symptomerne på magnesiummangel?", "og på for meget?", "da", "Hvad er symptomerne på for meget magnesium?"),
        ("what are signs of too little magnesium?", "and too much?", "en", "what are signs of too much magnesium?"),
        ("how much magnesium for a 14 year old girl", "and boys?", "en", "how much magnesium for a 14 year old boys"),
    ],
)  # fmt: skip
def test_the_other_side_is_asked_for(earlier: str, question: str, language: str, expected: str) -> None:
    assert standalone_question(question, after(earlier), language) == expected


def test_how_often_needs_to_know_of_what() -> None:
    told = standalone_question("hvor mange gange om dagen?", after("Hjælper magnesium mod migræne?"), "da")
    assert "migræne" in told


@pytest.mark.parametrize(
    ("earlier", "question", "language", "expected"),
    [
        # A question beside another goes back to what both are about, not to the one in between.
        (
            ("Can breastfeeding mothers take magnesium?", "how much at most?"),
            "and is it bad for the baby?",
            "en",
            "is it bad for the baby? (Can breastfeeding mothers take magnesium)",
        ),
        # What only says more of the subject stays.
        (
            ("Hvad er normalt magnesium i blodet?", "mit er 0,62"),
            "hvad skal jeg gøre?",
            "da",
            "hvad skal jeg gøre? (mit er 0,62? (Hvad er normalt magnesium i blodet))",
        ),
        (
            ("Er magnesium godt for knoglerne?",),
            "hvor meget skal jeg så tage?",
            "da",
            "hvor meget magnesium skal jeg så tage? (Er magnesium godt for knoglerne)",
        ),
        (
            ("Which foods are high in magnesium?",),
            "and does cooking destroy it?",
            "en",
            "does cooking destroy magnesium?",
        ),
        (
            ("Does magnesium lower blood pressure?",),
            "by how much?",
            "en",
            "by how much? (Does magnesium lower blood pressure)",
        ),
        (
            ("Må jeg tage magnesium med dårlige nyrer?",),
            "hvorfor ikke?",
            "da",
            "hvorfor må jeg ikke tage magnesium med dårlige nyrer?",
        ),
        (
            ("Hjælper magnesium mod depression?",),
            "kan jeg så droppe mine piller?",
            "da",
            "kan jeg så droppe mine piller? (Hjælper magnesium mod depression)",
        ),
    ],
)
def test_what_is_asked_beside_keeps_the_subject(
    earlier: tuple[str, ...], question: str, language: str, expected: str
) -> None:
    assert standalone_question(question, after(*earlier), language) == expected
