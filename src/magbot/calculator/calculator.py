"""Decides whether the tables settle a question, and hands it to the form that answers it."""

from __future__ import annotations

import re
from pathlib import Path

from magbot.calculator.calculation import CalculatedStatement, Calculation, verify
from magbot.calculator.foods import COVER, DAY, amount_of, food_amount, food_for_need, food_share
from magbot.calculator.groups import authorities
from magbot.calculator.intake import NEED, SHARE, intake, is_general, share
from magbot.calculator.laboratory import laboratory, solubility
from magbot.calculator.limits import LIMIT, limits
from magbot.calculator.names import Named, Names
from magbot.calculator.people import ages_of
from magbot.calculator.richest import LISTING, richest
from magbot.calculator.salts import salts
from magbot.calculator.tables import Tables
from magbot.calculator.units import blood_level, conversion
from magbot.calculator.writing import Asked, take_apart
from magbot.question.subjects import subjects_of
from magbot.schema import Language
from magbot.yaml_files import parse_yaml


def _load_words() -> dict[str, list[str]]:
    lists: dict[str, str] = parse_yaml((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return {name: text.split() for name, text in lists.items()}


_WORDS = _load_words()
_ELSEWHERE = re.compile(r"\b(?:" + "|".join(word.replace("*", r"\w*") for word in _WORDS["elsewhere"]) + r")\b")
_ILLNESS = re.compile(r"\b(?:" + "|".join(word.replace("*", r"\w*") for word in _WORDS["illness"]) + r")\b")
_BLOOD = re.compile(r"\b(?:blod\w*|blood|serum\w*|plasma\w*)\b")
_FOOD_ASK = re.compile(
    r"\b(hvor meget magnesium|how much magnesium|magnesium ?indhold\w*|magnesium content|"
    r"(?:indhold|content|amount|mengden?) (?:af|of) magnesium|hvor mange (?:mg|milligram)|how many (?:mg|milligrams)|"
    r"how much mg|hvor meget mg|mg ?(?:/|per|pr\.?) ?100 ?g|magnesium per|magnesium pr|magnesium (?:er der )?(?:i|in))\b"
)
_HAS_MAGNESIUM = re.compile(r"\b(magnesium\w*|mg|milligram\w*)\b")
_PLAIN_WORDS = frozenset(_WORDS["plain"])
_PERSON_OR_DAY = re.compile(r"\b(om dagen|dagligt?|daily|a day|per day|pr\.? dag|per dag|each day|every day)\b")
_SUPPLEMENT = re.compile(
    r"\b(tilskud\w*|supplement\w*|kosttilskud\w*|piller?\w*|pills?|tablet\w*|kapsl\w*|capsules?)\b"
)
_DOSING = re.compile(r"\b(tage|tager|take|taking|dose\w*|dosis)\b")
# Two foods held against each other: "er spinat bedre end grønkål", "salmon or mackerel, which is the better source".
_COMPARED = re.compile(
    r"\b(eller|or|vs\.?|versus|end|than|mod|against|kontra|compared|sammenlign\w*|beats?|slar|bedre|better|mere|more|mest|most)\b"
)
_SOURCE = re.compile(r"\b(magnesium\w*|kilder?|sources?)\b")
# A name that a word before it turns into another thing: "coconut water", "almond milk".
_GENERIC = re.compile(r"(?:water|milk|bread|beans?|rice|cheese|tea|beer|pasta|nuts?|seeds?|oil|flour|drink)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_HOW_MUCH = re.compile(
    r"\b(hvor meget|how much|(?:hvor mange|how many) (?:mg|milligrams?)|figures?|values?|tal(?:let)?|verdi\w*)\b"
)
_COUNTED = re.compile(r"\b(?:hvor mange|how many) (?!procent|percent|per cent|mg\b|milli)")
_ENOUGH = re.compile(r"\b(?:nok|enough)\b")
_QUANTITY = re.compile(r"\d ?(?:g|gram\w*|dl|ml|l|liter|litres?|spsk|tsk|tbsp|skiver?|slices?)\b")
# "What happens if I take too much" asks for signs, not for the limit.
_TOO_MUCH_HAPPENS = re.compile(
    r"\b(?:hvis|nar|hvad sker|if|when|what happens|tegn|sign\w*|symptom\w*)\b.{0,40}\b(?:for meget|too much)\b"
)
# "Can one get too much?" asks for yes and why; a topic page says so.
_TOO_MUCH = re.compile(r"\b(?:for meget|too much)\b")
_EATS = re.compile(r"\b(?:spiser|indtager|eats?|eating|consume\w*)\b")
_LEAVE = re.compile(r"\b(?:can i|may i|can one|ma jeg|ma man|kan jeg|kan man)\b.*\b(?:take|tage)\b")
_MAX_STATEMENTS = 4
_FEW_WORDS = 7
_YES_NO_NEED = re.compile(r"^(does|do|is|are|er|kan|can|giver|skal jeg)\b")


class Calculator:
    """Answers what rows of the tables and arithmetic on them settle; None for every other question."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._foods = Names(self._tables.rows("foods"))
        self._salts = Names(self._tables.rows("salts"))

    def calculate(self, question: str, language: Language) -> Calculation | None:
        """A verified calculation, or None unless the question is clearly one."""
        asked = take_apart(question, language)
        if not self._knows_years(asked):
            return None
        if _BLOOD.search(asked.plain) and _ILLNESS.search(asked.plain) and not asked.amounts:
            return None
        statements = laboratory(asked, self._tables)
        if not statements and _ELSEWHERE.search(self._without_enough(asked.plain.replace("brazil nut", "nut"))):
            return None
        statements = (statements or self._statements(asked))[:_MAX_STATEMENTS]
        given = frozenset(amount.value for amount in asked.amounts)
        calculation = Calculation(tuple(statements), language, given)
        return calculation if verify(calculation) else None

    def _without_enough(self, plain: str) -> str:
        """Folded text without "enough", where it asks how much of a food covers a day."""
        counted = _COUNTED.search(plain) or _QUANTITY.search(plain)
        return _ENOUGH.sub(" ", plain) if counted and self._foods.find(plain) else plain

    def _knows_years(self, asked: Asked) -> bool:
        """False when the question is about a year that the tables say nothing about, such as a coming one."""
        rows = (*self._tables.rows("recommended-intake"), *self._tables.rows("upper-levels"))
        return all(any(year in row["authority"] for row in rows) for year in _YEAR.findall(asked.plain))

    def _statements(self, asked: Asked) -> list[CalculatedStatement]:
        salt_names = self._salts.find(asked.plain)
        food_names = [] if salt_names else self._foods.find(asked.plain)
        if found := solubility(asked, [one.row.id for one in salt_names], self._tables):
            return found
        if any(_is_other_food(one, asked) for one in food_names):
            return []
        if not salt_names and not food_names and (found := conversion(asked, self._tables)):
            return found
        if not food_names and (found := blood_level(asked, self._tables)):
            return found
        limited = _TOO_MUCH_HAPPENS.sub(" ", asked.plain)
        if not asked.amounts and not _HOW_MUCH.search(limited):
            limited = _TOO_MUCH.sub(" ", limited)
        limit = LIMIT.search(limited) and (
            "magnesium" in asked.plain
            or _SUPPLEMENT.search(asked.plain)
            or re.search(r"\bul\b", asked.plain)
            or (authorities(asked.plain) and asked.person.named and _only_who(asked.plain))
        )
        asks_leave = _LEAVE.search(asked.plain) and _SUPPLEMENT.search(asked.plain)
        leave = asks_leave and any(amount.unit in ("mg", "g") for amount in asked.amounts)
        if (limit or leave) and not food_names and not salt_names:
            return limits(asked, self._tables)
        if not salt_names and not food_names and (found := richest(asked, self._tables)):
            return found
        if salt_names or not food_names:
            found = salts(asked, salt_names, self._tables)
            if found or salt_names:
                return found
        if found := self._food(asked, food_names):
            return found
        return [] if food_names else self._intake(asked)

    def _food(self, asked: Asked, named: list[Named]) -> list[CalculatedStatement]:
        if not named or LISTING.search(asked.plain):
            return richest(asked, self._tables)
        need = NEED.search(asked.plain) or DAY.search(asked.plain)
        target = any(amount.unit == "mg" for amount in asked.amounts)
        eaten = amount_of(asked, named[0])
        shares = SHARE.search(asked.plain) or (eaten is not None and bool(eaten.unit) and not target)
        if (need or target) and (_COUNTED.search(asked.plain) or not shares) and COVER.search(asked.plain):
            return food_for_need(named[0], asked, self._tables)
        if need and len(named) == 1 and (shares or COVER.search(asked.plain)):
            return food_share(named[0], asked, self._tables)
        if not self._asks_content(asked, named):
            return []
        found = [food_amount(one, asked) for one in named[:3]]
        if len(named) > 1:
            order = sorted(zip(named, found, strict=False), key=lambda pair: -_per_100(pair[0]))
            found = [statement for _, statement in order]
        return found

    @staticmethod
    def _asks_content(asked: Asked, named: list[Named]) -> bool:
        if _SUPPLEMENT.search(asked.plain) or _DOSING.search(asked.plain):
            return False
        if len(named) > 1 and _COMPARED.search(asked.plain) and _SOURCE.search(asked.plain):
            return True
        rest = asked.plain
        spans = [(one.start, one.end) for one in named] + [(a.start, a.end) for a in asked.amounts]
        for start, end in sorted(spans, reverse=True):
            rest = rest[:start] + " " + rest[end:]
        allowed = _PLAIN_WORDS | ({"og", "and"} if len(named) > 1 else set())
        left = [word for word in re.findall(r"[a-z]+", rest) if word not in allowed]
        if _FOOD_ASK.search(asked.plain):
            return len(left) <= 5
        if {"og", "and", "med", "with", "uden", "without"} & set(left):
            return False
        measured = any(amount.unit for amount in asked.amounts)
        spare = 1 + 2 * measured if _HAS_MAGNESIUM.search(asked.plain) else 0
        return len(left) <= spare and (bool(_HAS_MAGNESIUM.search(asked.plain)) or bool(asked.amounts))

    def _intake(self, asked: Asked) -> list[CalculatedStatement]:
        plain, person = asked.plain, asked.person
        if SHARE.search(plain) and NEED.search(plain) and any(a.unit in ("mg", "g") for a in asked.amounts):
            return share(asked, self._tables)
        about_magnesium = "magnesium" in plain
        if about_magnesium and len(ages_of(plain)) > 1 and _COMPARED.search(plain):
            return intake(asked, self._tables)
        if not about_magnesium and person.named and authorities(plain) and _only_who(plain):
            return intake(asked, self._tables)
        given = any(amount.unit for amount in asked.amounts)
        known = person.months is not None or authorities(plain)
        aged = person.months is not None and bool(authorities(plain))
        said = aged or _PERSON_OR_DAY.search(plain) or (known and _HOW_MUCH.search(plain))
        if not NEED.search(plain) and not (about_magnesium and person.named and said and not given):
            return []
        if not about_magnesium and not person.named:
            return intake(asked, self._tables) if re.search(r"\b(nrv|referenceverdi\w*|rda|rni)\b", plain) else []
        if any(amount.unit in ("mg", "g") for amount in asked.amounts) or (_DOSING.search(plain) and not person.named):
            return []
        if _YES_NO_NEED.search(plain) and not person.condition:
            return []
        if subjects_of(plain, asked.language)["medicine"]:
            # Who takes a medicine asks what it does to magnesium, and not for the table.
            return []
        if _EATS.search(plain) and not NEED.search(plain):
            return []
        if _SUPPLEMENT.search(plain) and not re.search(r"nrv|etiket|label|referencev|reference v", plain):
            return []
        # Women's and men's figures in one sentence, which the topic page has, answer better than a row for each.
        if is_general(asked):
            return []
        return intake(asked, self._tables)


def _only_who(plain: str) -> bool:
    """Whether a question says no more than who and by whose figures: "gravid på 17 i USA"."""
    return len(plain.split()) <= _FEW_WORDS and not re.search(r"\b(?:hv\w+|how|what|why|who|when)\b", plain)


def _is_other_food(named: Named, asked: Asked) -> bool:
    """Whether an unknown word before a general name makes it another food."""
    before = asked.plain[: named.start].split()
    if asked.language != "en" or not before or not _GENERIC.fullmatch(asked.plain[named.start : named.end]):
        return False
    word = before[-1]
    in_amount = any(amount.start < named.start <= amount.end + 1 for amount in asked.amounts)
    return word.isalpha() and word not in _PLAIN_WORDS and not in_amount


def _per_100(named: Named) -> float:
    return float(named.row["mg_per_100g"] or 0)
