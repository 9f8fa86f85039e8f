"""Fits the weights of the sentence ranking on the dev part of the cases and writes src/magbot/retrieval/ranking.json.

A sentence is right for a case when its text holds all of the case's required facts. Loss: listwise softmax over the
candidates of a question with all right ones as targets, plus an L2 penalty; five-fold cross-validation is printed.

    python eval/fit_ranking.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
from answers import CASES, in_process_magbot
from numpy.typing import NDArray
from scipy.optimize import minimize
from scoring import Case, read_cases

from magbot.question.followup import standalone_question
from magbot.retrieval import ranking
from magbot.schema import Message

PENALTY = 0.02
TARGET = Path(ranking.__file__).parent / "ranking.json"
Lists = list[tuple[NDArray[np.float64], NDArray[np.bool_]]]


def holds(case: Case, text: str) -> bool:
    """Whether a sentence alone has every required fact."""
    return all(any(re.search(pattern, text, re.IGNORECASE) for pattern in group) for group in case.must)


def collect() -> tuple[list[str], Lists, list[str]]:
    """Feature names; features and labels of the candidates of each question; case ids without any right one."""
    magbot = in_process_magbot()
    names: list[str] = []
    lists: Lists = []
    hopeless: list[str] = []
    for path in sorted(CASES.glob("*.jsonl")):
        for case in read_cases(path):
            if case.split != "dev" or case.outcome != "answered" or not case.must or case.kind == "caution":
                continue
            history = [Message.model_validate(message) for message in case.history]
            language = case.lang
            found = magbot.search(standalone_question(case.question, history, language), language)
            hits = found.hits[: ranking.CANDIDATES]
            rows = [ranking.features(hit, found) for hit in hits]
            names = names or list(rows[0])
            labels = np.array([holds(case, hit.sentence.text) for hit in hits])
            if labels.any():
                lists.append((np.array([[row[name] for name in names] for row in rows]), labels))
            else:
                hopeless.append(case.id)
    return names, lists, hopeless


def fit(lists: Lists, width: int) -> NDArray[np.float64]:
    """Weights that minimise the penalised loss."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.0, np.zeros(width)
        for values, labels in lists:
            scores = values @ weights
            scores -= scores.max()
            shares = np.exp(scores) / np.exp(scores).sum()
            right = shares * labels
            mass = max(right.sum(), 1e-12)
            total -= np.log(mass)
            gradient += values.T @ (shares - right / mass)
        count = len(lists)
        return total / count + PENALTY * float(weights @ weights), gradient / count + 2 * PENALTY * weights

    return np.asarray(minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B").x)


def hits_at(lists: Lists, weights: NDArray[np.float64]) -> dict[int, float]:
    """Share of questions with a right sentence among the first 1, 3 and 5."""
    places = [
        int(np.flatnonzero(labels[np.argsort(-(values @ weights), kind="stable")])[0]) for values, labels in lists
    ]
    return {limit: float(np.mean([place < limit for place in places])) for limit in (1, 3, 5)}


def main() -> None:
    """Fit, cross-validate, write."""
    names, lists, hopeless = collect()
    folds = [hits_at(lists[f::5], fit([x for i, x in enumerate(lists) if i % 5 != f], len(names))) for f in range(5)]
    validated = {limit: round(float(np.mean([fold[limit] for fold in folds])), 3) for limit in (1, 3, 5)}
    weights = fit(lists, len(names))
    print(f"{len(lists)} questions with a right candidate, {len(hopeless)} without: {' '.join(hopeless)}")
    print(f"right among the first 1/3/5, cross-validated: {validated}; on all: {hits_at(lists, weights)}")
    stored = {
        "fitted_on": f"dev part of eval/cases, {len(lists)} questions, by eval/fit_ranking.py",
        "cross_validated_hit_at": {str(limit): value for limit, value in validated.items()},
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
    }
    TARGET.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
