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

from magbot.encoder.base import Encoder
from magbot.encoder.factory import load_encoder
from magbot.safety import danger, second_opinion
from magbot.safety.concepts import read
from magbot.text import ngrams

HERE = Path(__file__).resolve().parent
KINDS = danger.PRIORITY
WRITINGS = {"templates": 4, "told": 3}
NEAR = 88
CORPUS_QUESTIONS = 6_000
HARMLESS = ("studies", "basics", "article", "authorities", "topics")
SHARES = {"danger": 0.055, "near": 0.13}
"""Shares of innocent texts of a kind never seen before that may score above each threshold. They were written to
mislead; the rest of what people ask scores far below."""

BELIEVED = 0.006
"""Share of the dangers that a rule meets which may score below `innocent`, where no rule is believed."""

CASE_WEIGHT = 3.5

NETWORKS = 3
HIDDEN = 96
VECTOR_SCALE = 6.0
"""A unit vector's numbers are small beside signs of 0 and 1."""


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
        text = "".join(chance.choice(part.split("|")) if i % 2 else part for i, part in enumerate(parts))
        found[" ".join(text.replace(" ,", ",").split())] = None
        if len(found) == most:
            break
    return list(found)


def optional(line: str) -> str:
    """`(word )?` is short for `(word |)`."""
    return re.sub(r"\(([^()]*)\)\?", r"(\1|)", line)


def slipped(text: str, chance: random.Random) -> str:
    """The text with one slip of the finger."""
    if len(text) <= 12:
        return text
    at = chance.randrange(3, len(text) - 3)
    instead = chance.choice([text[at + 1 : at + 1], text[at + 1] + text[at], text[at] * 3])
    return text[:at] + instead + text[at + (2 if len(instead) == 2 else 1) :]


def varied(text: str, beside: list[str], chance: random.Random) -> str:
    """The text as somebody else would type it: a slip, no æøå, no commas, no pronoun, or in the midst of a story."""
    bare = re.sub(r"[.,!?;:']", "", text)
    ended = text if text[-1] in ".?!" else f"{text}."
    before, after, more = chance.sample(beside, 3)
    return chance.choice(
        [
            slipped(text, chance),
            slipped(text, chance),
            text.replace("æ", "ae").replace("ø", "oe").replace("å", "aa"),
            text.translate(str.maketrans("æøå", "aoa")),
            bare,
            re.sub(r"^(jeg har|jeg er|i'm|i am|i have|jeg|i|min|my) ", "", text),
            text.upper(),
            f"{before} {text}",
            f"{ended} {after}",
            f"{before} {more} {ended} {after}",
            f"{before} {bare} {after}".lower().replace(".", ""),
        ]
    )


def phrases(chance: random.Random) -> list[Example]:
    """Everything in eval/phrases, written out."""
    found = []
    folder = HERE / "phrases"
    beside = {f.stem: f.read_text(encoding="utf-8").splitlines() for f in (folder / "beside").glob("*.txt")}
    for path in sorted((*folder.glob("*.txt"), *(folder / "told").glob("*.txt"))):
        kind, language = path.stem.split(".")
        told = path.parent.name == "told"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if not line.strip():
                continue
            if told:
                texts = [line, *(varied(line, beside[language], chance) for _ in range(WRITINGS["told"] - 1))]
            else:
                written = written_out(optional(line), chance, WRITINGS["templates"])
                texts = [written[0], *(varied(text, beside[language], chance) for text in written[1:])]
            group = f"{'told-' if told else ''}{path.stem}-{number}"
            label = "" if kind == "none" else kind
            found += [Example(text, label, group, 3 / len(texts) ** 0.5) for text in dict.fromkeys(texts)]
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
        Example(c["question"], c.get("expect", "") if c["kind"] == "urgent" else "", c["id"], CASE_WEIGHT)
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
    # A long message is weighed by its sentences too, so those of a harmless one are learned as harmless.
    found += [
        Example(part.text, "", e.group, min(e.weight, 1.0))
        for e in list(found)
        if not e.kind
        for part in second_opinion.parts(e.text)
    ]
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


