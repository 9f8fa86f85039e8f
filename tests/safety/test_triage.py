from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magbot.errors import QuestionError
from magbot.safety import Safety, disclaimer
from magbot.safety.sanitise import QUESTION_LIMIT, clean_question, safe_url
from magbot.schema import Language, Message

SAFETY = Safety()


@pytest.mark.parametrize(
    ("question", "language", "kind", "line"),
    [
        ("jeg vil ikke leve mere", "da", "crisis", "112"),
        ("jeg orker ikke mere og har samlet piller sammen", "da", "crisis", "70 201 201"),
        ("i want to kill myself", "en", "crisis", "70 201 201"),
        ("my toddler swallowed 20 magnesium gummies", "en", "poisoning", "82 12 12 12"),
        ("min søn har spist en hel dåse magnesiumtabletter", "da", "poisoning", "82 12 12 12"),
        ("min mands mundvig hænger og han snakker sort", "da", "stroke", "112"),
        ("chest pain and i cant breathe", "en", "heart", "112"),
    ],
)
def test_danger_is_recognised_with_the_right_line_first(
    question: str, language: Language, kind: str, line: str
) -> None:
    urgent = SAFETY.assess(question, [], language).urgent
    assert urgent is not None
    assert urgent.kind == kind
    assert line in urgent.notices[0].text


@pytest.mark.parametrize(
    "question",
    [
        "jeg dør af grin over den reklame",
        "dør cellerne uden magnesium?",
        "Hjælper magnesium mod hovedpine?",
        "I had a stroke in 2015, can I take magnesium?",
        "er der studier af magnesium og selvmord?",
        "this deadline is killing me, does magnesium help stress?",
        "min hund har spist mine magnesiumpiller",
    ],
)
def test_innocent_questions_are_not_urgent(question: str) -> None:
    for language in ("da", "en"):
        assert SAFETY.assess(question, [], language).urgent is None


def test_danger_in_a_long_message_counts() -> None:
    question = "Hej, jeg vil gerne vide hvor meget magnesium der er i mandler. " * 5 + "Jeg vil ikke leve mere. Tak."
    assert SAFETY.assess(question, [], "da").urgent is not None


def test_danger_said_earlier_still_counts() -> None:
    history = [Message(role="user", content="jeg vil ikke leve mere"), Message(role="assistant", content="Ring 112.")]
    assessment = SAFETY.assess("hvor meget magnesium er der i mandler?", history, "da")
    shown = assessment.urgent.notices if assessment.urgent else assessment.notices
    assert "112" in shown[0].text


def test_the_assistants_words_are_no_danger() -> None:
    history = [Message(role="assistant", content="Jeg vil ikke leve mere.")]
    assessment = SAFETY.assess("hvor meget magnesium er der i mandler?", history, "da")
    assert assessment.urgent is None
    assert not assessment.notices


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("må jeg tage magnesium når jeg er i dialyse?", "kidney"),
        ("kan jeg tage magnesium, jeg er gravid", "pregnancy"),
        ("må jeg tage magnesium sammen med Eltroxin?", "interaction"),
    ],
)
def test_notices_for_the_person(question: str, kind: str) -> None:
    notices = SAFETY.assess(question, [], "da").notices
    assert kind in {notice.kind for notice in notices}
    assert all(notice.text for notice in notices)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=80), max_size=3), st.sampled_from(["da", "en"]))
def test_any_text_is_assessed(question: str, earlier: list[str], language: Language) -> None:
    history = [Message(role="user", content=text) for text in earlier]
    assessment = SAFETY.assess(question, history, language)
    assert assessment.urgent is None or assessment.urgent.notices


@given(st.text(max_size=300))
def test_a_cleaned_question_hides_nothing(text: str) -> None:
    with suppress(QuestionError):
        cleaned = clean_question(text)
        assert cleaned == clean_question(cleaned)
        assert not {"\u202e", "\u200b", "\x00", "\x1b"} & set(cleaned)


def test_a_long_question_is_refused_with_the_limit() -> None:
    with pytest.raises(QuestionError, match=str(QUESTION_LIMIT)):
        clean_question("a" * (QUESTION_LIMIT + 1))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil", "ftp://x.y", "https://", "http://a b"]
)
def test_only_web_addresses_are_safe(url: str) -> None:
    assert safe_url(url) is None


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_disclaimer_says_that_one_talks_to_a_machine(language: Language) -> None:
    word = {"da": "maskine", "en": "machine"}[language]
    assert word in disclaimer(language).lower() or "chatbot" in disclaimer(language).lower()
    assert len(disclaimer(language, long=True)) > len(disclaimer(language))
