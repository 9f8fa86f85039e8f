"""Makes the weights of the second opinion on danger, for the encoder that magbot has.

    python eval/fit_second_opinion.py [--report]

Learns from eval/phrases, the dev part of the cases and the questions of the corpus. Phrases that are close to a case
of the test part are left out. The thresholds come from cross-validation in which all writings of one phrase are on
the same side; `--report` only prints what that shows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # many small products; threads only wait for each other

import numpy as np
from rapidfuzz import fuzz, process, utils
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.neural_network import MLPClassifier

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from magbot.encoder.factory import load_encoder
from magbot.safety import danger, ngrams, second_opinion
from magbot.safety.concepts import read

HERE = Path(__file__).resolve().parent
KINDS = ("crisis", "poisoning", "stroke", "heart", "allergy", "pregnancy", "emergency")
WRITINGS = 12
NEAR = 88
CORPUS_QUESTIONS = 5_000
HARMLESS = ("studies", "basics", "article", "authorities", "topics")
SHARES = {"sure": 0.013, "likely": 0.025, "maybe": 0.08}
"""Shares of innocent texts of a kind never seen before that may score above each threshold; most of them were made to
mislead, and the rest of what people ask scores far below."""

BESIDE = {
    "da": [
        "hvilken magnesium er bedst",
        "hvad er magnesiumcitrat",
        "hjælper magnesium mod migræne",
        "kan man tage zink",
    ],
    "en": ["which magnesium is best", "what is magnesium citrate", "does magnesium help migraine", "can you take zinc"],
}


class Example(NamedTuple):
    """A text, its kind of danger ("" for none), what belongs together in cross-validation, and how much it counts."""

    text: str
    kind: str
    group: str
    weight: float = 1.0


def written_out(line: str, chance: random.Random, most: int) -> list[str]:
    """Up to `most` of the texts that a phrase stands for."""
    parts = re.split(r"\(([^()]*)\)", line)
    found: dict[str, None] = {}
    for _ in range(most * 3):
        text = "".join(chance.choice(p.split("|")) if i % 2 else p.replace("?", "?") for i, p in enumerate(parts))
        found[" ".join(text.replace(" ,", ",").split())] = None
        if len(found) == most:
            break
    return list(found)


def optional(line: str) -> str:
    """`(word )?` is short for `(word |)`."""
    return re.sub(r"\(([^()]*)\)\?", r"(\1|)", line)


def varied(text: str, language: str, chance: random.Random) -> str:
    """The text as somebody else would type it: a slip, no æøå, no pronoun, or with a question beside it."""
    dice = chance.random()
    if dice < 0.15 and len(text) > 12:
        at = chance.randrange(3, len(text) - 3)
        return (
            text[:at] + text[at + 1 :]
            if chance.random() < 0.5
            else text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        )
    if dice < 0.25:
        return text.translate(str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"}))
    if dice < 0.4:
        return re.sub(r"^(jeg har|jeg er|i'm|i am|i have|jeg|i) ", "", text)
    if dice < 0.5:
        return f"{chance.choice(BESIDE[language])}? {text}"
    if dice < 0.6:
        return f"{text}. {chance.choice(BESIDE[language])}?"
    return text


def phrases(chance: random.Random) -> list[Example]:
    """Everything in eval/phrases, written out."""
    found = []
    for path in sorted((HERE / "phrases").glob("*.txt")):
        kind, language = path.stem.split(".")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            texts = written_out(optional(line), chance, WRITINGS) if line.strip() else []
            label = "" if kind == "none" else kind
            found += [
                Example(varied(t, language, chance), label, f"{path.stem}-{number}", 3 / len(texts) ** 0.5)
                for t in texts
            ]
    return found


def cases(*, test: bool) -> list[dict[str, Any]]:
    """Cases of the test part, or all others."""
    every = [json.loads(line) for f in sorted((HERE / "cases").rglob("*.jsonl")) for line in f.open(encoding="utf-8")]
    return [case for case in every if (case.get("split") == "test") == test]


def examples() -> list[Example]:
    """All that is learned from."""
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    dev = [c for c in cases(test=False) if not c["history"]]
    found = phrases(chance)
    found += [
        Example(c["question"], c.get("expect", ""), c["id"], 3.0)
        for c in dev
        if c["kind"] != "urgent" or c.get("expect")
    ]
    # What people ask of the notes on safety may well be danger.
    harmless = {f.name.split(".")[0] for name in HARMLESS for f in (HERE.parent / "corpus" / name).glob("*.md")}
    questions = sorted(
        question
        for file in sorted((HERE.parent / "corpus" / "questions").glob("*.jsonl"))
        if file.stem in harmless
        for line in file.open(encoding="utf-8")
        for question in json.loads(line)["questions"]
    )
    found += [Example(q, "", q, 0.5) for q in chance.sample(questions, min(CORPUS_QUESTIONS, len(questions)))]
    held_out = [utils.default_process(c["question"]) for c in cases(test=True)]
    kept = [
        e
        for e in found
        if not process.extractOne(
            e.text, held_out, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=NEAR
        )
    ]
    print(f"{len(kept)} examples, {sum(bool(e.kind) for e in kept)} of danger; {len(found) - len(kept)} left out")
    return kept


def matrix(texts: list[str]) -> csr_matrix:
    """Hashed pieces of words of each text."""
    hit = [ngrams.columns(second_opinion.folded(text)) for text in texts]
    data = np.concatenate([np.full(len(h), ngrams.value(len(h))) for h in hit])
    return csr_matrix((data, np.concatenate(hit), np.cumsum([0, *map(len, hit)])), shape=(len(texts), ngrams.COLUMNS))


def fitted(features: Any, labels: Any, weights: Any, strength: float) -> tuple[Any, Any]:
    """Coefficients of a logistic model."""
    model = LogisticRegression(C=strength, max_iter=2_000, solver="liblinear")
    model.fit(features, labels, sample_weight=weights)
    return model.coef_[0], model.intercept_[0]


def threshold(scores: Any, innocent: Any, share: float) -> float:
    """The least score that only this share of the innocent texts exceeds."""
    return round(float(np.quantile(scores[innocent], 1 - share)), 3)


def network(vectors: Any, labels: Any) -> MLPClassifier:
    """A small network over the encoder's vectors."""
    return MLPClassifier((64,), alpha=1e-3, max_iter=25, random_state=1).fit(vectors, labels)


