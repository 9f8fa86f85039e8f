from magbot.question.spelling import Vocabulary, mend_spelling

WORDS = Vocabulary(["magnesium for women and men", "magnesium for women, recommended", "recommended"], "en")


def mend(question: str) -> str:
    return mend_spelling(question, lambda word: False, lambda: WORDS)


def test_misspelt_words_are_mended() -> None:
    assert mend("reccomended magnesum for wemen") == "recommended magnesium for women"


def test_known_and_far_words_stay() -> None:
    assert mend("magnesium for pilots") == "magnesium for pilots"


def test_names_stay() -> None:
    assert mend("the Womem trial") == "the Womem trial"
