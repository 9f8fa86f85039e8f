"""Fits the decision between answered, not in the corpus and off topic.

    python eval/fit_answerability.py

First how questions are worded (src/magbot/retrieval/likeness.npz), then the decision, which knows that and what search
found (src/magbot/retrieval/answerability.json). Learnt from the phrases of eval/phrases/decision, the dev part of the
cases, and held-out questions of the corpus: of documents that are there, and of documents that were taken out
(heldout.py). All that is said about how well it does is cross-validated, with a topic's questions on one side in both
languages. The threshold is chosen by a stated risk: at most MOST_REFUSED of the answerable dev cases that count
fully may be refused.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from decision_phrases import phrases
from heldout import SEED, bench
from numpy.typing import NDArray
from runs import CASES, cases_of, in_process_magbot
from scipy.sparse import csr_matrix, hstack
from scoring import read_cases
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from magbot.assistant import Magbot
from magbot.calculator.calculator import Calculator
from magbot.calculator.tables import Tables
from magbot.encoder.base import Vectors
from magbot.encoder.factory import load_encoder
from magbot.question.followup import standalone_question
from magbot.retrieval import answerability, likeness
from magbot.retrieval.ranking import rank
from magbot.retrieval.search import Found
from magbot.safety import Safety
from magbot.safety.orders import without_orders
from magbot.safety.sanitise import clean_question
from magbot.schema import Kind, Language, Message
from magbot.text import ngrams
from magbot.text.analysis import fold

TARGET = Path(answerability.__file__).parent / "answerability.json"
# At most this share of the answerable questions may be refused.
MOST_REFUSED = 0.04
# Inverse strengths of the regularisation.
WORDING_STRENGTH = 20.0
DECISION_STRENGTH = 0.1
FOLDS = 5
TREES_HERE = "one on a line"
TREES = {
    "init": "zero", "n_estimators": 150, "learning_rate": 0.08, "max_leaf_nodes": 8, "max_depth": None, "subsample": 0.5,
    "min_samples_leaf": 20, "max_features": 0.3, "random_state": 0,
}  # fmt: skip
# Near misses are worded to confuse, and what they ask is often neither in nor out: they count little. Questions about
# documents that were taken out count little too, since another document may still answer them.
SAFETY_WEIGHTS = {"safety-n": 0.1, "safety-i": 0.6}
HELD_OUT = 1_200
HELD_OUT_WEIGHT = 0.3
TAKEN_OUT = 20
TAKEN_OUT_WEIGHT = 0.1
# A word that the phrases say is unknown counts as known from so many sentences on.
KNOWN_FROM = 2
STUDIES = {Kind.RANDOMISED_TRIAL, Kind.SYSTEMATIC_REVIEW, Kind.COHORT, Kind.OBSERVATIONAL, Kind.REVIEW, Kind.GUIDELINE}
Array = NDArray[np.float64]


class Worded(NamedTuple):
    """A question as its wording is judged."""

    columns: NDArray[np.int64]
    vector: Vectors


@dataclass(frozen=True)
class Row:
    """One question: how it is worded, what else is seen of it, what should be decided, and how it counts."""

    wording: Worded
    values: dict[str, float]
    outcome: str
    group: str
    weight: float
    source: str


class Reader:
    """Does with a question what the assistant does before it decides."""

    def __init__(self, magbot: Magbot) -> None:
        self._safety = Safety(load_encoder(magbot.settings.embedding_model))
        self._calculator = Calculator(Tables(magbot.settings.corpus_dir))

    def read(
        self, question: str, history: list[Message], language: Language, search: Callable[[str, Language], Found]
    ) -> tuple[Worded, dict[str, float]] | None:
        """A question's wording and its other features; None for what never gets to the decision as it is."""
        text = clean_question(question)
        assessment = self._safety.assess(text, history, language)
        asked = standalone_question(without_orders(text), history, language)
        if assessment.urgent or assessment.search_instead or self._calculator.calculate(asked, language):
            return None
        found = search(asked, language)
        ranked = rank(found)
        if not ranked:
            return None
        columns = likeness.columns(found.question, language, answerability.marked_words(found, ranked))
        values = answerability.features_without_wording(found, ranked, noticed=bool(assessment.notices))
        return Worded(columns, found.vector), values


