"""What a follow-up can change in the question before it: groups, salts, conditions, foods, medicines, places.

The values stand in slots.yaml. Both languages are recognised everywhere, since people change language in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from magbot.schema import Language
from magbot.text.analysis import terms
from magbot.yaml_files import parse_yaml

# Words of one language that are another, common word in the other: Danish "man" is not a man.
_ONLY_IN: dict[Language, frozenset[str]] = {"da": frozenset({"man"}), "en": frozenset({"mand", "far"})}
_PLACES = {"group": ("til", "for"), "food": ("i", "in"), "place": ("i", "in"), "preparation": ("", "")}
_OTHER_PLACE = ("ved", "for")


@dataclass(frozen=True)
class SlotValue:
    """One value of a slot, with its words and how it is written."""

    slot: str
    name: str
    patterns: dict[Language, re.Pattern[str]]
    written: dict[Language, str]

    def find(self, text: str, language: Language) -> re.Match[str] | None:
        """Where a text of a language names the value."""
        return self.patterns[language].search(text)


@cache
def slot_values() -> tuple[SlotValue, ...]:
    """All values, in the order of the file."""
    raw = parse_yaml((Path(__file__).parent / "slots.yaml").read_text(encoding="utf-8"))
    return tuple(
        SlotValue(
            slot=slot,
            name=name,
            patterns={language: _pattern(words["da"] + words["en"], language) for language in ("da", "en")},
            written={"da": words["da"][0], "en": words["en"][0]},
        )
        for slot, values in raw.items()
        for name, words in values.items()
    )


def _pattern(words: Sequence[str], language: Language) -> re.Pattern[str]:
    fitting = sorted((word for word in words if word not in _ONLY_IN[language]), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, fitting))})\b", re.IGNORECASE)


def values_in(text: str, language: Language) -> list[SlotValue]:
    """The values that a text names; of overlapping ones ("milk chocolate", "milk") only the longest."""
    found = [(match.span(), value) for value in slot_values() if (match := value.find(text, language))]
    kept = []
    for (start, end), value in found:
        inside = any(a <= start and end <= b and (a, b) != (start, end) for (a, b), _ in found)
        if not inside:
            kept.append(value)
    return kept


def words_of(values: Sequence[SlotValue], text: str, language: Language) -> set[str]:
    """Analysed words with which a text names values."""
    spoken = {
        term for value in values for found in value.patterns[language].findall(text) for term in terms(found, language)
    }
    return spoken | {term for value in values for form in value.written.values() for term in terms(form, language)}


def with_values(earlier: str, asked: Sequence[SlotValue], language: Language) -> str:
    """The earlier question with the new values: in place of those of the same slot, else added at its end."""
    for value in asked:
        replaced = False
        for other in slot_values():
            if other.slot != value.slot or not other.find(earlier, language):
                continue
            if not replaced:
                earlier = other.patterns[language].sub(value.written[language], earlier, count=1)
                replaced = True
            elif other.name != value.name:
                earlier = other.patterns[language].sub("", earlier, count=1)
        if not replaced:
            joint = _PLACES.get(value.slot, _OTHER_PLACE)[language == "en"]
            earlier = f"{earlier.rstrip(' ?')} {joint} {value.written[language]}?"
    return re.sub(r"\s{2,}", " ", earlier)


def without_values(earlier: str, asked: Sequence[SlotValue], language: Language) -> str:
    """The earlier question without what the new one replaces."""
    slots = {value.slot for value in asked}
    for value in slot_values():
        if value.slot in slots:
            earlier = value.patterns[language].sub("", earlier)
    return re.sub(r"\s{2,}", " ", earlier).strip(" ?")


def translated(text: str, source: Language, target: Language) -> str:
    """A text of another language with its values in the language of the answer, so that search meets them by word."""
    for value in values_in(text, source):
        text = value.patterns[source].sub(value.written[target], text)
    return text
