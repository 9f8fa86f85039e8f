"""Danish word pieces for the teacher's vocabulary, each with a vector taken from its English translations.

The pieces come from a WordPiece trainer on Danish text, the lexicon's words, and the tails of compounds. A piece that
would change how any English word of the data is split is left out, so that English stays as the teacher knows it. Word
translations come from the lexicon and from IBM model 1 (Brown et al. 1993) on the sentence pairs.
"""

from __future__ import annotations

import json
import logging
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import snowballstemmer
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import NFC, BertNormalizer, Replace
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.trainers import WordPieceTrainer

from training.data import Data
from training.model import SentenceEncoder, load, save, teacher_folder

RING = "\ua733"  # stands for å, which the teacher's normalizer would fold to a ("hår" would become "har")
WEIGHTS = {"domain": 8.0, "ntrex": 3.0, "sib200": 3.0, "smittestop": 2.0, "tatoeba": 2.0, "wiktionary": 1.0, "omw": 1.0}
SOFTWARE_WEIGHT = 0.15
SOFTWARE_PAIRS = 25_000  # of the software documentation in word alignment
Translations = dict[str, list[tuple[str, float]]]


def normalizer() -> Normalizers:
    """Make the teacher's normalizer, with å kept apart."""
    return Normalizers([NFC(), Replace("å", RING), Replace("Å", RING), BertNormalizer(lowercase=True)])


def split_words(text: str) -> list[str]:
    """Normalised words, as the tokenizer sees them."""
    return [word for word, _ in BertPreTokenizer().pre_tokenize_str(normalizer().normalize_str(text))]


def danish_texts(data: Data) -> Iterable[tuple[str, float]]:
    """Danish texts with their weights."""
    for pair in data.pairs:
        yield pair.danish, WEIGHTS.get(pair.source, SOFTWARE_WEIGHT)
    for item in data.domain:
        yield item.danish, WEIGHTS["domain"]
        yield item.danish_question, WEIGHTS["domain"]


def english_texts(data: Data) -> Iterable[str]:
    """English texts that must keep their pieces."""
    yield from (pair.english for pair in data.pairs)
    for item in data.domain:
        yield from (item.english, item.english_question)
    for question, answer in data.medquad:
        yield from (question, answer)


def count_words(texts: Iterable[tuple[str, float]]) -> Counter[str]:
    """Weighted counts of normalised words."""
    counts: Counter[str] = Counter()
    for text, weight in texts:
        for word in split_words(text):
            counts[word] += weight
    return counts


def trained_pieces(counts: Counter[str], size: int) -> list[str]:
    """Pieces of a WordPiece model trained on the counts."""
    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))  # noqa: S106 - not a password
    tokenizer.pre_tokenizer = BertPreTokenizer()
    trainer = WordPieceTrainer(vocab_size=size, min_frequency=4, show_progress=False, limit_alphabet=200)
    tokenizer.train_from_iterator((" ".join([word] * max(1, round(n))) for word, n in counts.items()), trainer)
    return sorted(tokenizer.get_vocab(), key=lambda piece: tokenizer.get_vocab()[piece])


def compound_tails(counts: Counter[str], known: set[str]) -> list[str]:
    """Known words that end at least two other words, as continuation pieces."""
    tails: Counter[str] = Counter()
    for word in counts:
        for start in range(3, len(word) - 3):
            head = word[:start]
            if word[start:] in known and (head in known or head.removesuffix("s") in known):
                tails[word[start:]] += 1
                break
    return [f"##{tail}" for tail, number in tails.most_common() if number >= 2]


