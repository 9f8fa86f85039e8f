"""The scores of the evaluation may not drop: the test part of the cases against eval/baseline.json."""

import json

from metrics import BASELINE, drops, flat, summary
from runs import ask_all, cases_of

from magbot.assistant import Magbot


def test_no_score_is_below_the_baseline(magbot: Magbot) -> None:
    stored = json.loads(BASELINE.read_text(encoding="utf-8"))
    found = summary(ask_all(cases_of(stored["split"]), magbot, sure=False))
    assert not drops(found)
    assert stored["scores"].keys() == flat(found).keys()
