"""A statement that is nearly its quote, word for word, and differs where it counts.

Where two texts run alike, the few words in which they differ can be set against each other directly.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from magbot.answer.verification.evidence import Evidence, Finding, Problem
from magbot.answer.verification.lexicon import mentions, rule_of, with_implied
from magbot.answer.verification.quantities import quantities_in
from magbot.answer.verification.reading import Clause, Reading
from magbot.answer.verification.signals import compiled
from magbot.schema import Language

_TOKEN = re.compile(r"[\w.,%/'-]*[\w%]|[()–]")
# From this share of common words on, a text counts as nearly copied, and changes of at most so many words as local.
_NEARLY = 0.75
# From here on even a thing that the quote names in another place may not stand where another stood.
_ALMOST_WHOLLY = 0.85
_LOCAL = 3


def changed_copies(evidence: Evidence) -> Finding | None:
    """A local change of number, denial, direction or subject in what is otherwise the quote."""
    said = _TOKEN.findall(evidence.statement.text)
    near: list[tuple[float, int]] = []
    for position, quote in enumerate(evidence.quotes):
        if quote.language == evidence.statement.language:
            blocks = _matcher(_TOKEN.findall(quote.text), said).get_matching_blocks()
            near.append((sum(block.size for block in blocks) / max(1, len(said)), position))
    share, position = max(near, default=(0.0, 0))
    if share < _NEARLY:
        return None
    quote = evidence.quotes[position]
    held = _TOKEN.findall(quote.text)
    language = quote.language
    denied = _denials(quote.text, language) % 2 != _denials(evidence.statement.text, language) % 2
    for tag, i1, i2, j1, j2 in _matcher(held, said).get_opcodes():
        if tag == "equal" or i2 - i1 > _LOCAL or j2 - j1 > _LOCAL:
            continue
        was, now = " ".join(held[i1:i2]), " ".join(said[j1:j2])
        if denied and _denials(was, language) != _denials(now, language):
            return Finding(Problem.NEGATION, f"{was} → {now}")
        elsewhere = quote if share < _ALMOST_WHOLLY else None
        if was and now and not evidence.inverted and (finding := _exchanged(was, now, language, elsewhere)):
            return finding
    return None


def _matcher(held: list[str], said: list[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, held, said, autojunk=False)


def _denials(text: str, language: Language) -> int:
    kept = compiled("not_negation", language).sub(" ", text)
    kept, without = compiled("without", language).subn(" ", kept)
    return without + sum(len(compiled(name, language).findall(kept)) for name in ("negation", "unsure"))


def _exchanged(was: str, now: str, language: Language, elsewhere: Reading | None) -> Finding | None:
    """What kind of thing was put in place of another; what `elsewhere` names as well may have changed its place."""
    change = f"{was} → {now}"
    before = {q.value for q in quantities_in(was, language)}
    after = {q.value for q in quantities_in(now, language)}
    if elsewhere is not None:
        before |= {q.value for q in elsewhere.quantities} if before else set()
    if before and after and not after <= before:
        return Finding(Problem.NUMBER, change)
    old, new = Clause(was, language).directions, Clause(now, language).directions
    for direction in new:
        signs = {d.sign for d in old if d.dimension == direction.dimension}
        if signs and direction.sign not in signs:
            return Finding(Problem.DIRECTION, change)
    held = mentions(was, language)
    allowed = with_implied({mention.concept for mention in held})
    if elsewhere is not None:
        allowed |= elsewhere.concepts
    for mention in mentions(now, language):
        if mention.kind == "human" or rule_of(mention.kind) == "heads":
            continue
        if mention.concept not in allowed and any(other.kind == mention.kind for other in held):
            return Finding(Problem.POPULATION if mention.kind == "population" else Problem.SUBJECT, change)
    return None
