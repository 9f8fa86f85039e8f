"""Make the encoder: python -m training.run --data DIR --out DIR [--bundle DIR] [--start BUNDLE].

Stages: vocabulary → distillation → tuning → averaging → export. A stage whose result is in --out is not done again, and
distillation goes on from its last checkpoint, so that the command may be stopped and repeated. With --start, a released
bundle takes the place of the first two stages.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
from pathlib import Path

import numpy as np
import torch

from training import distil, evaluate, export, restore, tune
from training.data import prepare, read_lexicon
from training.vocabulary import extend

NAME = "magbot-encoder-2"
TUNED_SHARE = 1.0  # of the tuned encoder in the average with the one before tuning: see the README's table


def main() -> None:
    """Run all stages that are still to do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the data folder; its README says what is in it")
    parser.add_argument("--out", type=Path, required=True, help="where results and checkpoints go")
    parser.add_argument("--bundle", type=Path, help="where the exported encoder goes; by default OUT/bundle")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="magbot's corpus, for its questions")
    parser.add_argument("--start", type=Path, help="go on from this bundle instead of from the teacher")
    parser.add_argument("--distil-seconds", type=float, default=distil.Settings.seconds)
    parser.add_argument("--tune-seconds", type=float, default=tune.Settings.seconds)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=4)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    random.seed(args.seed)
    np.random.seed(args.seed)

    data = prepare(args.data, args.seed, args.corpus)
    logging.info("left out because a test set has them: %s", data.dropped)
    student, distilled, tuned, final = (args.out / name for name in ("student", "distilled", "tuned", "final"))
    if not (distilled / "model.safetensors").exists():
        if args.start:
            restore.restore(args.start, distilled)
        else:
            if not (student / "model.safetensors").exists():
                extend(data, read_lexicon(args.data), student)
            distil.distil(data, student, distilled, distil.Settings(seconds=args.distil_seconds, seed=args.seed))
    if not (tuned / "model.safetensors").exists():
        tune.tune(data, distilled, tuned, tune.Settings(seconds=args.tune_seconds, seed=args.seed))
    tune.average([(tuned, TUNED_SHARE), (distilled, 1 - TUNED_SHARE)], final)
    export.bundle(final, args.bundle or args.out / "bundle", NAME)
    made = evaluate.named(str(args.bundle or args.out / "bundle"))
    figures = evaluate.development(made, data, evaluate.named("teacher"))
    (args.out / "development.json").write_text(json.dumps(figures, indent=1))
    logging.info("%s", json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