def matrix(readings: list[list[str]]) -> csr_matrix:
    """Hashed pieces of words of each text."""
    hit = [ngrams.columns(" . ".join(sentences)) for sentences in readings]
    data = np.concatenate([np.full(len(h), ngrams.value(len(h))) for h in hit])
    return csr_matrix((data, np.concatenate(hit), np.cumsum([0, *map(len, hit)])), shape=(len(hit), ngrams.COLUMNS))


def fitted(features: Any, labels: Any, weights: Any, strength: float) -> tuple[Any, Any]:
    """Coefficients of a logistic model."""
    model = LogisticRegression(C=strength, max_iter=2_000, solver="liblinear", tol=1e-3)
    model.fit(features, labels, sample_weight=weights)
    return model.coef_[0], model.intercept_[0]


def network(features: Any, labels: Any) -> tuple[Any, Any, Any, Any]:
    """Some small networks, put side by side in one: weights and biases of its hidden layer and of its output."""
    fits = [
        MLPClassifier((HIDDEN,), alpha=3e-2, max_iter=8, random_state=seed).fit(features, labels)
        for seed in range(NETWORKS)
    ]
    return (
        np.hstack([fit.coefs_[0] for fit in fits]),
        np.hstack([fit.intercepts_[0] for fit in fits]),
        np.vstack([fit.coefs_[1] for fit in fits]) / NETWORKS,
        np.mean([fit.intercepts_[1] for fit in fits], axis=0),
    )


def network_scores(weights: tuple[Any, Any, Any, Any], features: Any) -> Any:
    """Log-odds of a network, as the runtime computes them."""
    hidden, hidden_bias, out, out_bias = weights
    return (np.maximum(features @ hidden + hidden_bias, 0) @ out + out_bias)[:, 0]


class Data(NamedTuple):
    """What is learned from, as numbers."""

    words: Any
    joint: Any
    dense: Any
    danger: Any
    weights: Any
    groups: list[str]
    kinds: Any
    ruled: Any


def judged(data: Data, *, joint: bool, strength: float) -> Any:
    """Scores of texts whose phrase was not learned from."""
    features = data.joint if joint else data.words
    scores = np.zeros(len(data.groups))
    for train, held in GroupKFold(3).split(features, data.danger, data.groups):
        coefficients, intercept = fitted(features[train], data.danger[train], data.weights[train], strength)
        scores[held] = features[held] @ coefficients + intercept
        if joint:
            learned = network(data.dense[train], data.danger[train])
            scores[held] += second_opinion.NETWORK_SHARE * network_scores(learned, data.dense[held])
    return scores


def prepared(chosen: list[Example], encoder: Encoder) -> Data:
    """All features of the examples."""
    texts = [e.text for e in chosen]
    vectors = np.concatenate([encoder.encode_queries(texts[i : i + 64]) for i in range(0, len(texts), 64)])
    readings = [read(text)[0] for text in texts]
    held = np.array([second_opinion.signs_in(sentences, danger.find(sentences)) for sentences in readings])
    pieces = matrix(readings)
    rules = [second_opinion.signs().index(f"rule {kind}") for kind in KINDS]
    return Data(
        words=hstack([pieces, csr_matrix(held)]).tocsr(),
        joint=hstack([pieces, csr_matrix(held), csr_matrix(vectors)]).tocsr(),
        dense=np.hstack([vectors * VECTOR_SCALE, held]),
        danger=np.array([bool(e.kind) for e in chosen]),
        weights=np.array([e.weight for e in chosen]),
        groups=[e.group for e in chosen],
        kinds=np.array([e.kind for e in chosen]),
        ruled=held[:, rules].any(axis=1),
    )


