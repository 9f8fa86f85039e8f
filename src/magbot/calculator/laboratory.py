"""Single values of the laboratory table: how low is severe, when a patient is seen at once, what high values do."""

from __future__ import annotations

import re

from magbot.calculator.calculation import CalculatedStatement
from magbot.calculator.tables import Row, Tables
from magbot.calculator.writing import Asked, verbatim

# A figure of the blood is asked for, not what the illness feels like.
_FIGURE = re.compile(
    r"\b(tal(?:let|lene|verdi\w*)?|verdi\w*|niveau\w*|interval\w*|grense\w*|mmol\w*|levels?|values?|numbers?|range|cut-?off|"
    r"threshold|below what|under hvad|how low|hvor lavt?|how high|hvor hojt?|counts? as|regnes|kalde[rs]?|defin\w*)\b"
)
_BLOOD = re.compile(
    r"\b(magnesium\w*|hypomagnes\w*|hypermagnes\w*|p-mg|s-mg|blod\w*|blood|serum|plasma|laborator\w*|labs?)\b"
)
_LOW = re.compile(r"\b(lav\w*|low\w*|mangel\w*|\w+mangel|deficien\w*|hypomagnes\w*|nedsat)\b")
_ILL = re.compile(
    r"\b(symptom\w*|tegn|signs?|sygdom\w*|demens|dementia|diabet\w*|depress\w*|hvor mange|how many|andel\w*|share|"
    r"studi\w*|study|forsog\w*|trials?|artik\w*|article|\d{4})\b"
)
# Words that choose a row, the first that fits; with whether the question must also speak of low magnesium.
_ROWS: tuple[tuple[str, re.Pattern[str], bool], ...] = (
    ("norway-severe-low", re.compile(r"\b(sver\w*|alvorlig\w*|severe\w*)\b"), True),
    ("norway-moderate-low", re.compile(r"\b(moderat\w*|middel\w*)\b"), True),
    ("norway-mild-low", re.compile(r"\b(mildt?|mildly|let|lettere|slight\w*)\b"), True),
    ("denmark-tablets-or-drip", re.compile(r"\b(drop|drip|infusion|intravenos\w*|iv)\b"), True),
    ("denmark-seen-at-once", re.compile(r"\b(straks|med det samme|akut\w*|at once|immediately|urgent\w*|same day)\b"), True),
    ("norway-laboratory-phones", re.compile(r"\b(ring\w*|phones?|calls? the|kritisk\w*|critical|alarm\w*)\b"), False),
    ("high-weak-reflexes", re.compile(r"\b(refleks\w*|reflex\w*)\b"), False),
    ("high-profound-weakness", re.compile(r"\b(lamm\w*|paraly\w*|profound|udtalt)\b"), False),
    ("costello-proposed-limit", re.compile(r"\b(foresla\w*|propos\w*|suggest\w*|costello)\b"), False),
    ("denmark-low", re.compile(r"\b(danmark|dansk\w*|denmark|danish)\b"), True),
)  # fmt: skip
_SOLUBLE = re.compile(r"\b\w*(?:oplos\w*|dissolv\w*|solub\w*)\b")


def laboratory(asked: Asked, tables: Tables) -> list[CalculatedStatement]:
    """The row that the question's words choose; empty when they choose none."""
    plain = asked.plain
    if not (_FIGURE.search(plain) and _BLOOD.search(plain)) or _ILL.search(plain):
        return []
    if any(not amount.in_words for amount in asked.amounts):
        return []
    low = bool(_LOW.search(plain))
    chosen = next(
        (row_id for row_id, words, needs_low in _ROWS if words.search(plain) and (low or not needs_low)), None
    )
    return [verbatim(row, asked.language) for row in tables.pick("laboratory-values", chosen)] if chosen else []


def solubility(asked: Asked, salts: list[str], tables: Tables) -> list[CalculatedStatement]:
    """How soluble the named salts are, else the most soluble ones; `salts` are their rows' names."""
    if not _SOLUBLE.search(asked.plain):
        return []
    rows = tables.rows("salt-solubility")
    # The anhydrous form and its hydrates share one row: magnesium-chloride-solubility.
    named = [row for row in rows if any(salt.startswith(row.id.removesuffix("-solubility")) for salt in salts)]
    if not named and "salt" in asked.plain:
        named = sorted(rows, key=_grams, reverse=True)[:3]
    return [verbatim(row, asked.language) for row in named]


def _grams(row: Row) -> float:
    """The lower end of a row's grams in 100 mL."""
    return float(row["g_per_100_ml"].split("-")[0])
