import pytest

from magbot.question.parts import split_question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("hjælper det mod migræne, og hvor meget skal jeg tage?", ("hjælper det mod migræne", "hvor meget skal jeg tage?")),
        ("Er oxid dårligt optaget? Hvorfor?", ("Er oxid dårligt optaget", "Hvorfor?")),
        ("what did Liu 2016 find and who paid for it?", ("what did Liu 2016 find", "who paid for it?")),
        ("can I take it with antibiotics, and if so how long apart?", ("can I take it with antibiotics", "how long apart?")),
        ("virker det, hvor hurtigt mærker jeg det, og er det farligt", ("virker det, hvor hurtigt mærker jeg det", "er det farligt")),
    ],
)  # fmt: skip
def test_two_questions_are_taken_apart(question: str, parts: tuple[str, ...]) -> None:
    assert split_question(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Hvilken form optages bedst og er billigst",
        "I have kidney disease. Can I take magnesium?",
        "What happens when I take magnesium and when I stop?",
        "Hvis jeg tager piller, hvor meget må jeg så tage",
        "kan jeg tage magnesium og calcium sammen",
        "EU 250 mg yet Norway another number - what and why",
    ],
)
def test_one_question_stays_whole(question: str) -> None:
    assert split_question(question) == (question,)


def test_no_more_than_three_parts() -> None:
    parts = split_question("what is it and what does it do and how much is in nuts and why do I need it")
    assert len(parts) == 3
    assert parts[-1] == "how much is in nuts and why do I need it"
