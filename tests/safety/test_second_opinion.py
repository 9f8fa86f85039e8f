from collections.abc import Sequence

import numpy as np
import pytest

from magbot.encoder.base import Encoder, Vectors
from magbot.encoder.factory import load_encoder
from magbot.safety import second_opinion
from magbot.safety.second_opinion import clauses, load_model, opinion


class OtherEncoder:
    id = "another"
    dimension = 3

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError("its vectors mean nothing to the weights")

    encode_passages = encode_queries


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_the_weights_belong_to_the_bundled_encoder(encoder: Encoder) -> None:
    # If this fails, the encoder has changed: python eval/fit_second_opinion.py
    assert load_model().encoder == encoder.id


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("jeg har planlagt hvordan jeg vil dø i aften", "crisis"),
        ("nothing left for me, i will end my life tonight", "crisis"),
        ("min lille pige slugte alle mine jernpiller", "poisoning"),
        ("suddenly half her face hangs and she talks gibberish", "stroke"),
        ("min tunge svulmer op efter kapslen og jeg kan ikke synke", "allergy"),
    ],
)
def test_danger_in_words_of_its_own(text: str, kind: str, encoder: Encoder) -> None:
    with_encoder, words_alone = opinion(text, encoder), opinion(text, None)
    assert with_encoder.likely
    assert words_alone.maybe
    assert {with_encoder.kind, words_alone.kind} == {kind}


@pytest.mark.parametrize("text", ["hvor meget magnesium er der i mandler?", "which form is absorbed best?", "x", ""])
def test_an_ordinary_question_is_no_danger(text: str, encoder: Encoder) -> None:
    assert not opinion(text, encoder).likely
    assert not opinion(text, None).likely


def test_with_another_encoder_the_words_decide() -> None:
    text = "jeg har planlagt hvordan jeg vil dø i aften"
    assert opinion(text, OtherEncoder()) == opinion(text, None)


def test_danger_beside_a_question_is_judged_by_itself() -> None:
    text = "Hvad er magnesiumcitrat? Jeg vil dø i nat. Tak"
    assert "Jeg vil dø i nat." in clauses(text)
    assert clauses("kort") == ["kort"]


def test_weights_are_finite() -> None:
    model = load_model()
    assert len(model.kinds) + 1 == len(model.words) == len(model.joint) == len(model.joint_vector)
    assert all(np.isfinite(values).all() for values in (model.words, model.joint, model.joint_vector))
    assert second_opinion.FILE.stat().st_size < 400_000
