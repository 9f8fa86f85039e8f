# `make run` and `make test` do everything, on a fresh machine and again in seconds.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help run test lint check eval clean

help: ## Show what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "magbot needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: $(STAMP) ## Install if needed, index, and serve http://127.0.0.1:7860
	$(BIN)/magbot serve

test: $(STAMP) ## Install if needed, then lint, types, corpus and all tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/magbot check
	$(BIN)/pytest

eval: $(STAMP) ## Measure answers and safety on the evaluation cases; report in eval/out/report.html
	$(BIN)/magbot eval --compare eval/baseline.json
	$(BIN)/python eval/report.py
	$(BIN)/python eval/safety.py

clean: ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