def from_cases(magbot: Magbot, reader: Reader) -> list[Row]:
    """The dev part, without emergencies and without what the calculator answers."""
    rows = []
    for case in cases_of("dev"):
        history = [Message.model_validate(message) for message in case.history]
        read = reader.read(case.question, history, case.lang, magbot.search)
        if case.outcome != "urgent" and read:
            safety = case.id.startswith("safety-")
            weight, source = SAFETY_WEIGHTS.get(case.id[:8], 1.0), "safety" if safety else "case"
            rows.append(Row(*read, case.outcome, case.id if safety else case.topic or case.id, weight, source))
    return rows


def from_phrases(magbot: Magbot, reader: Reader) -> list[Row]:
    """The phrases, without what the corpus knows by now."""
    every = [case.question for file in sorted(CASES.glob("*.jsonl")) for case in read_cases(file)]
    texts: dict[Language, list[str]] = {"da": [], "en": []}
    for document in magbot.documents():
        texts[document.language].append(fold(magbot.document(document.id, document.language).text, document.language))

    def known(word: str, language: Language) -> bool:
        return sum(text.count(fold(word, language)) for text in texts[language]) >= KNOWN_FROM

    return [
        Row(*read, phrase.outcome, phrase.group, phrase.weight, "phrase")
        for phrase in phrases(known, every)
        if (read := reader.read(phrase.text, [], phrase.language, magbot.search))
    ]


def from_corpus(magbot: Magbot, reader: Reader) -> list[Row]:
    """Questions of the corpus that the index does not hold: some it can answer, some are of documents taken out."""
    studies = sorted({found.id for found in magbot.documents() if found.kind in STUDIES})
    without = frozenset(random.Random(SEED).sample(studies, TAKEN_OUT))  # noqa: S311 - not for secrets
    rows = []
    with bench(magbot, without) as held_out:
        gone = [held for held in held_out.questions if held.document_id in without]
        there = [held for held in held_out.questions if held.document_id not in without][:HELD_OUT]
        for held in [*gone, *there]:
            read = reader.read(held.question, [], held.language, held_out.retriever.search)
            if read and held.document_id in without:
                rows.append(Row(*read, "not_in_corpus", held.document_id, TAKEN_OUT_WEIGHT, "taken out"))
            elif read:
                rows.append(Row(*read, "answered", held.document_id, HELD_OUT_WEIGHT, "corpus"))
    return rows


def balanced(labels: Sequence[str], weights: Array) -> Array:
    """Weights with which each outcome counts the same, however many questions it has."""
    result = weights.copy()
    for outcome in sorted(set(labels)):
        its = np.array([label == outcome for label in labels])
        result[its] *= len(labels) / weights[its].sum()
    return result


class Wording:
    """How questions are worded: three scores from hashed words and from vectors."""

    def __init__(self, rows: Sequence[Row]) -> None:
        # What was taken out is asked in the same words as what is there.
        rows = [row for row in rows if row.source != "taken out"]
        labels = [row.outcome for row in rows]
        weights = balanced(labels, np.array([row.weight for row in rows]))
        self._model = LogisticRegression(C=WORDING_STRENGTH, max_iter=300)
        numbers = [likeness.OUTCOMES.index(label) for label in labels]
        self._model.fit(self._matrix(rows), numbers, sample_weight=weights)

    @staticmethod
    def _matrix(rows: Sequence[Row]) -> csr_matrix:
        hit = [row.wording.columns for row in rows]
        data = np.concatenate([np.full(len(h), ngrams.value(len(h))) for h in hit])
        shape = (len(rows), likeness.COLUMNS)
        words = csr_matrix((data, np.concatenate(hit), np.cumsum([0, *map(len, hit)])), shape=shape)
        return hstack([words, csr_matrix([row.wording.vector for row in rows])]).tocsr()

    def values(self, rows: Sequence[Row]) -> list[dict[str, float]]:
        """The features that the wording gives."""
        scores = self._model.decision_function(self._matrix(rows))
        return [answerability.as_features(likeness.compared(its)) for its in scores]

    def stored(self) -> dict[str, NDArray[np.generic]]:
        """For the file of weights."""
        hashed, vector = np.split(self._model.coef_, [likeness.COLUMNS], axis=1)
        scale = np.abs(hashed).max(axis=1, keepdims=True) / 127
        return {
            "words": np.round(hashed / scale).astype(np.int8),
            "scale": scale.astype(np.float32),
            "vector": vector.astype(np.float16),
            "bias": self._model.intercept_.astype(np.float32),
        }


