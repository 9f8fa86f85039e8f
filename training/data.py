"""What the encoder learns from, kept apart from what it is tested on.

`prepare` reads the data folder, drops every training text that is also in a test set, and splits off development
data: whole topics of the domain text, some MedQuAD questions and some translated sentences.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SHINGLE = 8  # words; a text that shares most of its runs of so many words with a test text is a leak
# Documents of the corpus that no released encoder has learnt from; a list, so that a growing corpus does not change it.
HELD_BACK = Path(__file__).parent / "held_back.txt"
WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Pair:
    """The same sentence in both languages."""

    danish: str
    english: str
    source: str


@dataclass(frozen=True)
class Item:
    """A statement and questions that it answers, in both languages."""

    topic: str
    english: str
    danish: str
    english_question: str
    danish_question: str
    more: tuple[str, ...] = ()  # further questions, in either language
    more_languages: tuple[str, ...] = ()  # of each

    @property
    def questions(self) -> tuple[str, ...]:
        """All questions that the statement answers."""
        return self.english_question, self.danish_question, *self.more

    def questions_in(self, language: str) -> tuple[str, ...]:
        """Those of one language."""
        first = self.danish_question if language == "da" else self.english_question
        return first, *(text for text, its in zip(self.more, self.more_languages, strict=True) if its == language)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything in it."""
        return self.english, self.danish, *self.questions


@dataclass(frozen=True)
class Data:
    """Training and development data, and how many texts each leak check dropped."""

    pairs: list[Pair]
    domain: list[Item]
    medquad: list[tuple[str, str]]
    dev_pairs: list[Pair]
    dev_domain: list[Item]
    dev_medquad: list[tuple[str, str]]
    corpus: list[Item] = field(default_factory=list)
    dev_corpus: list[Item] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)


def open_text(path: Path) -> Iterator[str]:
    """Lines of a file, of `path` itself or of `path` + ".gz"."""
    if not path.exists():
        path = path.with_name(path.name + ".gz")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from (line.rstrip("\n") for line in lines)


def read_beir(folder: Path, queries: str = "queries", qrels: str = "qrels") -> tuple[dict, dict, dict]:
    """Corpus {id: "title. text"}, queries {id: text} and judgements {query id: {document id: grade}}."""
    corpus = {}
    for line in open_text(folder / "corpus.jsonl"):
        row = json.loads(line)
        corpus[row["_id"]] = ". ".join(part for part in (row.get("title", ""), row["text"]) if part)
    texts = {row["_id"]: row["text"] for row in map(json.loads, open_text(folder / f"{queries}.jsonl"))}
    judgements: dict[str, dict[str, int]] = {}
    for query, document, grade in (line.split("\t") for line in open_text(folder / f"{qrels}.tsv")):
        if grade.strip().isdigit():
            judgements.setdefault(query, {})[document] = int(grade)
    return corpus, texts, judgements


def words(text: str) -> list[str]:
    """Letters and digits only, folded, for comparison."""
    return WORDS.findall(text.casefold())


