from collections.abc import Sequence

import numpy as np
import pytest

from magbot.encoder.base import Encoder, Vectors
from magbot.encoder.factory import load_encoder
from magbot.safety import danger, second_opinion
from magbot.safety.concepts import read
from magbot.safety.second_opinion import Opinion, load_model, opinion, parts, signs_in


class OtherEncoder:
    id = "another"
    dimension = 3

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError("its vectors mean nothing to the weights")

    encode_passages = encode_queries


def judged(text: str, encoder: Encoder | None) -> Opinion:
    sentences = read(text)[0]
    return opinion(text, sentences, danger.find(sentences), encoder)


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
    with_encoder, words_alone = judged(text, encoder), judged(text, None)
    assert with_encoder.danger
    assert words_alone.near
    assert {with_encoder.kind, words_alone.kind} == {kind}


@pytest.mark.parametrize("text", ["hvor meget magnesium er der i mandler?", "which form is absorbed best?", "x", ""])
def test_an_ordinary_question_is_no_danger(text: str, encoder: Encoder) -> None:
    assert not judged(text, encoder).danger
    assert not judged(text, None).danger


def test_with_another_encoder_the_words_decide() -> None:
    text = "jeg har planlagt hvordan jeg vil dø i aften"
    assert judged(text, OtherEncoder()) == judged(text, None)


def test_a_long_message_is_judged_sentence_by_sentence_too() -> None:
    text = "Hvad er magnesiumcitrat? Jeg vil dø i nat. Og hvor meget magnesium er der i mandler og i nødder?"
    assert parts(text)[0].text == "Jeg vil dø i nat."
    assert parts("Kort. Jeg vil dø.") == []


def test_the_signs_are_those_that_the_weights_were_made_for() -> None:
    # If this fails, the concepts of rules.yaml have changed: python eval/fit_second_opinion.py
    assert load_model().signs == second_opinion.signs()


def test_what_a_message_is_about_counts_for_its_sentences() -> None:
    told = signs_in(["she swallowed all the pills"], None, excepted=True)
    assert told[second_opinion.signs().index("excepted")] == 1


def test_weights_are_finite() -> None:
    model = load_model()
    assert len(model.kinds) + 1 == len(model.words) == len(model.joint) == len(model.joint_vector)
    assert all(np.isfinite(values).all() for values in (model.words, model.joint, model.joint_vector, *model.hidden))
    assert second_opinion.FILE.stat().st_size < 900_000
