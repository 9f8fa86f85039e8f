"""Fits the weights of the sentence ranking and writes src/magbot/retrieval/ranking.json.

Two kinds of lists are learnt from: the dev part of the cases, where a sentence is right when its text holds the
required facts, and held-out questions of the corpus (heldout.py), whose sentence is known. Loss: listwise softmax over
the candidates with all right ones as targets, plus an L2 penalty. Printed: five-fold cross-validation by topic, and how
the held-out questions alone, which know nothing of the cases, do on the dev part.

    python eval/fit_ranking.py
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from heldout import bench
from numpy.typing import NDArray
from runs import CASES, in_process_magbot
from scipy.optimize import minimize
from scoring import Case, read_cases

from magbot.assistant import Magbot
from magbot.question.followup import standalone_question
from magbot.retrieval import ranking
from magbot.retrieval.features import features
from magbot.schema import Message

PENALTY = 0.002
# A case counts as much as this many held-out questions: they are worded by other people than the corpus is.
CASE_WEIGHT = 15.0
HELD_OUT = 1200
FOLDS = 5
TARGET = Path(ranking.__file__).parent / "ranking.json"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class List:
    """The candidates of one question: their features, which are right, and what it weighs."""

    values: Array
    right: NDArray[np.bool_]
    topic: str
    weight: float


def found_share(case: Case, text: str) -> float:
    """Share of the required facts that a sentence alone has."""
    return sum(any(re.search(pattern, text, re.IGNORECASE) for pattern in group) for group in case.must) / len(
        case.must
    )


def from_cases(magbot: Magbot) -> tuple[list[str], list[List], list[str]]:
    """Feature names, lists of the dev part, and ids of cases without any right candidate."""
    names: list[str] = []
    lists, hopeless = [], []
    for path in sorted(path for path in CASES.glob("*.jsonl") if not path.name.startswith("safety-")):
        for case in read_cases(path):
            if case.split != "dev" or case.outcome != "answered" or not case.must or case.kind == "caution":
                continue
            history = [Message.model_validate(message) for message in case.history]
            found = magbot.search(standalone_question(case.question, history, case.lang), case.lang)
            names, values = features(found)
            shares = np.array([found_share(case, hit.sentence.text) for hit in found.hits])
            if shares.any():
                lists.append(List(values, shares >= shares.max(), case.topic or case.id, CASE_WEIGHT))
            else:
                hopeless.append(case.id)
    return names, lists, hopeless


def from_held_out(magbot: Magbot) -> list[List]:
    """Lists of held-out questions."""
    lists = []
    with bench(magbot) as held_out:
        for held in held_out.questions[:HELD_OUT]:
            found = held_out.retriever.search(held.question, held.language)
            right = np.array(held_out.answers(held, found), dtype=bool)
            if right.any():
                lists.append(List(features(found)[1], right, "", 1.0))
    return lists


def fit(lists: list[List]) -> Array:
    """Weights that minimise the penalised loss."""
    most, width = max(len(item.right) for item in lists), lists[0].values.shape[1]
    values = np.zeros((len(lists), most, width))
    right, there = np.zeros((len(lists), most), dtype=bool), np.zeros((len(lists), most), dtype=bool)
    for row, item in enumerate(lists):
        count = len(item.right)
        values[row, :count], right[row, :count], there[row, :count] = item.values, item.right, True
    weight = np.array([item.weight for item in lists])
    weight /= weight.sum()

    def loss(weights: Array) -> tuple[float, Array]:
        scores = np.where(there, values @ weights, -np.inf)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        mass = np.maximum((shares * right).sum(axis=1, keepdims=True), 1e-12)
        gradient = np.einsum("l,lc,lcf->f", weight, shares - shares * right / mass, values)
        return (
            float(-(weight * np.log(mass[:, 0])).sum() + PENALTY * weights @ weights),
            gradient + 2 * PENALTY * weights,
        )

    return np.asarray(minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x)


def places(lists: list[List], weights: Array) -> list[int]:
    """Place of the first right sentence of each list."""
    return [int(np.flatnonzero(i.right[np.argsort(-(i.values @ weights), kind="stable")])[0]) for i in lists]


def hits_at(found: list[int]) -> dict[str, float]:
    """Share of questions with a right sentence among the first 1, 3 and 5."""
    return {str(limit): round(float(np.mean([place < limit for place in found])), 3) for limit in (1, 3, 5)}


def main() -> None:
    """Fit, cross-validate, write."""
    magbot = in_process_magbot()
    names, cases, hopeless = from_cases(magbot)
    held_out = from_held_out(magbot)
    print(f"{len(cases)} cases and {len(held_out)} held-out questions; cases without: {' '.join(hopeless)}")
    topics = sorted({item.topic for item in cases})
    fold = {topic: place % FOLDS for place, topic in enumerate(topics)}
    validated: list[int] = []
    for number in range(FOLDS):
        weights = fit([item for item in cases if fold[item.topic] != number] + held_out)
        validated += places([item for item in cases if fold[item.topic] == number], weights)
    weights = fit(cases + held_out)
    print(f"right among the first 1/3/5, cross-validated by topic: {hits_at(validated)}")
    print(f"held-out questions alone, on the cases: {hits_at(places(cases, fit(held_out)))}")
    stored = {
        "fitted_on": f"dev part of eval/cases ({len(cases)} questions) and {len(held_out)} held-out questions of the "
        "corpus, by eval/fit_ranking.py",
        "encoder": magbot.health()["encoder"],
        "cross_validated_hit_at": hits_at(validated),
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
    }
    TARGET.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
