"""Fits the decision between answered, not in the corpus and off topic; writes src/magbot/retrieval/answerability.json.

Learnt from: the dev part of the cases, and held-out questions about documents that were taken out of the index, which
it therefore cannot answer (heldout.py). The threshold is chosen by a stated risk: at most MOST_REFUSED of the
answerable dev cases outside the safety files may be refused, by cross-validated probabilities (five folds by topic).

    python eval/fit_answerability.py
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from heldout import SEED, bench
from numpy.typing import NDArray
from runs import cases_of, in_process_magbot
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from magbot.assistant import Magbot
from magbot.calculator.calculator import Calculator
from magbot.encoder.factory import load_encoder
from magbot.question.followup import standalone_question
from magbot.retrieval import answerability
from magbot.retrieval.ranking import rank
from magbot.retrieval.search import Found
from magbot.safety import Safety
from magbot.schema import Kind, Language, Message

TARGET = Path(answerability.__file__).parent / "answerability.json"
# At most this share of the answerable questions may be refused.
MOST_REFUSED = 0.04
PENALTY = 0.1
# The safety files are worded to confuse, and what they ask is often neither in nor out: they count little, those about
# people to be careful with more. Questions about documents that were taken out count little too, since another document
# may still answer them.
SAFETY_WEIGHTS = {"safety-c": 0.4, "safety-n": 0.1, "safety-i": 0.1}
TAKEN_OUT_WEIGHT = 0.1
TAKEN_OUT = 20
STUDIES = {Kind.RANDOMISED_TRIAL, Kind.SYSTEMATIC_REVIEW, Kind.COHORT, Kind.OBSERVATIONAL, Kind.REVIEW, Kind.GUIDELINE}
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One question: its features, what should be decided, and how it counts."""

    values: dict[str, float]
    outcome: str
    group: str
    weight: float


class Reader:
    """Does with a question what the assistant does before it decides."""

    def __init__(self, magbot: Magbot) -> None:
        self._safety = Safety(load_encoder(magbot.settings.embedding_model))
        self._calculator = Calculator(magbot.settings.corpus_dir)

    def read(
        self, question: str, history: list[Message], language: Language, search: Callable[[str, Language], Found]
    ) -> dict[str, float] | None:
        """Features of a question; None for an emergency and for what the calculator answers."""
        assessment = self._safety.assess(question, history, language)
        asked = standalone_question(question, history, language)
        if assessment.urgent or self._calculator.calculate(asked, language):
            return None
        found = search(assessment.search_instead or asked, language)
        return answerability.features(found, rank(found), noticed=bool(assessment.notices))


def from_cases(magbot: Magbot, reader: Reader) -> list[Row]:
    """The dev part, without emergencies and without what the calculator answers."""
    rows = []
    for case in cases_of("dev"):
        history = [Message.model_validate(message) for message in case.history]
        values = reader.read(case.question, history, case.lang, magbot.search)
        if case.outcome != "urgent" and values:
            safety = case.id.startswith("safety-")
            group = case.id if safety else case.topic or case.id
            rows.append(Row(values, case.outcome, group, SAFETY_WEIGHTS.get(case.id[:8], 1.0)))
    return rows


def from_taken_out(magbot: Magbot, reader: Reader) -> list[Row]:
    """Questions that the index cannot answer, since the documents that they were written for are not in it."""
    studies = sorted({found.id for found in magbot.documents() if found.kind in STUDIES})
    without = frozenset(random.Random(SEED).sample(studies, TAKEN_OUT))  # noqa: S311 - not for secrets
    rows = []
    with bench(magbot, without) as held_out:
        for held in held_out.questions:
            if held.document_id in without:
                values = reader.read(held.question, [], held.language, held_out.retriever.search)
                if values:
                    rows.append(Row(values, "not_in_corpus", held.document_id, TAKEN_OUT_WEIGHT))
    return rows


