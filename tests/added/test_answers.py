"""What answers make of added documents, beside the whole shipped corpus."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import document_files as files
import pytest
from rich.console import Console

from magbot.added.report import Upload
from magbot.assistant import Magbot
from magbot.interfaces.terminal import show_answer
from magbot.settings import load_settings
from magbot.web.export import answer_text

DULSE = files.pdf(
    [
        ["# Dulse from the Faroe Islands", "This report is about a red seaweed."],
        [
            "The Joensen 2021 trial gave 52 adults 5 g dulse a day for nine weeks.",
            "In Joensen 2021, blood pressure fell by 3.1 mmHg more with dulse than with placebo.",
            "Drying dulse in the sun takes away 12 % of its magnesium.",
        ],
    ]
)
SEA = "# Havvand\n\nHavvand fra Kattegat rummer 1.020 mg magnesium pr. liter."


@pytest.fixture(scope="module")
def with_added(shipped_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Magbot:
    data = tmp_path_factory.mktemp("added") / "data"
    shutil.copytree(shipped_data, data)
    magbot = Magbot(load_settings(data_dir=data))
    assert not magbot.add([Upload("dulse.pdf", DULSE), Upload("hav.md", SEA.encode())]).failed
    return magbot


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("How many adults took part in Joensen 2021?", "52 adults"),
        ("Hvor mange voksne deltog i Joensen 2021?", "52 adults"),
        ("Hvor meget magnesium mister man ved at tørre dulse i solen?", "12 %"),
        ("Hvor meget magnesium rummer havvand fra Kattegat?", "1.020 mg"),
        ("How much magnesium does sea water from Kattegat contain?", "1.020 mg"),
    ],
)
def test_a_document_in_one_language_answers_questions_in_both(with_added: Magbot, question: str, fact: str) -> None:
    answer = with_added.ask(question)
    cited = [citation for citation in answer.citations if fact in citation.quote]
    assert cited, answer.text
    assert not cited[0].reviewed


@pytest.mark.parametrize("question", ["Hvad koster magnesium hos Matas?", "Hvor meget magnesium er der i en cykel?"])
def test_what_was_not_answered_is_not_answered_by_chance(with_added: Magbot, question: str) -> None:
    assert with_added.ask(question).outcome == "not_in_corpus"


def test_the_label_and_the_page_reach_terminal_export_and_json(with_added: Magbot) -> None:
    answer = with_added.ask("Hvor mange voksne deltog i Joensen 2021?")
    (cited,) = (citation for citation in answer.citations if "52 adults" in citation.quote)
    assert (cited.page, cited.heading) == (2, "Dulse from the Faroe Islands")
    assert '"reviewed":false' in cited.model_dump_json()
    console = Console(record=True, width=200, file=io.StringIO())
    show_answer(answer, console)
    for shown in (console.export_text(), answer_text("?", answer)):
        assert "ikke gennemgået, side 2" in shown


def test_a_reviewed_document_loses_the_label(with_added: Magbot) -> None:
    with_added.review("added-hav")
    answer = with_added.ask("Hvor meget magnesium rummer havvand fra Kattegat?")
    assert [citation.reviewed for citation in answer.citations if citation.document_id == "added-hav"] == [True]
