"""Reading what models write, in whatever pieces it comes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from magbot.answer.generative.drafts import Draft, DraftReader

IDS = frozenset({"a1b2c3d4", "e5f6a7b8"})
WANTED = [Draft("Almonds hold 270 mg.", ("a1b2c3d4",)), Draft("Oats hold 138 mg.", ("a1b2c3d4", "e5f6a7b8"))]
OBJECTS = [{"text": draft.text, "citations": list(draft.ids)} for draft in WANTED]
FORMS = {
    "lines": "\n".join(map(json.dumps, OBJECTS)),
    "array": json.dumps(OBJECTS),
    "document": json.dumps({"statements": OBJECTS}, indent=2),
    "fenced": f"```json\n{json.dumps(OBJECTS)}\n```",
    "marks": "Almonds hold 270 mg [a1b2c3d4]. Oats hold 138 mg [a1b2c3d4][e5f6a7b8].",
    "bullets": "- **Almonds** hold 270 mg. [a1b2c3d4]\n- Oats hold 138 mg. [a1b2c3d4, e5f6a7b8]",
    "thinking": f"<think>[a1b2c3d4] hm {{}}</think>{json.dumps(OBJECTS[0])}\n{json.dumps(OBJECTS[1])}",
}


@given(form=st.sampled_from(sorted(FORMS)), size=st.integers(1, 40))
def test_every_form_in_every_size_of_pieces_gives_the_same(form: str, size: int) -> None:
    reader = DraftReader(IDS)
    text = FORMS[form]
    found = [d for start in range(0, len(text), size) for d in reader.feed(text[start : start + size])]
    assert [*found, *reader.close()] == WANTED


@given(st.text(alphabet='[]{}"a1b2:,\\ \n<think>/.', max_size=200))
def test_nothing_a_model_writes_breaks_the_reader(text: str) -> None:
    reader = DraftReader(IDS)
    for draft in [*reader.feed(text), *reader.close()]:
        assert draft.text.strip()


def test_a_statement_is_given_as_soon_as_it_is_whole() -> None:
    reader = DraftReader(IDS)
    assert reader.feed(FORMS["lines"][:-5]) == WANTED[:1]


def test_each_sentence_is_a_statement() -> None:
    reader = DraftReader(IDS)
    both = json.dumps({"text": "Almonds hold 270 mg. They cure all.", "citations": ["a1b2c3d4"]})
    assert [d.text for d in reader.feed(both)] == ["Almonds hold 270 mg.", "They cure all."]


def test_text_without_a_mark_cites_nothing() -> None:
    reader = DraftReader(IDS)
    assert reader.feed("Magnesium is good.") == []
    assert reader.close() == [Draft("Magnesium is good.", ())]
