"""One small sound corpus, and one thing wrong with it at a time."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from magbot.corpus.check import check_corpus

HEAD = """---
id: {id}
title: {title}
authors: [Test A]
year: 2020
kind: {kind}
evidence_level: 2
evidence_reason: {reason}
url: https://example.org/{id}
language: {language}
licence: own words
population: {population}
topics: [sleep]
---
"""
NOTE = {
    "da": [
        "Magnesium blev i Prøve 2020 givet til 46 ældre mennesker i 8 uger.",
        "Dosis i Prøve 2020 var 0,5 g magnesium om dagen.",
    ],
    "en": [
        "In Prøve 2020 magnesium was given to 46 elderly people for 8 weeks.",
        "The dose in Prøve 2020 was 0.5 g magnesium a day.",
    ],
}
PAGE = {
    "da": 'Ældre mennesker fik magnesium i 8 uger i forsøget. [@proeve-2020, "givet til 46 ældre"]',
    "en": 'Elderly people were given magnesium for 8 weeks in the trial. [@proeve-2020, "to 46 elderly people"]',
}
SIDECAR = {
    "id": "foods",
    "title": {"da": "Magnesium i mad", "en": "Magnesium in food"},
    "evidence_level": 5,
    "evidence_reason": {"da": "Målte værdier i mad", "en": "Measured values in food"},
    "authors": ["Test A"],
    "licence": "own words",
    "topics": ["sleep"],
    "columns": {"mg": {"unit": "mg"}},
    "number_columns": ["mg"],
    "row": {
        "da": "{food_da} indeholder {mg} mg magnesium pr. 100 g.",
        "en": "{food_en} contain {mg} mg magnesium per 100 g.",
    },
}
TABLE = "food_da,food_en,mg,status,source_id\nMandler,Almonds,270,verified,usda\n"


def head(kind: str, language: str, **changes: str) -> str:
    danish = language == "da"
    values = {
        "id": "proeve-2020" if kind != "faq" else "page",
        "title": "Prøve om magnesium" if danish else "A trial of magnesium",
        "kind": kind,
        "reason": "Et lille forsøg" if danish else "A small trial",
        "language": language,
        "population": "ældre" if danish else "elderly people",
    }
    return HEAD.format_map(values | changes)


def note(language: str, *sentences: str) -> str:
    return head("randomised-trial", language) + "\n# Prøve 2020\n\n" + "\n".join(sentences or NOTE[language]) + "\n"


def page(language: str, body: str = "") -> str:
    return head("faq", language) + "\n# Prøve?\n\n" + (body or PAGE[language]) + "\n"


def questions(path: Path, entries: list[tuple[str, str, str, list[str]]]) -> None:
    lines = [
        json.dumps(dict(zip(("document", "language", "quote", "questions"), entry, strict=True))) for entry in entries
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


ASKED = ["how long", "how many weeks", "for how long was it given"]


def three(folder: Path) -> list[tuple[str, str, str, list[str]]]:
    entries = [("proeve-2020", language, text, ASKED) for language in ("da", "en") for text in NOTE[language]]
    return entries + [("page", language, PAGE[language].split(" [@")[0], ASKED) for language in ("da", "en")]


def reference(quote: dict[str, str]) -> dict[str, object]:
    return {"document": "proeve-2020", "quote": quote}


def qualify(folder: Path, summary: dict[str, str], quote: dict[str, str] | None = None) -> None:
    by = reference({language: NOTE[language][1] for language in ("da", "en")})
    statement = reference(quote or {language: NOTE[language][0] for language in ("da", "en")})
    entries = [{"statement": statement, "qualified_by": [by], "summary": summary}]
    (folder / "qualifications.yaml").write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")


def table(folder: Path, rows: str = TABLE, **changes: object) -> None:
    (folder / "foods.csv").write_text(rows, encoding="utf-8")
    (folder / "foods.yaml").write_text(yaml.safe_dump(SIDECAR | changes, allow_unicode=True), encoding="utf-8")


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "questions").mkdir(parents=True)
    for language in ("da", "en"):
        write(folder, f"proeve-2020.{language}.md", note(language))
        write(folder, f"page.{language}.md", page(language))
    table(folder)
    qualify(folder, {"da": "Dosis var 0,5 g.", "en": "The dose was 0.5 g."})
    questions(folder / "questions" / "all.jsonl", three(folder))
    return folder


def test_a_sound_corpus_has_no_problems_and_is_counted(corpus: Path) -> None:
    report = check_corpus(corpus)
    assert report.problems == []
    assert report.counts == {
        "documents": 3, "notes": 1, "topic pages": 1, "tables": 1, "table rows": 1, "Danish sentences": 4,
        "English sentences": 4, "qualifications": 1, "questions": 18,
    }  # fmt: skip


ELSEWHERE = 'Elderly people were given magnesium for long in the trial. [@foods, "Almonds contain"]'
ABSENT = {"da": "Det står her ikke.", "en": "It is not here."}
LONG = "Magnesium " + "og mere magnesium " * 16 + "er for meget at sige."

WRONG: dict[str, tuple[Callable[[Path], None], str]] = {
    "a number only in the Danish": (
        lambda f: write(f, "proeve-2020.da.md", note("da", NOTE["da"][0], "Dosis i Prøve 2020 var 0,6 g magnesium om dagen.")),
        "sentence 2 differs between the languages in the numbers 0.5, 0.6",
    ),
    "a number only in the English": (
        lambda f: write(f, "proeve-2020.en.md", note("en", NOTE["en"][0], "The dose in Prøve 2020 was 0.5 g a day for 9 days.")),
        "sentence 2 differs between the languages in the numbers 9",
    ),
    "a twin that is missing": (lambda f: (f / "page.en.md").unlink(), "page: there is only a version in “da”"),
    "a twin with another structure": (
        lambda f: write(f, "proeve-2020.en.md", note("en", NOTE["en"][0])), "2 Danish and 1 English sentences",
    ),
    "twins that rest on other documents": (
        lambda f: write(f, "page.en.md", page("en", ELSEWHERE)),
        "do not rest on the same documents",
    ),
    "a sentence that is too long": (lambda f: write(f, "proeve-2020.da.md", note("da", NOTE["da"][0], LONG)), "words (at most 45)"),
    "a sentence in two notes": (
        lambda f: write(f, "other.da.md", head("cohort", "da", id="other") + NOTE["da"][0] + "\n"), "stands in other.da too",
    ),
    "English in the Danish": (
        lambda f: write(f, "proeve-2020.da.md", note("da", *NOTE["en"])), "is not in the language “da”",
    ),
    "Danish in the English": (
        lambda f: write(f, "proeve-2020.en.md", note("en", *NOTE["da"])), "is not in the language “en”",
    ),
    "a malformed link": (
        lambda f: write(f, "proeve-2020.da.md", note("da").replace("https://example.org", "example")), "is not a link",
    ),
    "no evidence level": (
        lambda f: write(f, "proeve-2020.da.md", note("da").replace("evidence_level: 2\n", "")), "“evidence_level” is missing",
    ),
    "a topic of its own": (
        lambda f: [write(f, f"page.{x}.md", page(x).replace("[sleep]", "[odd]")) for x in ("da", "en")] and None,
        "no other document has the topic “odd”",
    ),
    "a page that cites what is not there": (
        lambda f: write(f, "page.da.md", page("da", 'Ældre mennesker fik magnesium i forsøget. [@nobody, "givet til"]')),
        "“givet til” is in 0 sentences of nobody",
    ),
    "a page's number that its source lacks": (
        lambda f: write(f, "page.da.md", page("da", PAGE["da"].replace("8 uger", "9 uger"))), "9 is not in the source of",
    ),
    "a page's sentence without source": (
        lambda f: write(f, "page.da.md", page("da", PAGE["da"] + "\nMagnesium er godt for alle mennesker.")), "no source is given",
    ),
    "a qualification that quotes nothing": (
        lambda f: qualify(f, {"da": "Nej.", "en": "No."}, ABSENT), "not a quote of proeve-2020.da",
    ),
    "a summary's number that no quote has": (
        lambda f: qualify(f, {"da": "Dosis var 7 g.", "en": "The dose was 7 g."}), "7 in the da summary is in no quote",
    ),
    "summaries with different numbers": (
        lambda f: qualify(f, {"da": "Dosis var 0,5 g.", "en": "The dose was small."}), "the summaries differ in the numbers 0.5",
    ),
    "a number column without unit": (lambda f: table(f, columns={}), "the number column “mg” has no unit"),
    "a cell that is no number": (lambda f: table(f, TABLE.replace("270", "270 mg")), "line 2: “270 mg” in “mg” is not a number"),
    "a row that nobody verified": (lambda f: table(f, TABLE.replace("verified", "unverified")), "the status “unverified” is not one of"),
    "a row without source": (lambda f: table(f, TABLE.replace("usda", "")), "line 2: the row has no source"),
    "a question to a sentence that is gone": (
        lambda f: questions(f / "questions" / "all.jsonl", [*three(f), ("page", "en", "It was so.", ASKED)]), "not a sentence of page.en",
    ),
    "a sentence with too few questions": (
        lambda f: questions(f / "questions" / "all.jsonl", three(f)[1:]), "1 sentences of proeve-2020.da have fewer than 3 questions",
    ),
    "a question twice": (
        lambda f: questions(f / "questions" / "all.jsonl", [*three(f), (*three(f)[-1][:3], ["How long"])]), "“how long” stands twice",
    ),
    "a questions file that cannot be read": (lambda f: write(f / "questions", "all.jsonl", "{"), "line 1 cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_named(corpus: Path, what: str) -> None:
    spoil, said = WRONG[what]
    spoil(corpus)
    assert any(said in problem for problem in check_corpus(corpus).problems), check_corpus(corpus).problems


def test_a_reporting_case_beside_the_corpus_may_not_be_copied(corpus: Path) -> None:
    asked = "for how many weeks were the elderly given magnesium"
    questions(corpus / "questions" / "more.jsonl", [("page", "en", three(corpus)[-1][2], [asked])])
    cases = corpus.parent / "eval" / "cases"
    cases.mkdir(parents=True)
    for split in ("dev", "test"):
        case = {"id": split, "split": split, "question": "For how many weeks were the elderly given magnesium?"}
        write(cases, f"{split}.jsonl", json.dumps(case))
    problems = check_corpus(corpus).problems
    assert len(problems) == 1
    assert problems[0].startswith("eval/cases: test (")


def test_a_corpus_without_questions_is_sound(corpus: Path) -> None:
    (corpus / "questions" / "all.jsonl").unlink()
    (corpus / "questions").rmdir()
    assert check_corpus(corpus).problems == []