class LeakCheck:
    """Knows all test texts and recognises them, whole or in good part."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.whole: set[str] = set()
        self.shingles: set[int] = set()
        for text in texts:
            tokens = words(text)
            self.whole.add(" ".join(tokens))
            self.shingles.update(_shingles(tokens))

    def __call__(self, text: str) -> bool:
        """Whether `text` is a test text or shares at least half of its word runs with test texts."""
        tokens = words(text)
        if " ".join(tokens) in self.whole:
            return True
        shingles = _shingles(tokens)
        return bool(shingles) and sum(s in self.shingles for s in shingles) >= 0.5 * len(shingles)


def _shingles(tokens: Sequence[str]) -> list[int]:
    return [hash(tuple(tokens[i : i + SHINGLE])) for i in range(len(tokens) - SHINGLE + 1)]


def test_texts(folder: Path) -> Iterator[str]:
    """Every text of every test set. Of MedQuAD: the test questions and their answers."""
    for line in open_text(folder / "flores_devtest.da-en.tsv"):
        yield from line.split("\t")[:2]
    for row in map(json.loads, open_text(folder / "article_questions.jsonl")):
        yield from (row["question"], *row["sentences"])
    corpus, queries, _ = read_beir(folder / "danfever_da")
    yield from (*corpus.values(), *queries.values())
    for line in open_text(folder / "danfever_da" / "corpus.jsonl"):
        yield json.loads(line)["text"]
    corpus, queries, judgements = read_beir(folder / "medquad_ir")
    for query, documents in judgements.items():
        yield from (queries[query], *(corpus[document] for document in documents))


def read_domain(folder: Path) -> list[Item]:
    """All items of domain/*.tsv."""
    rows = (line.split("\t") for file in sorted(folder.glob("domain/*.tsv")) for line in open_text(file))
    return [Item(*row) for row in rows if len(row) == 5 and all(row)]


def read_corpus(folder: Path) -> list[Item]:
    """The statements of magbot's own corpus with their expansion questions; the topic is the document.

    Both languages list the statements of a document in the same order.
    """
    items = []
    for file in sorted(folder.glob("questions/*.jsonl")):
        rows = [json.loads(line) for line in open_text(file)]
        danish, english = ([row for row in rows if row["language"] == language] for language in ("da", "en"))
        for da, en in zip(danish, english, strict=True):
            more = (*en["questions"][1:], *da["questions"][1:])
            languages = ("en",) * (len(en["questions"]) - 1) + ("da",) * (len(da["questions"]) - 1)
            asked = en["questions"][0], da["questions"][0]
            items.append(Item(file.stem, en["quote"], da["quote"], *asked, more, languages))
    return items


def read_lexicon(folder: Path) -> list[tuple[str, str]]:
    """(Danish word, English translation) in lower case."""
    rows = csv.DictReader(open_text(folder / "lexicon.da-en.tsv"), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(row["da"].lower(), row["en"].lower()) for row in rows if row["da"] and row["en"]]


def prepare(folder: Path, seed: int = 4, corpus_folder: Path | None = None) -> Data:
    """Read, check and split. Of magbot's corpus, the documents named in held_back.txt are development data."""
    leak = LeakCheck(test_texts(folder))
    rng = random.Random(seed)  # noqa: S311
    pairs = []
    for line in open_text(folder / "pairs.tsv"):
        danish, english, source, part = line.split("\t")
        if part == "A":
            pairs.append(Pair(danish, english, source.split("-")[0]))
    domain = read_domain(folder)
    corpus, queries, judgements = read_beir(folder / "medquad_ir", "train_queries", "train_qrels")
    medquad = [(queries[query], corpus[doc]) for query, docs in sorted(judgements.items()) for doc in docs]
    corpus = read_corpus(corpus_folder) if corpus_folder else []
    sizes = {"pairs": len(pairs), "domain": len(domain), "medquad": len(medquad), "corpus": len(corpus)}

    pairs = [pair for pair in pairs if not (leak(pair.danish) or leak(pair.english))]
    domain = [item for item in domain if not any(map(leak, item.texts))]
    medquad = [(query, text) for query, text in medquad if not (leak(query) or leak(text))]
    corpus = [item for item in corpus if not any(map(leak, item.texts))]
    left = {"pairs": len(pairs), "domain": len(domain), "medquad": len(medquad), "corpus": len(corpus)}

    topics = sorted({item.topic for item in domain})
    dev_topics = set(rng.sample(topics, max(1, len(topics) // 10)))
    rng.shuffle(medquad)
    translated = [pair for pair in pairs if pair.source in {"ntrex", "tatoeba"}]
    dev_pairs = set(rng.sample(translated, 500))
    dev_documents = set(HELD_BACK.read_text("utf-8").split())
    return Data(
        pairs=[pair for pair in pairs if pair not in dev_pairs],
        domain=[item for item in domain if item.topic not in dev_topics],
        medquad=medquad[500:],
        dev_pairs=sorted(dev_pairs, key=lambda pair: pair.danish),
        dev_domain=[item for item in domain if item.topic in dev_topics],
        dev_medquad=medquad[:500],
        corpus=[item for item in corpus if item.topic not in dev_documents],
        dev_corpus=[item for item in corpus if item.topic in dev_documents],
        dropped={name: sizes[name] - left[name] for name in sizes},
    )
