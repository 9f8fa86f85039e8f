import pytest
from hypothesis import given
from hypothesis import strategies as st

from magbot.text.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Det er f.eks. ca. 350 mg/dag. Næste sætning.", ["Det er f.eks. ca. 350 mg/dag.", "Næste sætning."]),
        ("Den 25. juli kom den. Så var det godt.", ["Den 25. juli kom den.", "Så var det godt."]),
        ("It holds 1.5 mg, e.g. Mg. Then more.", ["It holds 1.5 mg, e.g. Mg.", "Then more."]),
        ("See Hansen et al. 2015. It works.", ["See Hansen et al. 2015.", "It works."]),
        ("By J. P. Hansen. It works.", ["By J. P. Hansen.", "It works."]),
        ("Together with vitamin D. In 2015 it was tried.", ["Together with vitamin D.", "In 2015 it was tried."]),
        ("Virker det? Ja! Måske…", ["Virker det?", "Ja!", "Måske…"]),
        ("»Virker det?« spurgte hun. Ja.", ["»Virker det?« spurgte hun.", "Ja."]),
        ("Det skete i 2015. Året efter blev det gentaget.", ["Det skete i 2015.", "Året efter blev det gentaget."]),
        ("Han får den på grund af blå læbeø. Ålen er kold.", ["Han får den på grund af blå læbeø.", "Ålen er kold."]),
    ],
)
def test_splits_danish_and_english(text: str, expected: list[str]) -> None:
    assert split(text) == expected


PIECES = st.sampled_from(
    [
        "æøå",
        "Ærø",
        "ca.",
        "f.eks.",
        "1,5",
        "0.75",
        "mg/dag",
        ". ",
        "? ",
        "\n",
        "\r\n",
        " ",
        "🙂",
        "(",
        ")",
        "Dr.",
        "A",
        "»",
        "«",
        "…",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=5))).map("".join))
def test_spans_are_in_order_and_lose_nothing_but_space(text: str) -> None:
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()
