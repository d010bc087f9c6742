# Everything a contributor or a CI job runs. Needs Python 3.10 or newer with pip and venv, and make; nothing else.
#
#   make demo     lint the example application
#   make check    what CI runs: format, lint, types, contracts, tests
#   make format   what `make check` wants of the format
#   make readme   the README's transcripts and table of rules, made anew
#   make precision   hold the published verdicts against the linter, on real code bases

# The interpreter that makes the environment: `python3`, or the newest one on PATH when that is too old. Override with PYTHON=...
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo "$$python" && break; done)

VENV := .venv
BIN := $(VENV)/bin
CORPUS ?= .corpus
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := check
.DELETE_ON_ERROR:
.PHONY: demo check format-check lint types contracts test format readme precision clean

# `check` exits with 1 when it found something, which is what the example is for; anything else is a failure.
demo: $(VENV)/.installed
	$(BIN)/fastapi-lint check examples/ || test $$? -eq 1

check: format-check lint types contracts test

format-check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

contracts: $(VENV)/.installed-dev
	$(BIN)/lint-imports

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --cov --cov-report=term

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Brings the code bases that it is measured on from the package index; see benchmarks/README.md.
precision: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/corpus.py $(CORPUS)
	$(BIN)/python benchmarks/precision/audit.py $(CORPUS)

readme: $(VENV)/.installed-dev
	$(BIN)/python tests/readme.py --write

clean:
	rm -rf $(VENV) build dist .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "fastapi-lint needs Python 3.10 or newer: none on PATH (set PYTHON=...)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The stamps: an environment is installed again only when what it is made from changed.
$(VENV)/.installed: $(VENV)/.created pyproject.toml
	$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created pyproject.toml
	$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.installed