def thresholds(scores: Any, data: Data) -> dict[str, float]:
    """Where danger, a help line, and disbelief in rules begin."""
    # Questions of the corpus are easy; the shares are of what was written to mislead.
    hard = ~data.danger & (data.weights > 1)
    limits = {level: float(np.quantile(scores[hard], 1 - share)) for level, share in SHARES.items()}
    limits["innocent"] = float(np.quantile(scores[data.danger & data.ruled], BELIEVED))
    return limits


def told(scores: Any, limits: dict[str, float], data: Data) -> None:
    """Print what the thresholds do to texts whose phrase was not learned from."""
    urgent = (scores > limits["danger"]) | (data.ruled & (scores >= limits["innocent"]))
    parts = {
        "all": np.full(len(scores), True),
        "told": np.array([group.startswith("told-") for group in data.groups]),
        "cases": data.weights == CASE_WEIGHT,
        "corpus": data.weights < 1,
    }
    for name, part in parts.items():
        there, none = urgent[part & data.danger], urgent[part & ~data.danger]
        recall = f"{there.mean():.1%} of {len(there)} dangers, " if len(there) else ""
        print(f"  {name:8} {recall}{none.mean():.2%} of {len(none)} others")
    for kind in KINDS:
        of_kind = urgent[data.kinds == kind]
        print(f"  {kind:10} {of_kind.mean():.1%} of {len(of_kind)}")


def split_up(rows: list[tuple[Any, Any]], prefix: str, signs: int) -> dict[str, Any]:
    """Linear weights as they are stored: those of the pieces of words as small whole numbers."""
    coefficients = np.array([row[0] for row in rows])
    pieces = coefficients[:, : ngrams.COLUMNS]
    scale = np.abs(pieces).max(axis=1, keepdims=True) / 127
    content = {
        prefix: np.round(pieces / scale).astype(np.int8),
        f"{prefix}_scale": scale.astype(np.float32),
        f"{prefix}_signs": coefficients[:, ngrams.COLUMNS : ngrams.COLUMNS + signs].astype(np.float32),
        f"{prefix}_bias": np.array([row[1] for row in rows], dtype=np.float32),
    }
    if coefficients.shape[1] > ngrams.COLUMNS + signs:
        content[f"{prefix}_vector"] = coefficients[:, ngrams.COLUMNS + signs :].astype(np.float16)
    return content


def main() -> None:
    """Fit, print what cross-validation shows, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", action="store_true", help="write nothing")
    parser.add_argument("--strength", type=float, default=8.0, help="inverse regularisation")
    options = parser.parse_args()
    encoder = load_encoder()
    data = prepared(examples(), encoder)
    signs = second_opinion.signs()
    content: dict[str, Any] = {"encoder": encoder.id, "kinds": np.array(KINDS), "signs": np.array(signs)}
    for name, features in (("words", data.words), ("joint", data.joint)):
        scores = judged(data, joint=name == "joint", strength=options.strength)
        limits = thresholds(scores, data)
        print(name, {level: round(limit, 3) for level, limit in limits.items()})
        told(scores, limits, data)
        content |= {f"{'words_' if name == 'words' else ''}{level}": limit for level, limit in limits.items()}
        of_danger = data.danger
        # Some questions of the corpus are cries for help in few words: nobody said that they are harmless.
        sure = of_danger | (data.weights >= 1) | (scores <= limits["danger"])
        rows = [fitted(features[sure], of_danger[sure], data.weights[sure], options.strength)]
        rows += [
            fitted(features[of_danger], (data.kinds == kind)[of_danger], data.weights[of_danger], options.strength)
            for kind in KINDS
        ]
        content |= split_up(rows, name, len(signs))
    hidden, hidden_bias, out, out_bias = network(data.dense[sure], data.danger[sure])
    hidden[: encoder.dimension] *= VECTOR_SCALE
    content |= {
        "hidden": hidden.astype(np.float16),
        "hidden_bias": hidden_bias.astype(np.float32),
        "out": out.astype(np.float32),
        "out_bias": out_bias.astype(np.float32),
    }
    if not options.report:
        np.savez_compressed(second_opinion.FILE, **content)
        print(f"{second_opinion.FILE} has {second_opinion.FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
