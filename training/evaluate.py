"""Figures of an encoder on the development data and on the test sets.

python -m training.evaluate --data DIR --encoder bundled|teacher|FOLDER [--test] [--medquad]
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from training.data import Data, Item, open_text, prepare, read_beir

Encode = Callable[[Sequence[str]], np.ndarray]
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ\"“»])|\n+")
Figures = dict[str, float]


def ranks(queries: np.ndarray, documents: np.ndarray, right: Sequence[Sequence[int]]) -> np.ndarray:
    """Rank (1 is first) of the best right document for each query."""
    scores = queries @ documents.T
    best = np.array([row[list(columns)].max() for row, columns in zip(scores, right, strict=True)])
    return 1 + (scores > best[:, None]).sum(1)


def ndcg(scores: np.ndarray, relevant: Sequence[set[int]], cut: int = 10) -> float:
    """Mean nDCG with grades 0 and 1."""
    total = 0.0
    for row, right in zip(scores, relevant, strict=True):
        top = np.argpartition(-row, min(cut, len(row) - 1))[:cut]
        top = top[np.argsort(-row[top])]
        gain = sum(1 / np.log2(place + 2) for place, document in enumerate(top) if int(document) in right)
        total += gain / sum(1 / np.log2(place + 2) for place in range(min(cut, len(right))))
    return total / len(relevant)


def flores(encode: Encode, folder: Path, teacher: Encode | None = None) -> Figures:
    """Accuracy@1 both ways; with the teacher, also how alike the two see English and Danish."""
    rows = [line.split("\t")[:2] for line in open_text(folder / "flores_devtest.da-en.tsv")]
    danish, english = encode([row[0] for row in rows]), encode([row[1] for row in rows])
    own = [[i] for i in range(len(rows))]
    figures = {
        "flores_da_en": float((ranks(danish, english, own) == 1).mean()),
        "flores_en_da": float((ranks(english, danish, own) == 1).mean()),
    }
    if teacher:
        reference = teacher([row[1] for row in rows])
        figures["english_cosine"] = float((english * reference).sum(1).mean())
        figures["danish_rank_correlation"] = rank_correlation(danish, reference)
    return figures


def rank_correlation(vectors: np.ndarray, reference: np.ndarray) -> float:
    """Spearman's correlation of the similarities of all pairs of texts, as one and as the other sees them."""
    from scipy.stats import spearmanr

    upper = np.triu_indices(len(vectors), 1)
    return float(spearmanr((vectors @ vectors.T)[upper], (reference @ reference.T)[upper]).statistic)


def article_questions(encode: Encode, folder: Path) -> Figures:
    """Hit@3 and MRR of lay questions over the sentences of the article that they were written for."""
    rows = [json.loads(line) for line in open_text(folder / "article_questions.jsonl")]
    article = next((folder.parent / "article").glob("*.da.txt")).read_text("utf-8")
    sentences = [part.strip() for part in SENTENCE_END.split(article) if part.strip()]
    documents = encode(sentences)
    figures = {}
    for language in ("da", "en"):
        asked = [row for row in rows if row["lang"] == language]
        right = [_places(sentences, row["sentences"]) for row in asked]
        place = ranks(encode([row["question"] for row in asked]), documents, right)
        figures[f"article_{language}_hit3"] = float((place <= 3).mean())
        figures[f"article_{language}_mrr"] = float((1 / place).mean())
    return figures


def _places(sentences: Sequence[str], answers: Sequence[str]) -> list[int]:
    """Which sentences hold an answer or lie inside it."""
    found = [i for i, s in enumerate(sentences) if any(a in s or (s in a and len(s) > 20) for a in answers)]
    if not found:
        raise SystemExit(f"This answer is not in the article: {answers[0]}")
    return found