class Boosted:
    """Small trees that make up for what the ones before them got wrong."""

    def __init__(self, rows: Sequence[Row], right: NDArray[np.bool_], names: list[str]) -> None:
        weights = balanced([str(value) for value in right], np.array([row.weight for row in rows]))
        self._names = names
        self._model = GradientBoostingClassifier(**TREES).fit(matrix(rows, names), right, sample_weight=weights)

    def logit(self, rows: Sequence[Row]) -> Array:
        """Logit of each row."""
        result: Array = self._model.decision_function(matrix(rows, self._names))
        return result

    def stored(self) -> list[list[list[float]]]:
        """For the JSON file: see magbot.retrieval.boosted."""
        return [self._nodes(estimator.tree_) for estimator in self._model.estimators_[:, 0]]

    def _nodes(self, tree: Any) -> list[list[float]]:
        splits = zip(tree.feature, tree.threshold, tree.children_left, tree.children_right, tree.value, strict=True)
        return [
            [round(float(value[0, 0]) * self._model.learning_rate, 4)]
            if low < 0
            else [int(feature), round(float(threshold), 5), int(low), int(high)]
            for feature, threshold, low, high, value in splits
        ]


class Fitted:
    """A logistic model on standardised features, its weights given back for the features as they are."""

    def __init__(self, rows: Sequence[Row], right: NDArray[np.bool_], names: list[str]) -> None:
        values = matrix(rows, names)
        weights = balanced([str(value) for value in right], np.array([row.weight for row in rows]))
        scaler = StandardScaler().fit(values, sample_weight=weights)
        model = LogisticRegression(C=DECISION_STRENGTH, max_iter=5000)
        model.fit(scaler.transform(values), right, sample_weight=weights)
        self._names = names
        self._weights = model.coef_[0] / scaler.scale_
        self._intercept = float(model.intercept_[0] - self._weights @ scaler.mean_)

    def logit(self, rows: Sequence[Row]) -> Array:
        """Logit of each row."""
        result: Array = matrix(rows, self._names) @ self._weights + self._intercept
        return result

    def stored(self) -> dict[str, object]:
        """For the JSON file."""
        weights = {name: round(float(weight), 4) for name, weight in zip(self._names, self._weights, strict=True)}
        return {"intercept": round(self._intercept, 4), "weights": weights}


def matrix(rows: Sequence[Row], names: list[str]) -> Array:
    """Values in the order of `names`."""
    return np.array([[row.values[name] for name in names] for row in rows])


def folds(rows: Sequence[Row]) -> Iterable[tuple[list[int], list[int]]]:
    """Which rows to learn from and which to judge; a topic is on one side."""
    split = GroupKFold(FOLDS, shuffle=True, random_state=1).split(rows, groups=[row.group for row in rows])
    return ((learn.tolist(), judge.tolist()) for learn, judge in split)


def read_wording(rows: Sequence[Row]) -> None:
    """Give each row the features of its wording, judged by what was learnt from other topics."""
    for learn, judge in folds(rows):
        judged = [rows[i] for i in judge]
        for row, values in zip(judged, Wording([rows[i] for i in learn]).values(judged), strict=True):
            row.values.update(values)


