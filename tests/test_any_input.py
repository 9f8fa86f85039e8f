"""Whatever is asked, in whatever language and after whatever was said: a valid answer with the disclaimer.

`FUZZ=10000 pytest --timeout=0 tests/test_any_input.py` tries that many inputs.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from magbot.assistant import Magbot
from magbot.errors import QuestionError
from magbot.safety import disclaimer
from magbot.schema import Answer, Message, Outcome

CASES = Path(__file__).parent.parent / "eval" / "cases"
ASKED = [
    json.loads(line)["question"]
    for file in sorted(CASES.glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()[::9]
]
PIECES = [
    *ASKED,
    "mg",
    "magnesium",
    "ikke",
    "not",
    "112",
    "<b>",
    "\u202e",
    "\x00",
    "🧂",
    "0,5",
    "1e9",
    "(((",
    "\\",
    "%s",
    "''",
]

anything = st.text(max_size=300)
mixed = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join)
bent = st.tuples(st.sampled_from(ASKED), st.text(max_size=12), st.integers(0, 80)).map(
    lambda parts: parts[0][: parts[2]] + parts[1] + parts[0][parts[2] :]
)
texts = st.one_of(anything, mixed, bent)
histories = st.lists(st.builds(Message, role=st.sampled_from(["user", "assistant"]), content=texts), max_size=4)


@settings(
    max_examples=int(os.environ.get("FUZZ", "150")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(question=texts, history=histories, language=st.sampled_from(["auto", "da", "en"]))
def test_any_input_gets_a_valid_answer(magbot: Magbot, question: str, history: list[Message], language: str) -> None:
    answer = None
    with suppress(QuestionError):  # empty or too long
        answer = magbot.ask(question, history, language)  # type: ignore[arg-type]
    if answer is None:
        return
    assert Answer.model_validate_json(answer.model_dump_json()) == answer
    assert answer.disclaimer == disclaimer(answer.language)
    assert language in ("auto", answer.language)
    assert answer.text
    assert {number for statement in answer.statements for number in statement.citations} <= {
        citation.number for citation in answer.citations
    }
    if answer.outcome is Outcome.URGENT:
        assert answer.notices
        assert not answer.citations
