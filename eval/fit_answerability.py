"""Fits the decision between answered, not in the corpus and off topic on the dev part of the cases.

Writes src/magbot/retrieval/answerability.json. The threshold is the lowest that refuses enough of what should be
refused, by five-fold cross-validated probabilities, so that as little as possible of the rest is.

    python eval/fit_answerability.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from answers import CASES, in_process_magbot
from scoring import read_cases
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from magbot.question.followup import standalone_question
from magbot.retrieval import answerability
from magbot.retrieval.ranking import rank
from magbot.schema import Message

TARGET = Path(answerability.__file__).parent / "answerability.json"
# At most this share of the answerable questions may be refused.
MOST_REFUSED = 0.04


def main() -> None:
    """Fit, print how well, write."""
    magbot = in_process_magbot()
    rows, outcomes = [], []
    # The safety files are about danger and manipulation, worded to confuse; what they ask is often neither in nor out.
    for path in sorted(path for path in CASES.glob("*.jsonl") if not path.name.startswith("safety-")):
        for case in read_cases(path):
            if case.split == "dev" and case.outcome != "urgent":
                history = [Message.model_validate(message) for message in case.history]
                found = magbot.search(standalone_question(case.question, history, case.lang), case.lang)
                rows.append(answerability.features(found, rank(found)))
                outcomes.append(case.outcome)
    names = list(rows[0])
    values = np.array([[row[name] for name in names] for row in rows])
    answered = np.array([outcome == "answered" for outcome in outcomes])
    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=5000)
    probability = cross_val_predict(model, values, answered, cv=5, method="predict_proba")[:, 1]
    threshold = float(np.quantile(probability[answered], MOST_REFUSED))
    refused = float(np.mean(probability[~answered] < threshold))
    print(f"{len(rows)} questions; at {threshold:.3f}: {refused:.3f} of the unanswerable refused (cross-validated)")
    model.fit(values, answered)

    apart = ~answered
    field = LogisticRegression(C=3.0, class_weight="balanced", max_iter=5000)
    near = np.array([outcome == "not_in_corpus" for outcome in outcomes])[apart]
    predicted = cross_val_predict(field, values[apart], near, cv=5)
    print(f"not in the corpus against off topic: {float(np.mean(predicted == near)):.3f} right (cross-validated)")
    field.fit(values[apart], near)

    def stored(fitted: LogisticRegression) -> dict[str, object]:
        return {
            "intercept": round(float(fitted.intercept_[0]), 4),
            "weights": {name: round(float(weight), 4) for name, weight in zip(names, fitted.coef_[0], strict=True)},
        }

    content = {
        "fitted_on": f"dev part of eval/cases, {len(rows)} questions, by eval/fit_answerability.py",
        "answered": {"threshold": round(threshold, 4), **stored(model)},
        "in_field": stored(field),
    }
    TARGET.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
