"""Prints what a person gets from each kind of model server: engine, what became of the model's words, time, citations.

python eval/model_servers.py            the behaviours of tests/model_server.py, over real HTTP
python eval/model_servers.py --tiny     besides a real server of a tiny model with random weights, made here
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from model_server import BEHAVIOURS, BROKEN, model_server

from magbot.assistant import Magbot
from magbot.events import AnswerEvent, StatementEvent
from magbot.settings import load_settings

QUESTIONS = ("Does magnesium help against migraine?", "Hjælper magnesium mod migræne?")
SECONDS = 4.0
TINY_SECONDS = 60.0
START_SECONDS = 120.0
_SPECIAL = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}


def row(name: str, model: str, url: str, seconds: float, question: str) -> str:
    """Ask once and describe the outcome in one line."""
    magbot = Magbot(
        load_settings(
            data_dir=Path(tempfile.gettempdir()) / "magbot-eval",
            model=model,
            model_base_url=url,
            model_timeout=seconds,
            model_retries=0,
            model_max_tokens=200,
        )
    )
    started, first = time.monotonic(), None
    for event in magbot.stream(question):
        if first is None and isinstance(event, StatementEvent):
            first = time.monotonic() - started
        if isinstance(event, AnswerEvent):
            answer = event.answer
    took = time.monotonic() - started
    exact = all(magbot.document(c.document_id, c.language).text[c.start : c.end] == c.quote for c in answer.citations)
    how = answer.generation
    engine = "extractive" if answer.engine == "extractive" else "the model's"
    return (
        f"{name:<14} {answer.language:<3} {engine:<12} {how.result if how else '–':<12} "
        f"{how.kept if how else 0:>4} {how.dropped if how else 0:>7} {len(answer.citations):>9} "
        f"{'yes' if exact else 'NO':>5} {first or took:>6.2f} {took:>6.2f}"
    )


@contextmanager
def tiny_server() -> Iterator[str]:
    """`transformers serve` with a causal model of random weights; gives its base URL.

    The model and its tokenizer are made here, from nothing, so that no download is needed.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    from magbot.corpus.load import load_corpus

    with tempfile.TemporaryDirectory() as folder:
        texts = [document.text for document in load_corpus(load_settings().corpus_dir)]
        tokenizer = Tokenizer(models.BPE(unk_token=_SPECIAL["unk_token"]))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
        trainer = trainers.BpeTrainer(vocab_size=2000, special_tokens=list(_SPECIAL.values()))
        tokenizer.train_from_iterator(texts[:60], trainer)
        fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **_SPECIAL, pad_token=_SPECIAL["eos_token"])
        fast.chat_template = (
            "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant:"
        )
        fast.save_pretrained(folder)
        config = LlamaConfig(
            vocab_size=len(fast), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=8192, bos_token_id=1, eos_token_id=2,
        )  # fmt: skip
        LlamaForCausalLM(config).save_pretrained(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [
            str(Path(sys.executable).parent / "transformers"),
            "serve",
            folder,
            "--port",
            str(port),
            "--device",
            "cpu",
        ]
        environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
        with (
            (Path(folder) / "log").open("w") as log,
            subprocess.Popen(  # noqa: S603 - a command of our own
                command, stdout=log, stderr=log, env=environment
            ) as process,
        ):
            try:
                url = f"http://127.0.0.1:{port}"
                wait_for(f"{url}/health", process)
                print(f"model server: transformers serve, {json.dumps(folder)}")
                yield f"{url}/v1|{folder}"
            finally:
                process.terminate()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit("The model server did not start.")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiny", action="store_true", help="also a real server of a tiny random model")
    options = parser.parse_args()
    print(
        f"{'server':<14} {'':<3} {'engine':<12} {'model':<12} {'kept':>4} {'dropped':>7} {'citations':>9} "
        f"{'exact':>5} {'first':>6} {'total':>6}"
    )
    with model_server() as server:
        # LangChain loads once in a process; not in the first row's time.
        row("warm-up", "openai:well-behaved", server.url, SECONDS, QUESTIONS[0])
        for name in (*BEHAVIOURS, *BROKEN):
            for question in QUESTIONS:
                print(row(name, f"openai:{name}", server.url, SECONDS, question), flush=True)
    if options.tiny:
        with tiny_server() as address:
            url, _, folder = address.partition("|")
            for question in QUESTIONS:
                print(row("tiny-random", f"openai:{folder}", url, TINY_SECONDS, question), flush=True)


if __name__ == "__main__":
    main()
