"""Asks magbot and two simple baselines the cases, and gathers what is needed to score and to plot."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring import Case, Score, read_cases, score

from magbot.answer.citations import Citations
from magbot.assistant import Magbot
from magbot.retrieval.answerability import decide
from magbot.retrieval.ranking import rank
from magbot.retrieval.search import Found
from magbot.safety import disclaimer
from magbot.schema import Answer, Hit, Message, Outcome, Sentence, Statement
from magbot.settings import load_settings

CASES = Path(__file__).parent / "cases"
Ask = Callable[[Case], Answer]
# All that search has, so that the best by meaning alone and by words alone are among it.
_DEEP = 200


@dataclass(frozen=True)
class Run:
    """One case with its answer, how it was judged, and how probable magbot held it that the corpus answers.

    `probability` is None where the decision was not asked for: emergencies and sums from the tables.
    """

    case: Case
    answer: Answer
    score: Score
    probability: float | None


def cases_of(split: str, files: Sequence[Path] = ()) -> list[Case]:
    """Cases of a part ("dev", "test" or "all") of some files, by default of all that say something about answers."""
    if files:
        listed = [case for file in files for case in read_cases(file)]
    else:
        every = sorted(CASES.glob("*.jsonl"))
        listed = [case for file in every for case in read_cases(file) if _says_something(file.stem, case)]
    return [case for case in listed if split == "all" or case.split in {split, ""}]


def _says_something(file: str, case: Case) -> bool:
    """Leave out what eval/safety.py judges alone, and what was looked at.

    Near misses of danger ask this and that; all that they say is that nothing in them is urgent. The test part of the
    first emergencies was read while rules were written; those of safety-unseen were not.
    """
    if file == "safety-unseen":
        return case.kind in {"urgent", "caution"}
    return file != "safety-nearmiss" and not (file == "safety-urgent" and case.split == "test")


def in_process_magbot() -> Magbot:
    """The library with an index of its own, which later runs find again."""
    return Magbot(load_settings(data_dir=Path(tempfile.gettempdir()) / "magbot-eval"))


def over_http(url: str) -> Ask:
    """Ask a running service through its API."""
    import httpx

    client = httpx.Client(base_url=url, timeout=60)

    def ask(case: Case) -> Answer:
        response = client.post("/api/ask", json={"question": case.question, "history": case.history})
        response.raise_for_status()
        return Answer.model_validate(response.json())

    return ask


def ask_all(cases: Sequence[Case], magbot: Magbot, *, sure: bool = True) -> list[Run]:
    """Magbot's own answers; `sure` says whether the probabilities are wanted, which are worked out once more."""
    runs = []
    for case in cases:
        answer = magbot.ask(case.question, [Message.model_validate(message) for message in case.history])
        probability = None
        if sure and "decide" in answer.timings_ms:
            found = magbot.search(answer.standalone_question, answer.language)
            probability = decide(found, rank(found), noticed=bool(answer.notices)).probability
        runs.append(Run(case, answer, score(case, answer), probability))
    return runs


def baselines(runs: Sequence[Run], magbot: Magbot) -> dict[str, list[Run]]:
    """What a search box would show: the top passage by meaning, and the top passage by words (BM25).

    Both get the standalone question that magbot worked out, and never refuse.
    """
    by: dict[str, Callable[[Hit], float]] = {
        "top passage, dense": lambda hit: hit.dense,
        "top passage, BM25": lambda hit: hit.lexical,
    }
    shown: dict[str, list[Run]] = {name: [] for name in by}
    for run in runs:
        found = magbot.search(run.answer.standalone_question, run.answer.language, _DEEP)
        for name, key in by.items():
            answer = _top_passage(found, key)
            shown[name].append(Run(run.case, answer, score(run.case, answer), None))
    return shown


def _top_passage(found: Found, key: Callable[[Hit], float]) -> Answer:
    hit = max(found.hits, key=key, default=None)
    nothing = Answer(
        outcome=Outcome.NOT_IN_CORPUS,
        language=found.language,
        standalone_question=found.question,
        text="",
        disclaimer=disclaimer(found.language),
    )
    if hit is None:
        return nothing
    passage = hit.passage
    whole = Sentence(text=passage.text, start=passage.start, end=passage.end)
    citations = Citations()
    citations.cite(hit.model_copy(update={"sentence": whole}))
    statement = Statement(text=hit.passage.text, citations=(1,), verbatim=True)
    return nothing.model_copy(
        update={
            "outcome": Outcome.ANSWERED,
            "text": f"{hit.passage.text} [1]",
            "statements": (statement,),
            "citations": citations.all(),
        }
    )
