from __future__ import annotations

from decimal import Decimal

from web.fake import answered, citation

from magbot.schema import Statement
from magbot.web.answer import answer_body
from magbot.web.charts import compared, listed
from magbot.web.wording import DA, EN

FOODS = "Mest magnesium pr. 100 g: hampefrø (afskallede) 1.700 mg; græskarkerner 59,2 mg; hørfrø 392 mg."
LIMIT = "Den nordiske øvre grænse er 250 mg om dagen for voksne."
US = "Den amerikanske øvre grænse er 350 mg om dagen for voksne fra 19 år."


def statement(text: str, *numbers: int, verbatim: bool = False) -> Statement:
    return Statement(text=text, citations=numbers, verbatim=verbatim)


def limits(*said: Statement):
    cited = [
        citation(n, "USA siger 350 mg om dagen.").model_copy(update={"quote": quote, "document_id": "upper-levels"})
        for n, quote in enumerate((LIMIT, US), 1)
    ]
    return answered("x").model_copy(
        update={"statements": said, "citations": tuple(cited), "caveats": (), "notices": ()}
    )


def test_a_list_of_amounts_becomes_bars_with_a_reference_each() -> None:
    found = listed(statement(FOODS, 4, 1, 2), "da")
    assert found
    lead, bars = found
    assert lead == "Mest magnesium pr. 100 g"
    assert [(bar.name, bar.written, bar.amount, bar.citations) for bar in bars] == [
        ("hampefrø (afskallede)", "1.700", Decimal(1700), (4,)),
        ("græskarkerner", "59,2", Decimal("59.2"), (1,)),
        ("hørfrø", "392", Decimal(392), (2,)),
    ]


def test_a_list_without_a_reference_each_is_cited_as_a_whole() -> None:
    found = listed(statement(FOODS, 1), "da")
    assert found
    assert all(bar.citations == () for bar in found[1])
    html = str(answer_body(1, answered("x").model_copy(update={"statements": (statement(FOODS, 1),)}), DA))
    assert html.count(">[1]<") == 1
    assert "1.700\N{NO-BREAK SPACE}mg" in html


def test_other_statements_stay_sentences() -> None:
    for text in ("Magnesium hjælper: måske 300 mg.", "Ingen tal her.", "Mest: mandler 270 mg; og meget mere."):
        assert listed(statement(text, 1), "da") is None


def test_limits_are_compared_with_the_amount_of_the_answer() -> None:
    answer = limits(
        statement("500 mg om dagen er 250 mg over denne grænse: " + LIMIT, 1), statement(US, 2, verbatim=True)
    )
    bars = compared(answer)
    assert [(bar.amount, bar.own) for bar in bars] == [(500, True), (250, False), (350, False)]
    html = str(answer_body(1, answer, EN))
    assert "The amount in question" in html
    assert "500\N{NO-BREAK SPACE}mg" in html


def test_one_amount_alone_is_no_comparison() -> None:
    assert compared(limits(statement(LIMIT, 1, verbatim=True))) == []
    assert compared(answered("x")) == []


def test_strength_counts_documents_and_sets_caveats_apart() -> None:
    html = str(answer_body(1, answered("x"), DA))
    assert html.count('<i class="mb-dot"></i>') == 4  # three documents and the legend
    assert html.count('<i class="mb-dot mb-against"></i>') == 2  # one document and the legend
    assert "1 kilde tager forbehold" in html
    assert "Kilderne siger ikke helt det samme" in html


def test_a_document_is_listed_once_with_all_its_places() -> None:
    answer = answered("x")
    same = tuple(item.model_copy(update={"document_id": "hjernen-2025"}) for item in answer.citations)
    html = str(answer_body(1, answer.model_copy(update={"citations": same}), DA))
    assert html.count('class="mb-source"') == 1
    assert html.count("mb-places") == 1
