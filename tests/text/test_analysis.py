from magbot.text.analysis import terms


def test_danish_compounds_meet_their_parts() -> None:
    assert "tilskud" in terms("magnesiumtilskud", "da")
    assert "mangel" in terms("magnesiummangel", "da")


def test_spellings_without_danish_letters_meet() -> None:
    assert terms("soevn", "da") == terms("søvn", "da") == terms("sovn", "da")


def test_inflections_meet() -> None:
    assert terms("sleeping", "en") == terms("sleep", "en")
    assert terms("gravide", "da") == terms("gravid", "da")


def test_numbers_stay_whole_and_meet_across_languages() -> None:
    assert "0p75" in terms("0,75 mmol", "da")
    assert "219224" in terms("219,224 people", "en")