def network_scores(model: MLPClassifier, vectors: Any) -> Any:
    """Log-odds of a network, as the runtime computes them."""
    hidden = np.maximum(vectors @ model.coefs_[0] + model.intercepts_[0], 0)
    return (hidden @ model.coefs_[1] + model.intercepts_[1])[:, 0]


def judged(features: Any, vectors: Any, danger_there: Any, weights: Any, groups: list[str], strength: float) -> Any:
    """Cross-validated scores; `vectors` is None for the words alone."""
    scores = np.zeros(len(groups))
    for train, held in GroupKFold(3).split(features, danger_there, groups):
        coefficients, intercept = fitted(features[train], danger_there[train], weights[train], strength)
        scores[held] = features[held] @ coefficients + intercept
        if vectors is not None:
            model = network(vectors[train], danger_there[train])
            scores[held] += second_opinion.NETWORK_SHARE * network_scores(model, vectors[held])
    return scores


def main() -> None:
    """Fit, print what cross-validation shows, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", action="store_true", help="write nothing")
    parser.add_argument("--strength", type=float, default=8.0, help="inverse regularisation")
    options = parser.parse_args()
    encoder = load_encoder()
    chosen = examples()
    texts = [e.text for e in chosen]
    vectors = np.concatenate([encoder.encode_queries(texts[i : i + 64]) for i in range(0, len(texts), 64)])
    words = matrix(texts)
    joint = hstack([words, csr_matrix(vectors)]).tocsr()
    there = np.array([bool(e.kind) for e in chosen])
    weights = np.array([e.weight for e in chosen])
    groups = [e.group for e in chosen]
    readings = [read(text)[0] for text in texts]
    personal = np.array([danger.may_be_personal(reading) for reading in readings])
    possible = np.array([not danger.is_excepted(reading) for reading in readings])
    alone = np.zeros(len(chosen))
    content: dict[str, Any] = {"encoder": encoder.id, "kinds": np.array(KINDS)}
    for name, features in (("words", words), ("joint", joint)):
        scores = judged(features, vectors if name == "joint" else None, there, weights, groups, options.strength)
        if name == "words":
            alone = scores
        else:
            scores = np.where(alone < second_opinion.WORDS_AGREE, np.minimum(scores, alone), scores)
        prefix = "words_" if name == "words" else ""
        limits = {
            level: threshold(scores, ~there & (possible if level == "sure" else personal), share)
            for level, share in SHARES.items()
        }
        content |= {f"{prefix}{level}": limit for level, limit in limits.items()}
        sure, likely = limits["sure"], limits["likely"]
        caught = ((scores > sure) & possible) | ((scores > likely) & personal)
        print(f"{name}: {limits}; {caught[there].mean():.1%} of danger, {caught[~there].mean():.2%} of the rest")
        for kind in KINDS:
            of_kind = np.array([e.kind == kind for e in chosen])
            print(f"  {kind:10} {caught[of_kind].mean():.1%} of {of_kind.sum()}")
        rows = [fitted(features, there, weights, options.strength)]
        rows += [
            fitted(features[there], np.array([e.kind == k for e in chosen])[there], weights[there], options.strength)
            for k in KINDS
        ]
        coefficients = np.array([row[0] for row in rows])
        hashed = coefficients[:, : ngrams.COLUMNS]
        scale = np.abs(hashed).max(axis=1, keepdims=True) / 127
        content |= {
            name: np.round(hashed / scale).astype(np.int8),
            f"{name}_scale": scale.astype(np.float32),
            f"{name}_bias": np.array([row[1] for row in rows], dtype=np.float32),
        }
        if name == "joint":
            content["joint_vector"] = coefficients[:, ngrams.COLUMNS :].astype(np.float16)
            model = network(vectors, there)
            content |= {
                "hidden": model.coefs_[0].astype(np.float16),
                "hidden_bias": model.intercepts_[0].astype(np.float32),
                "out": model.coefs_[1].astype(np.float16),
                "out_bias": model.intercepts_[1].astype(np.float32),
            }
    if not options.report:
        np.savez_compressed(second_opinion.FILE, **content)
        print(f"{second_opinion.FILE} has {second_opinion.FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
