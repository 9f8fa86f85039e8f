"""Finds the letters that every match of a regular expression must hold: a cheap test before the expression itself."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\.|\[\^?\]?[^\]]*\]|\(\?(?:[:=!]|<[=!])|\{[^}]*\}\??|[*+?]\??|[()|.^$]|[^\\\[(){}*+?|.^$]+")
_QUANTIFIER = frozenset("*?+{")
Letters = tuple[str, ...]
_ANYTHING: Letters = ("",)


def needed(expression: str) -> Letters:
    """Pieces of text of which at least one is in every match; `("",)` when there is nothing to go by.

    Understands what the patterns use: groups, classes, lookarounds, quantifiers. What it does not understand it
    skips, which only makes the test weaker.
    """
    if expression.isalnum():
        return (expression,)
    tokens = _TOKEN.findall(expression)
    if "".join(tokens) != expression:
        return _ANYTHING
    found, _ = _branches(tokens, 0)
    return found


def _weight(letters: Letters) -> tuple[int, int]:
    return (min(len(piece) for piece in letters), -len(letters))


def _branches(tokens: list[str], at: int) -> tuple[Letters, int]:
    """The letters of alternatives up to the closing bracket, and where that is."""
    every: list[str] = []
    while True:
        letters, at = _sequence(tokens, at)
        every += letters
        if at >= len(tokens) or tokens[at] == ")":
            return (_ANYTHING if "" in every else tuple(dict.fromkeys(every))), at
        at += 1  # the "|"


def _sequence(tokens: list[str], at: int) -> tuple[Letters, int]:
    """The best letters of one alternative, and where it ends."""
    best = _ANYTHING
    while at < len(tokens) and tokens[at] not in {"|", ")"}:
        token = tokens[at]
        at += 1
        letters: Letters = _ANYTHING
        if token[0] == "(":
            letters, at = _branches(tokens, at)
            at += 1  # the ")"
            if token not in {"(", "(?:"}:
                letters = _ANYTHING  # a lookaround takes nothing, or must not be there
            if at < len(tokens) and tokens[at][0] in _QUANTIFIER:
                letters = letters if tokens[at][0] == "+" else _ANYTHING
        elif token[0] not in "\\[.^$*?+{":
            # A quantifier belongs to the last letter only.
            quantified = at < len(tokens) and tokens[at][0] in _QUANTIFIER
            letters = (token[:-1] if quantified else token,)
        if letters != _ANYTHING and _weight(letters) > _weight(best):
            best = letters
    return best, at
