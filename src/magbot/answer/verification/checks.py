"""The checks of a statement against its quotes; each returns what is wrong, or None.

A check says no when the quotes do not hold what the statement holds; it never says yes by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from magbot.answer.verification.copies import changed_copies
from magbot.answer.verification.evidence import Evidence, Finding, Problem
from magbot.answer.verification.figures import numbers
from magbot.answer.verification.lexicon import animals, implications, mentions, restricting, rule_of, with_implied
from magbot.answer.verification.reading import Clause, Direction

# From this likeness on (0 to 100) two spellings are one name in two languages.
_SPELT_ALIKE = 78
# Shorter pieces of a statement are not compared for denials: "p = 0.93)".
_SHORTEST_CLAUSE = 3
# A clause that matches this much less well than the best may still be the one that is retold.
_AS_NEAR = 0.1


def subjects(evidence: Evidence) -> Finding | None:
    """Everything that the statement is about must be in the quotes; less central things must not contradict them."""
    held = evidence.held
    kinds = {mention.kind for quote in evidence.quotes for mention in quote.mentions}
    from_names = {m.concept for lang in ("da", "en") for m in mentions(evidence.names, lang)}
    for mention in evidence.statement.mentions:
        if mention.kind in {"population", "human"} or mention.concept in held:
            continue
        rule = rule_of(mention.kind)
        if rule == "context" and mention.concept in from_names:
            continue
        if mention.concept == "magnesium" and not kinds & {"substance"}:
            continue
        if rule == "heads" or (rule == "contrast" and mention.kind not in kinds):
            continue
        return Finding(Problem.SUBJECT, mention.concept)
    return _unknown_name(evidence)


def _unknown_name(evidence: Evidence) -> Finding | None:
    texts = [quote.text for quote in evidence.quotes] + [evidence.names]
    for name in evidence.statement.names:
        known = any(mention.kind for lang in ("da", "en") for mention in mentions(name, lang))
        if not known and not any(_is_named(name, text) for text in texts):
            return Finding(Problem.SUBJECT, name)
    return None


def _is_named(name: str, text: str) -> bool:
    """Whether a text holds a name, as it is or as the other language spells it; of a compound the name in it."""
    parts = [name, *(part for part in name.split("-")[:1] if len(part) > 2)]
    return any(part in text for part in parts) or any(
        fuzz.ratio(name, word) >= _SPELT_ALIKE for word in re.findall(r"[\w-]+", text)
    )


def populations(evidence: Evidence) -> Finding | None:
    """Who it is about: named as in the quotes, and not left out when the quotes are about some only."""
    held = evidence.held
    said = {m.concept for m in evidence.statement.mentions if m.kind == "population"}
    for concept in sorted(said):
        if concept not in held:
            return Finding(Problem.POPULATION, concept)
    statement = with_implied(set(evidence.statement.concepts))
    if "human" in statement and held & animals() and "human" not in held and not statement & animals():
        return Finding(Problem.POPULATION, "human")
    for clause in {matches[0].clause for matches in evidence.aligned.values() if matches}:
        there = {m.concept for m in mentions(clause.text, clause.language)}
        for concept in sorted(there & restricting()):
            everyone = {m.concept for quote in evidence.quotes for m in quote.mentions if m.kind == "population"}
            if everyone - restricting() - {"woman"} or (concept == "kidney-disease" and _other_condition(evidence)):
                continue
            family = {concept} | implications().get(concept, frozenset()) - {"woman", "other-medicine"}
            others = {c for quote in evidence.quotes for c in quote.concepts if c in restricting()} - {concept}
            if not statement & (family | others | animals()):
                return Finding(Problem.POPULATION, f"without {concept}")
    return None


def _other_condition(evidence: Evidence) -> bool:
    """Whether the statement is about another condition that its quotes list beside kidney disease."""
    return any(
        mention.kind == "condition" and mention.concept != "kidney-disease" for mention in evidence.statement.mentions
    )


def negations(evidence: Evidence) -> Finding | None:
    """What is denied must be denied, and what is not must not."""
    for clause, matches in evidence.aligned.items():
        if not matches or len(clause.text.split()) < _SHORTEST_CLAUSE:
            continue
        if clause.nearly_negated != matches[0].clause.nearly_negated:
            continue
        alike = max((m.score for m in matches if _may_retell(clause, m.clause)), default=-1.0)
        if alike < matches[0].score - _AS_NEAR and not (
            matches[0].clause.negated and _denied_elsewhere(matches[0].clause, evidence)
        ):
            return Finding(Problem.NEGATION, clause.text)
    said, held = evidence.statement, evidence.quotes
    for concept in said.concepts - said.excluded:
        if any(concept in quote.excluded for quote in held) and not any(
            concept in quote.concepts - quote.excluded for quote in held
        ):
            return Finding(Problem.NEGATION, f"without {concept}")
    return None


def _may_retell(said: Clause, held: Clause) -> bool:
    return said.negated == held.negated or (held.nearly_negated and not said.nearly_negated)


def _denied_elsewhere(retold: Clause, evidence: Evidence) -> bool:
    """Whether another clause of the statement retells this one as it is: "must not be used, as there is a risk"."""
    return any(
        matches and matches[0].clause == retold and clause.negated == retold.negated
        for clause, matches in evidence.aligned.items()
    )


def directions(evidence: Evidence) -> Finding | None:
    """More or less, better or worse, before or after: as in the quotes."""
    if (sides := _comparison(evidence)) is not None:
        return sides
    every = [direction for clause in evidence.quote_clauses for direction in clause.directions]
    for clause, matches in evidence.aligned.items():
        here = matches[0].clause.directions if matches else ()
        for dimension in sorted({said.dimension for said in clause.directions} - {evidence.inverted}):
            own = [direction for direction in clause.directions if direction.dimension == dimension]
            theirs = [direction for direction in here if direction.dimension == dimension]
            anywhere = [direction for direction in every if direction.dimension == dimension]
            if (
                matches
                and matches[0].clause.nearly_negated
                and not (clause.nearly_negated or clause.negated or anywhere)
            ):
                return Finding(Problem.DIRECTION, f"{dimension}, for what is alike")
            wrong = [d for d in own if _contradicts(d, theirs) or _contradicts(d, anywhere)]
            # With as many of each side as the quote, a single clash is one of word order; a real swap clashes twice.
            alike = sorted(d.sign for d in own) == sorted(d.sign for d in theirs)
            if len(own) == len(theirs) and not alike:
                return Finding(Problem.DIRECTION, f"{dimension}: {', '.join(d.sign for d in own)}")
            if len(wrong) > (1 if alike and len(own) > 1 else 0):
                return Finding(Problem.DIRECTION, f"{dimension} {wrong[0].sign}")
    return None


def _comparison(evidence: Evidence) -> Finding | None:
    """A "more A than B" whose sides have changed places without turning into "less B than A"."""
    said = evidence.statement.comparison
    for held in (quote.comparison for quote in evidence.quotes):
        if said is None or held is None or not said.swaps(held):
            continue
        if said.sign == held.sign:
            return Finding(Problem.DIRECTION, f"{said.dimension} {said.sign}, the other way round")
    return None


def _contradicts(said: Direction, held: Sequence[Direction]) -> bool:
    same = [direction for direction in held if direction.heads & said.heads] or held
    return bool(same) and all(direction.sign != said.sign for direction in same)


def strengths(evidence: Evidence) -> Finding | None:
    """No surer, no wider and no more causal than the quotes."""
    held = frozenset().union(*(clause.strengths for clause in evidence.quote_clauses if not clause.negated))
    held_at_all = frozenset().union(*(quote.strengths for quote in evidence.quotes))
    if "together" in held_at_all:
        held, held_at_all = held | {"universal"}, held_at_all | {"universal"}
    for clause, matches in evidence.aligned.items():
        said = clause.strengths
        for strong in ("proof", "universal", "advice", "majority", "safe"):
            if (
                strong in said
                and not (clause.negated and strong in {"proof", "universal"})
                and strong not in (held_at_all if clause.negated else held)
            ):
                return Finding(Problem.STRENGTH, strong)
        weak = _reservations(matches[0].clause, evidence) if matches else frozenset()
        softened = evidence.statement.strengths & {"hedge", "can"}
        if weak and not softened and not clause.negated:
            return Finding(Problem.STRENGTH, "without its reservation")
        if matches and "only" in matches[0].clause.strengths and "condition" not in evidence.statement.strengths:
            return Finding(Problem.STRENGTH, "without its condition")
        if (
            "cause" in said
            and "cause" not in held_at_all
            and "association" in held_at_all
            and "association" not in said
        ):
            return Finding(Problem.STRENGTH, "cause for association")
    return None


def _reservations(clause: Clause, evidence: Evidence) -> frozenset[str]:
    """What a clause of a quote leaves open, itself or in what directly follows: "Grade C, which means possibly …"."""
    clauses = evidence.quote_clauses
    position = clauses.index(clause)
    following = clauses[position + 1].strengths & {"hedge"} if position + 1 < len(clauses) else frozenset()
    return clause.strengths & {"hedge", "open"} | following


CHECKS = (numbers, subjects, populations, negations, directions, strengths, changed_copies)
