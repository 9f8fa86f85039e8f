"""Notices name the point that matters, and only where it matters."""

import re
from pathlib import Path

import pytest

from magbot.safety import Safety

SAFETY = Safety()


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("jeg går i dialyse og har kramper i benene", "da", "kidney"),
        ("breastfeeding and magnesium glycinate", "en", "pregnancy"),
        ("hvor meget magnesium må min søn på 4 få", "da", "child"),
        ("My grandfather is 88 and takes magnesium oxide daily", "en", "older"),
        ("har av-blok grad 2, må jeg tage magnesium", "da", "contraindication"),
        ("Jeg tager Eltroxin, hvornår kan jeg tage magnesium?", "da", "interaction"),
        ("lithium and magnesium", "en", "interaction"),
        ("Can I take magnesium with melatonin?", "en", "unknown-medicine"),
        ("kan jeg stoppe med sertralin og tage magnesium i stedet", "da", "stopping-medicine"),
        ("Is 800 mg of magnesium a day too much?", "en", "high-dose"),
        ("Har jeg magnesiummangel?", "da", "boundary"),
        ("My blood test says 0.68, is that bad", "en", "boundary"),
        ("going under general anaesthetic tomorrow, took magnesium today", "en", "surgery"),
        ("skal under kniven på mandag, magnesium?", "da", "surgery"),
        ("doxy and a magnesium drink the same evening?", "en", "interaction"),
        ("poden går i 2. klasse, hvilken magnesium hjælper ham", "da", "child"),
        ("Dad's 84 and wants milk of magnesia", "en", "older"),
        ("he takes 1 g elemental magnesium a day, should I", "en", "high-dose"),
        ("TTC for six months, does magnesium matter?", "en", "pregnancy"),
        ("I'm 14 and want to take magnesium", "en", "child"),
        ("I take four 200 mg magnesium pills a day", "en", "high-dose"),
        ("halverede min Selo-Zok, efter jeg begyndte på magnesium", "da", "stopping-medicine"),
    ],
)
def test_the_right_notice(question, language, kind):
    assert kind in [n.kind for n in SAFETY.assess(question, (), language).notices]


@pytest.mark.parametrize(
    "question",
    [
        "Hvor meget magnesium er der i mandler?",
        "Hvad er forskellen på magnesiumcitrat og magnesiumoxid?",
        "What is the recommended intake for women?",
        "How does magnesium block the NMDA receptor?",
        "What dose did the migraine trials use?",
        "How soon does magnesium work?",
        "Ten days of magnesium, what happens?",
        "skip breakfast and magnesium tablets on an empty stomach",
        "12 weeks of magnesium, which foods help?",
    ],
)
def test_no_needless_notice(question):
    assert SAFETY.assess(question, (), "en").notices == ()


def test_spacing_in_hours_and_misspelt_names():
    (notice,) = SAFETY.assess("can i take magnesium with levothyroxin", (), "en").notices
    assert "4 hours" in notice.text
    kinds = [n.kind for n in SAFETY.assess("doxycyklin og magnesium sammen?", (), "da").notices]
    assert "interaction" in kinds


def test_no_number_outside_the_help_lines():
    for name in ("urgent", "notices", "disclaimer", "medicines"):
        text = (Path(__file__).resolve().parents[2] / f"src/magbot/safety/{name}.yaml").read_text(encoding="utf-8")
        if name == "notices":
            text = re.sub(r"^concepts:.*?(?=^rules:)|\{id: hypermagnesaemia-levels[^}]*\}", "", text, flags=re.S | re.M)
        assert not re.search(r"\b(112|911|999|988|1813|82 12 12 12|70 201 201|\d{4} \d{4})\b", text)