def domain(encode: Encode, items: Sequence[Item], everything: Sequence[Item]) -> Figures:
    """Unseen lay questions against all statements of one language: first place, first five, MRR by direction."""
    place_of = {item: i for i, item in enumerate(everything)}
    right = [[place_of[item]] for item in items]
    documents = {"da": encode([i.danish for i in everything]), "en": encode([i.english for i in everything])}
    questions = {"da": encode([i.danish_question for i in items]), "en": encode([i.english_question for i in items])}
    figures = {}
    for asked, vectors in questions.items():
        for language, statements in documents.items():
            place = ranks(vectors, statements, right)
            figures[f"domain_{asked}_{language}_1"] = float((place == 1).mean())
            figures[f"domain_{asked}_{language}_5"] = float((place <= 5).mean())
            figures[f"domain_{asked}_{language}_mrr"] = float((1 / place).mean())
    return figures


def development(encode: Encode, data: Data, teacher: Encode) -> Figures:
    """All figures on development data; choices are made by these."""
    danish, english = encode([p.danish for p in data.dev_pairs]), encode([p.english for p in data.dev_pairs])
    own = [[i] for i in range(len(data.dev_pairs))]
    figures = {
        "pairs_da_en": float((ranks(danish, english, own) == 1).mean()),
        "pairs_en_da": float((ranks(english, danish, own) == 1).mean()),
        "pairs_rank_correlation": rank_correlation(danish, teacher([p.english for p in data.dev_pairs])),
    }
    asked = data.dev_medquad[:250]
    answers = sorted({text for _, text in asked} | {text for _, text in data.medquad[:750]})
    place_of = {text: i for i, text in enumerate(answers)}
    scores = encode([query for query, _ in asked]) @ encode(answers).T
    figures["medquad_dev_ndcg10"] = ndcg(scores, [{place_of[text]} for _, text in asked])
    return figures | domain(encode, data.dev_domain, data.dev_domain + data.domain)


def beir(encode: Encode, folder: Path) -> float:
    """Dense nDCG@10 on a folder in BEIR's layout."""
    corpus, queries, judgements = read_beir(folder)
    place_of = {document: i for i, document in enumerate(corpus)}
    asked = [query for query in queries if query in judgements]
    scores = encode([queries[query] for query in asked]) @ encode(list(corpus.values())).T
    return ndcg(scores, [{place_of[d] for d, grade in judgements[q].items() if grade > 0} for q in asked])


def test(encode: Encode, folder: Path, teacher: Encode | None, medquad: bool) -> Figures:
    """All figures on test sets; MedQuAD takes minutes."""
    figures = flores(encode, folder, teacher) | article_questions(encode, folder)
    figures["danfever_ndcg10"] = beir(encode, folder / "danfever_da")
    if medquad:
        figures["medquad_ndcg10"] = beir(encode, folder / "medquad_ir")
    return figures


def torch_encode(folder: Path, max_tokens: int = 256) -> Encode:
    """Load the encoder of a training folder."""
    from training.model import encode, load

    encoder, tokenizer = load(folder)
    return lambda texts: encode(encoder, tokenizer, texts, max_tokens)


def named(name: str) -> Encode:
    """'bundled', 'teacher', a folder made by training.export, or a training folder."""
    from training.model import teacher_folder

    if name == "teacher":
        return torch_encode(teacher_folder())
    if name != "bundled" and not (Path(name) / "encoder.json").exists():
        return torch_encode(Path(name))
    from magbot.encoder import load_encoder

    return load_encoder(name).encode_passages


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="bundled")
    parser.add_argument("--test", action="store_true", help="the test sets too")
    parser.add_argument("--medquad", action="store_true", help="with --test: MedQuAD too, which takes minutes")
    args = parser.parse_args()
    encode, teacher = named(args.encoder), named("teacher")
    figures = development(encode, prepare(args.data), teacher)
    if args.test:
        figures |= test(encode, args.data, teacher, args.medquad)
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=1))


if __name__ == "__main__":
    main()
