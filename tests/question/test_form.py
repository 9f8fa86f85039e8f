import pytest

from magbot.question.form import Form, question_form


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Hvor meget magnesium er der i mandler?", Form.QUANTITY),
        ("How long until it works?", Form.TIME),
        ("Hvorfor får man kramper?", Form.REASON),
        ("Does magnesium help against migraine?", Form.YES_NO),
        ("Hvilke fødevarer er rige på magnesium?", Form.LIST),
        ("Hvem har skrevet artiklen?", Form.PERSON),
        ("magnesium citrat", Form.OPEN),
    ],
)
def test_the_form_is_told_from_the_words(question: str, form: Form) -> None:
    assert question_form(question) is form
