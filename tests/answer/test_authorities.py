"""Figures of authorities side by side, on the shipped corpus."""

import pytest

from magbot.assistant import Magbot
from magbot.text.numbers import numbers_in


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("what is the upper limit for magnesium supplements in Britain?", ("EU 250", "USA 350", "Norway")),
        ("hvad er den øvre grænse for magnesium i USA?", ("250",)),
        ("what does the UK recommend for a man of 40?", ("350 mg a day for men", "USA 420")),
    ],
)
def test_the_others_are_shown_with_their_names(magbot: Magbot, question: str, others: tuple[str, ...]) -> None:
    answer = magbot.ask(question)
    caveats = " ".join(caveat.text for caveat in answer.caveats)
    assert all(other in caveats for other in others)
    by_number = {citation.number: citation.quote for citation in answer.citations}
    for caveat in answer.caveats:
        held = {number for cited in caveat.citations for number in numbers_in(by_number[cited], answer.language)}
        assert set(numbers_in(caveat.text, answer.language)) - {"2023"} <= held | {"31", "50"}


def test_an_answer_that_has_both_needs_no_more(magbot: Magbot) -> None:
    answer = magbot.ask("er maksgrænsen for piller ens i EU og USA?")
    assert not any("ikke den samme alle steder" in caveat.text for caveat in answer.caveats)


def test_what_qualifies_a_statement_qualifies_its_twin(magbot: Magbot) -> None:
    answer = magbot.ask("In the depression trial Tarleton 2017, how long did people take magnesium to feel better?")
    assert any("no placebo" in caveat.text for caveat in answer.caveats)
