"""Questions that ask two things, asked of the shipped corpus."""

from magbot.answer.compose import lead_in
from magbot.assistant import Magbot


def test_each_part_is_led_by_its_words_and_they_share_the_length(magbot: Magbot) -> None:
    answer = magbot.ask("hjælper magnesium mod migræne, og hvor meget magnesium er der i 50 g mandler?")
    leads = [statement.lead for statement in answer.statements if statement.lead]
    assert leads == ["Hjælper magnesium mod migræne?", "Hvor meget magnesium er der i 50 g mandler?"]
    assert "135 mg" in answer.text
    assert all(lead in answer.text for lead in leads)
    assert len(answer.text.split()) <= 140


def test_a_part_that_the_sources_do_not_settle_is_named(magbot: Magbot) -> None:
    answer = magbot.ask("does magnesium help me sleep, and what does it cost at Tesco?")
    assert answer.outcome == "answered"
    assert "What does it cost at Tesco?" in answer.caveats[0].text
    assert not answer.caveats[0].citations


def test_a_question_of_the_corpus_is_not_taken_apart(magbot: Magbot) -> None:
    answer = magbot.ask("Hvornår på dagen skal man tage magnesium, og skal det være sammen med mad?")
    assert not any(statement.lead for statement in answer.statements)


def test_a_lead_holds_no_markup() -> None:
    assert lead_in("is [this](x) **it**\u200b") == "Is this(x) it?"
