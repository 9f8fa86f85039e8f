"""Stored trees say what they were fitted to say."""

from magbot.retrieval.boosted import Trees

# Missing words count against the question, unless something near asks the same.
TREES = Trees(("gone", "near"), ([[0, 0.5, 1, 2], [0.4], [1, 0.8, 3, 4], [-1.5], [0.3]], [[0.1]]))


def test_each_tree_adds_the_leaf_that_the_values_lead_to() -> None:
    assert TREES.logit({"gone": 0.5, "near": 0.1}) == 0.5
    assert TREES.logit({"gone": 0.9, "near": 0.8}) == -1.4
    assert TREES.logit({"gone": 0.9, "near": 0.9}) == 0.4


def test_a_value_that_is_not_given_counts_as_none() -> None:
    assert TREES.logit({}) == TREES.logit({"gone": 0.0, "near": 0.0})
