import pytest

from magbot.question.subjects import Subjects, is_beside, is_other, is_unasked_group, subjects_of
from magbot.schema import Language


def about(text: str, language: Language = "en") -> Subjects:
    return subjects_of(text, language)


@pytest.mark.parametrize(
    ("text", "language", "kind", "names"),
    [
        ("Migræneanfald hos gravide", "da", "condition", {"headache"}),
        ("Migræneanfald hos gravide", "da", "group", {"pregnancy"}),
        ("lægkramper om natten", "da", "condition", {"cramps"}),
        ("Blood was taken under pressure", "en", "condition", {"blood-pressure"}),
        ("Take it with vitamin D", "en", "nutrient", {"vitamin-d"}),
        ("a vitamin", "en", "nutrient", set()),
        ("magnesiumcitratet", "da", "form", {"citrate"}),
    ],
)
def test_subjects_are_told_by_their_words(text: str, language: Language, kind: str, names: set[str]) -> None:
    assert about(text, language)[kind] == names


def test_each_name_has_words_in_both_languages_and_names_its_subject() -> None:
    kinds = about("")
    assert set(kinds) == set(about("", "da")) >= {"condition", "group", "form", "medicine", "nutrient"}
    assert not any(kinds.values())


def test_another_illness_is_another_subject_and_adults_are_everybody() -> None:
    migraine = about("migraine")
    assert is_other(migraine["condition"], about("dementia and memory")["condition"])
    assert not is_other(migraine["condition"], about("migraine and depression")["condition"])
    assert not is_other(about("pregnant")["group"], about("adults and children")["group"])


def test_a_child_is_unasked_where_no_group_is_asked_about() -> None:
    question = about("does magnesium help sleep")
    assert is_unasked_group(question, about("Talk with a doctor before a child gets magnesium"))
    assert not is_unasked_group(about("my daughter sleeps badly"), about("a child"))
    assert not is_unasked_group(question, about("adults and children from 4 years"))


@pytest.mark.parametrize(
    ("question", "first", "further", "beside"),
    [
        ("when is magnesium lowest in migraine", "lowest during migraine", "24% more dementia", True),
        ("when is magnesium lowest in migraine", "lowest during migraine", "trials of migraine are few", False),
        ("how long before it works", "weeks and not days", "in the depression trial mood was better", True),
        ("what are signs of deficiency", "poor appetite and nausea", "cramps and constipation", False),
        ("who lacks magnesium", "people with diabetes", "alcohol dependence lowers it", True),
        ("who lacks magnesium", "people with diabetes or alcohol dependence", "heart disease", False),
        ("does it help sleep", "it is uncertain", "ask before a child gets it", True),
        ("which oxide", "oxide", "citrate", True),
    ],
)
def test_what_is_beside_the_question(question: str, first: str, further: str, *, beside: bool) -> None:
    told = (about(first), about(further))
    assert is_beside(about(question), *told, told_together=False) is beside


def test_what_is_told_together_is_beside_only_if_another_is_asked_about() -> None:
    first, further = about("too much can do harm"), about("it can stop the heart")
    assert is_beside(about("can I get too much"), first, further, told_together=False)
    assert not is_beside(about("can I get too much"), first, further, told_together=True)
    assert is_beside(about("does it help cramps"), first, further, told_together=True)