def validated(rows: Sequence[Row], wanted: str, names: list[str], kinds: Sequence[type[Fitted | Boosted]]) -> Array:
    """Cross-validated probabilities that the outcome is `wanted`, by the mean of some kinds of model."""
    logit = np.zeros(len(rows))
    for learn, judge in folds(rows):
        train, judged = [rows[i] for i in learn], [rows[i] for i in judge]
        right = np.array([row.outcome == wanted for row in train])
        logit[judge] = np.mean([kind(train, right, names).logit(judged) for kind in kinds], axis=0)
    result: Array = 1 / (1 + np.exp(-logit))
    return result


def reliability(probability: Array, right: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Of the questions with about the same probability, how many the corpus answers."""
    edges = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    bins = [(probability >= low) & (probability <= high) for low, high in itertools.pairwise(edges)]
    return [
        {
            "said": round(float(probability[b].mean()), 3),
            "so": round(float(right[b].mean()), 3),
            "questions": int(b.sum()),
        }
        for b in bins
        if b.any()
    ]


def written(content: Mapping[str, object], trees: list[list[list[float]]]) -> str:
    """As JSON that can be read, with a tree on a line in place of `TREES_HERE`."""
    lines = ",\n".join(f"      {json.dumps(tree, separators=(',', ':'))}" for tree in trees)
    return json.dumps(content, indent=2).replace(json.dumps(TREES_HERE), f"[\n{lines}\n    ]") + "\n"


def main() -> None:
    """Fit, print how well, write."""
    magbot = in_process_magbot()
    reader = Reader(magbot)
    rows = [*from_cases(magbot, reader), *from_phrases(magbot, reader), *from_corpus(magbot, reader)]
    read_wording(rows)
    names = list(rows[0].values)
    answered = np.array([row.outcome == "answered" for row in rows])
    probability = validated(rows, "answered", names, (Fitted, Boosted))
    of = {source: np.array([row.source == source for row in rows]) for source in ("case", "safety", "phrase", "corpus")}
    full = np.array([row.source in {"case", "safety"} and row.weight == 1.0 for row in rows])
    threshold = float(np.quantile(probability[answered & full], MOST_REFUSED))
    refused_rows = [row for row in rows if row.outcome != "answered"]
    near = np.array([row.outcome == "not_in_corpus" for row in refused_rows])
    field = validated(refused_rows, "not_in_corpus", names, (Fitted,)) >= 0.5
    kind_right = np.ones(len(rows), dtype=bool)
    kind_right[~answered] = field == near
    refused = probability < threshold
    risk: dict[str, float] = {}
    for source, its in of.items():
        risk[f"answerable_refused, {source}"] = float(refused[its & answered].mean())
        for outcome in ("not_in_corpus", "off_topic"):
            them = its & np.array([row.outcome == outcome for row in rows])
            if them.any():
                risk[f"{outcome}_refused, {source}"] = float(refused[them].mean())
                risk[f"{outcome}_right, {source}"] = float((refused & kind_right)[them].mean())
    print(f"{len(rows)} questions; at {threshold:.3f}:")
    for name, value in risk.items():
        print(f"  {name}: {value:.3f}")
    table = reliability(probability[full], answered[full])
    print("said, so, questions:", *(tuple(line.values()) for line in table))

    encoder = load_encoder(magbot.settings.embedding_model).id
    np.savez_compressed(likeness.FILE, encoder=np.array(encoder), **Wording(rows).stored())
    counts = {source: sum(row.source == source for row in rows) for source in (*of, "taken out")}
    content = {
        "fitted_on": counts,
        "fitted_by": "eval/fit_answerability.py",
        "encoder": encoder,
        "cross_validated": {name: round(value, 3) for name, value in risk.items()},
        "reliability": table,
        "answered": {
            "threshold": round(threshold, 4),
            **Fitted(rows, answered, names).stored(),
            "trees": TREES_HERE,
        },
        "in_field": Fitted(refused_rows, near, names).stored(),
    }
    TARGET.write_text(written(content, Boosted(rows, answered, names).stored()), encoding="utf-8")


if __name__ == "__main__":
    main()
