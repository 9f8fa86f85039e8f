from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from magbot.assistant import Magbot
from magbot.safety import data
from magbot.safety.data import load


def supports(value: Any) -> Iterator[tuple[str, str, str]]:
    """(document id, language, quote) of every support in a data file."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield from ((value["id"], language, value[language]) for language in ("da", "en"))
        for inner in value.values():
            yield from supports(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from supports(inner)


@pytest.mark.parametrize("name", ["notices", "medicines"])
def test_every_support_is_a_sentence_of_the_corpus(magbot: Magbot, name: str) -> None:
    found = list(supports(load(name)))
    assert found
    for document_id, language, quote in found:
        text = " ".join(magbot.document(document_id, language).text.split())
        assert " ".join(quote.split()) in text, f"{name}.yaml: {document_id}.{language}: {quote}"


def test_numbers_stand_in_one_file_only() -> None:
    package = Path(data.__file__).parent
    numbers = load("help_lines")
    assert "112" in str(numbers)
    for path in package.glob("*.yaml"):
        if path.name != "help_lines.yaml":
            assert "70 201 201" not in path.read_text(encoding="utf-8")