def keep_english(
    tokenizer_json: dict, old: dict[str, int], pieces: list[str], english: Counter[str], danish: Counter[str]
) -> list[str]:
    """Choose the pieces that split no English word of the data in a new way."""
    guarded = [word for word, number in english.items() if number >= 0.1 * danish[word]]
    # Not encode_batch_fast, which leaves tokens empty.
    before = [e.tokens for e in _tokenizer(tokenizer_json, old).encode_batch(guarded, add_special_tokens=False)]
    kept = list(pieces)
    while True:
        vocabulary = old | {piece: len(old) + i for i, piece in enumerate(kept)}
        after = _tokenizer(tokenizer_json, vocabulary).encode_batch(guarded, add_special_tokens=False)
        changed = [(i, now.tokens) for i, now in enumerate(after) if before[i] != now.tokens]
        bad = {token for _, tokens in changed for token in tokens} - old.keys()
        if not bad:
            return kept
        kept = [piece for piece in kept if piece not in bad]
        # The longest piece wins, so a word that is split as of old stays so when pieces that it does not have go.
        guarded, before = [guarded[i] for i, _ in changed], [before[i] for i, _ in changed]


def _tokenizer(tokenizer_json: dict, vocabulary: dict[str, int]) -> Tokenizer:
    """Make the teacher's tokenizer with another vocabulary and our normalizer."""
    changed = json.loads(json.dumps(tokenizer_json))
    changed["model"]["vocab"] = vocabulary
    changed["truncation"] = changed["padding"] = None
    tokenizer = Tokenizer.from_str(json.dumps(changed))
    tokenizer.normalizer = normalizer()
    return tokenizer


def align(pairs: Sequence[tuple[list[str], list[str]]], passes: int = 6, keep: int = 4) -> Translations:
    """IBM model 1: for each Danish word its likeliest English words with their probabilities."""
    danish = {word: i for i, word in enumerate(sorted({w for d, _ in pairs for w in d}))}
    english = {word: i for i, word in enumerate(sorted({w for _, e in pairs for w in e}))}
    keys, slots, slot = [], [], 0
    for source, target in pairs:  # one link for each pair of words; a slot is one Danish word of one sentence
        d = np.array([danish[w] for w in source], dtype=np.int64)
        e = np.array([english[w] for w in target], dtype=np.int64)
        keys.append((d[:, None] * len(english) + e[None, :]).ravel())
        slots.append(np.repeat(np.arange(slot, slot + len(d)), len(e)))
        slot += len(d)
    links, cell = np.unique(np.concatenate(keys), return_inverse=True)
    where = np.concatenate(slots)
    of_danish, of_english = links // len(english), links % len(english)
    # p(danish | english) while training, so that frequent English words do not attract everything
    table = np.ones(len(links))
    for _ in range(passes):
        weight = table[cell]
        weight /= np.bincount(where, weights=weight, minlength=slot)[where]
        table = np.bincount(cell, weights=weight, minlength=len(links))
        expected = table
        table = table / np.bincount(of_english, weights=table, minlength=len(english))[of_english]
    share = expected / np.bincount(of_danish, weights=expected, minlength=len(danish))[of_danish]
    danish_words, english_words = list(danish), list(english)
    result: Translations = defaultdict(list)
    for index in np.argsort(-share):
        best = result[danish_words[of_danish[index]]]
        if len(best) < keep and share[index] > 0.08:
            best.append((english_words[of_english[index]], float(share[index])))
    return dict(result)


def translations(data: Data, lexicon: Sequence[tuple[str, str]], seed: int = 4) -> Translations:
    """English words for Danish words; the lexicon and the pairs speak together."""
    rng = random.Random(seed)  # noqa: S311
    software = [pair for pair in data.pairs if pair.source in {"dyn365", "alchemy"}]
    general = [pair for pair in data.pairs if pair.source not in {"dyn365", "alchemy"}]
    texts = [(pair.danish, pair.english) for pair in general + rng.sample(software, min(SOFTWARE_PAIRS, len(software)))]
    for item in data.domain:
        texts += 2 * [(item.danish, item.english), (item.danish_question, item.english_question)]
    texts += [pair for pair in lexicon for _ in range(2)]
    split = [(split_words(d), split_words(e)) for d, e in texts]
    return align([(d, e) for d, e in split if d and e and len(d) <= 60 and len(e) <= 60])


