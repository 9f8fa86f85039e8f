from magbot.question.brands import with_generic_names


def test_a_brand_becomes_what_the_sources_call_it() -> None:
    assert with_generic_names("tømmer Losec mig?", "da") == "tømmer omeprazol (mavesyrehæmmer) mig?"
    assert with_generic_names("does centyl drain me", "en") == "does bendroflumethiazide (diuretic) drain me"


def test_other_words_stay() -> None:
    assert with_generic_names("omeprazol og magnesium", "da") == "omeprazol og magnesium"