class Fitted:
    """A logistic model on standardised features, its weights given back for the features as they are."""

    def __init__(self, rows: list[Row], right: Array, names: list[str]) -> None:
        values = matrix(rows, names)
        weight = np.array([row.weight for row in rows])
        # Both sides count the same, however many cases each has.
        weight[right] *= weight[~right].sum() / weight[right].sum()
        scaler = StandardScaler().fit(values, sample_weight=weight)
        model = LogisticRegression(C=PENALTY, max_iter=5000).fit(scaler.transform(values), right, sample_weight=weight)
        self._names = names
        self._weights = model.coef_[0] / scaler.scale_
        self._intercept = float(model.intercept_[0] - self._weights @ scaler.mean_)

    def probability(self, rows: list[Row]) -> Array:
        """Probability of each row."""
        result: Array = 1 / (1 + np.exp(-(matrix(rows, self._names) @ self._weights + self._intercept)))
        return result

    def stored(self) -> dict[str, object]:
        """For the JSON file."""
        weights = {name: round(float(weight), 4) for name, weight in zip(self._names, self._weights, strict=True)}
        return {"intercept": round(self._intercept, 4), "weights": weights}


def matrix(rows: list[Row], names: list[str]) -> Array:
    """Values in the order of `names`."""
    return np.array([[row.values[name] for name in names] for row in rows])


def validated(rows: list[Row], more: list[Row], wanted: str, names: list[str]) -> Array:
    """Cross-validated probabilities of `rows` that the outcome is `wanted`; `more` is only learnt from."""
    probability = np.zeros(len(rows))
    folds = GroupKFold(5, shuffle=True, random_state=1)
    for learn, judge in folds.split(rows, groups=[row.group for row in rows]):
        train = [rows[i] for i in learn] + more
        fitted = Fitted(train, np.array([row.outcome == wanted for row in train]), names)
        probability[judge] = fitted.probability([rows[i] for i in judge])
    return probability


def main() -> None:
    """Fit, print how well, write."""
    magbot = in_process_magbot()
    reader = Reader(magbot)
    rows, taken_out = from_cases(magbot, reader), from_taken_out(magbot, reader)
    names = list(rows[0].values)
    answered = np.array([row.outcome == "answered" for row in rows])
    plain = np.array([row.weight == 1.0 for row in rows])
    probability = validated(rows, taken_out, "answered", names)
    threshold = float(np.quantile(probability[answered & plain], MOST_REFUSED))
    risk = {
        "answerable_refused": float(np.mean(probability[answered & plain] < threshold)),
        "answerable_of_safety_refused": float(np.mean(probability[answered & ~plain] < threshold)),
        **{
            f"{outcome}_refused": float(
                np.mean([p < threshold for p, row in zip(probability, rows, strict=True) if row.outcome == outcome])
            )
            for outcome in ("not_in_corpus", "off_topic")
        },
    }
    print(f"{len(rows)} cases, {len(taken_out)} questions about what was taken out; at {threshold:.3f}: {risk}")
    model = Fitted([*rows, *taken_out], np.array([*answered, *(False for _ in taken_out)]), names)

    refused = [row for row in rows if row.outcome != "answered"]
    near = np.array([row.outcome == "not_in_corpus" for row in refused])
    field_right = float(np.mean((validated(refused, [], "not_in_corpus", names) >= 0.5) == near))
    print(f"not in the corpus against off topic: {field_right:.3f} right (cross-validated)")
    content = {
        "fitted_on": f"dev part of eval/cases ({len(rows)} questions) and {len(taken_out)} held-out questions about "
        "documents that were taken out, by eval/fit_answerability.py",
        "encoder": magbot.health()["encoder"],
        "cross_validated": {name: round(value, 3) for name, value in risk.items()}
        | {"field_right": round(field_right, 3)},
        "answered": {"threshold": round(threshold, 4), **model.stored()},
        "in_field": Fitted(refused, near, names).stored(),
    }
    TARGET.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
