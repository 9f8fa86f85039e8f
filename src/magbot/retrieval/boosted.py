"""Boosted decision trees, as eval/fit_answerability.py stores them: what a sum of weights cannot tell.

That a word is missing says much where nothing near asks the same, and little where something does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Node = Sequence[float]
"""(feature, threshold, node if at most that, node if above), or (what the leaf says)."""


@dataclass(frozen=True)
class Trees:
    """Trees whose leaves add up to a logit."""

    names: Sequence[str]
    """Features by their number in the nodes."""
    trees: Sequence[Sequence[Node]]

    def logit(self, values: Mapping[str, float]) -> float:
        """What the trees say together."""
        row = [values.get(name, 0.0) for name in self.names]
        return sum(_leaf(tree, row) for tree in self.trees)


def _leaf(tree: Sequence[Node], row: Sequence[float]) -> float:
    node = tree[0]
    while len(node) > 1:
        feature, threshold, low, high = node
        node = tree[int(low if row[int(feature)] <= threshold else high)]
    return node[0]
