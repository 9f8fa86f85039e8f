import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from magbot.retrieval.ranking import rank
from magbot.retrieval.search import Found, Signals
from magbot.schema import Hit, Metadata, Passage, Sentence

SHARE = st.floats(0, 1, allow_nan=False)


def hit(reviewed: bool, level: int | None, dense: float, lexical: float, matched: float) -> Hit:
    text = "Magnesium is found in kelp."
    sentence = Sentence(text=text, start=0, end=len(text))
    name = "studies" if reviewed else "added-studies"
    return Hit(
        sentence=sentence,
        passage=Passage(document_id=name, language="en", text=text, start=0, end=len(text), sentences=(sentence,)),
        metadata=Metadata(id=name, title="Kelp", language="en", evidence_level=level, reviewed=reviewed),
        score=0.0,
        dense=dense,
        lexical=lexical,
        question_match=matched,
    )


@given(SHARE, SHARE, SHARE, st.sampled_from([None, 1, 2, 3, 4, 5]), st.sampled_from([None, 1, 2, 3, 4, 5]))
def test_an_unreviewed_document_never_outranks_a_reviewed_one_that_fits_as_well(
    dense: float, lexical: float, matched: float, level: int | None, claimed: int | None
) -> None:
    hits = (hit(False, claimed, dense, lexical, matched), hit(True, level, dense, lexical, matched))
    weights = {"kelp": 1.0, "magnesium": 0.5}
    signals = tuple(Signals(dense=dense, question=matched, words=lexical) for _ in hits)
    found = Found(
        question="Is magnesium found in kelp?",
        language="en",
        hits=hits,
        signals=signals,
        vector=np.zeros(3, dtype=np.float32),
        weights=weights,
        unknown=frozenset(),
        mended=frozenset(),
    )
    assert [item.metadata.reviewed for item, _ in rank(found)] == [True, False]
