import pytest

from magbot.retrieval.policy import Policy, opens_with_verdict
from magbot.retrieval.traits import Wanted


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Hjælper magnesium mod kramper?", True),
        ("cystenyrer og magnesium", True),
        ("When I boil my greens, is the magnesium gone?", True),
        ("what happens if I take too much", False),
        ("hvor meget skal jeg have", False),
    ],
)
def test_a_verdict_is_wanted_by_a_yes_or_no_question(question: str, verdict: bool) -> None:
    assert Wanted.of(question, "da").verdict is verdict


def test_findings_limits_and_studies_are_told_apart() -> None:
    found = Policy.of(Wanted.of("What did Mah & Pitre 2021 find?", "en"))
    assert found.findings
    assert not found.limits
    assert found.wanted.studies == {"Mah & Pitre 2021"}
    assert Policy.of(Wanted.of("beviser Kieboom 2017 noget?", "da")).limits


def test_verdicts() -> None:
    assert opens_with_verdict("Ja, men ikke samtidig.")
    assert not opens_with_verdict("Japanske kvinder fik magnesium.")