class Vectors:
    """Initial vectors for new pieces, from the teacher's table."""

    def __init__(self, teacher: Tokenizer, table: np.ndarray, known: Translations) -> None:
        self.teacher, self.table, self.known = teacher, table, known
        self.stem = snowballstemmer.stemmer("danish").stemWord
        self.by_stem: dict[str, list[str]] = defaultdict(list)
        for word in known:
            self.by_stem[self.stem(word)].append(word)

    def english(self, word: str) -> np.ndarray:
        """Mean of the teacher's pieces of an English word."""
        return self.table[self.teacher.encode(word, add_special_tokens=False).ids].mean(0)

    def danish(self, word: str) -> np.ndarray | None:
        """Mean over the translations of a Danish word, or of words with its stem."""
        words = [word] if word in self.known else self.by_stem.get(self.stem(word), [])[:5]
        found = [(self.english(e), p) for w in words for e, p in self.known[w] if e.isalnum()]
        if not found:
            return None
        return np.average([v for v, _ in found], axis=0, weights=[p for _, p in found])


def initial_table(
    teacher: Tokenizer, table: np.ndarray, new: Tokenizer, pieces: list[str], known: Translations, danish: Counter[str]
) -> tuple[np.ndarray, Counter[str]]:
    """Vectors of `pieces`, (pieces, dimension), and how many came from where."""
    vectors = Vectors(teacher, table, known)
    inside: dict[str, list[str]] = defaultdict(list)
    for word, _ in danish.most_common():
        for token in new.encode(word, add_special_tokens=False).tokens:
            if len(inside[token]) < 20:
                inside[token].append(word)
    rows, origin = [], Counter[str]()
    for piece in pieces:
        row = vectors.danish(piece.removeprefix("##"))
        kind = "translation"
        if row is None or (piece.startswith("##") and len(piece) < 6):
            context = [v for word in inside[piece] if (v := vectors.danish(word)) is not None]
            kind = "words that contain it" if context else "old pieces"
            row = np.mean(context, axis=0) if context else vectors.english(piece.removeprefix("##").replace(RING, "a"))
        rows.append(row)
        origin[kind] += 1
    return np.array(rows, dtype=np.float32), origin


def extend(data: Data, lexicon: Sequence[tuple[str, str]], target: Path, trained: int = 20_000) -> SentenceEncoder:
    """Write the untrained bilingual student to `target`."""
    encoder, teacher = load(teacher_folder())
    tokenizer_json = json.loads(teacher.to_str())
    old: dict[str, int] = tokenizer_json["model"]["vocab"]
    danish = count_words(danish_texts(data))
    english = count_words((text, 1.0) for text in english_texts(data))
    for word, _ in lexicon:
        for part in split_words(word):
            danish[part] += 1.2
    lexicon_words = [part for word, _ in lexicon for part in split_words(word) if len(part) >= 4]
    frequent = [word for word, number in danish.most_common() if number >= 6 and len(word) >= 3]
    known = set(lexicon_words) | set(frequent)
    candidates = trained_pieces(danish, trained) + frequent + lexicon_words
    candidates += compound_tails(danish, {word for word in known if len(word) >= 4})
    pieces = [piece for piece in dict.fromkeys(candidates) if piece not in old and not piece.startswith("[")]
    pieces = [piece for piece in pieces if any(c.isalpha() for c in piece) and not any(c.isdigit() for c in piece)]
    kept = keep_english(tokenizer_json, old, pieces, english, danish)
    logging.info("pieces: %d candidates, %d kept", len(pieces), len(kept))
    student = _tokenizer(tokenizer_json, old | {piece: len(old) + i for i, piece in enumerate(kept)})
    known_words = translations(data, lexicon)
    table = encoder.bert.embeddings.word_embeddings.weight.detach().numpy()
    rows, origin = initial_table(teacher, table, student, kept, known_words, danish)
    logging.info("vectors from: %s", dict(origin))
    grown = torch.nn.Embedding.from_pretrained(torch.from_numpy(np.concatenate([table, rows])), freeze=False)
    encoder.bert.set_input_embeddings(grown)
    encoder.bert.config.vocab_size = len(table) + len(rows)
    target.mkdir(parents=True, exist_ok=True)
    save(encoder, student, target)
    return encoder
