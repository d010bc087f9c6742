# Everything a contributor or a CI job runs. Needs Python 3.10 or newer with pip and venv, and make; nothing else.
#
#   make demo     lint the example application
#   make check    what CI runs: format, lint, types, contracts, tests
#   make format   what `make check` wants of the format
#   make readme   the README's transcripts and table of rules, docs/configuration.md, made anew
#   make docs     the documentation as a site
#   make check-fastapi-versions
#                 hold the fixtures' linked routes, and what rules say of requests, against several FastAPI
#                 versions, each in its own environment
#   make bench    what linting costs, beside other linters, on real code bases
#   make precision   hold the published verdicts against the linter, on real code bases

# The interpreter that makes the environment: `python3`, or the newest one on PATH when that is too old. Override with PYTHON=...
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo "$$python" && break; done)

VENV := .venv
BIN := $(VENV)/bin
CORPUS ?= .corpus
# How often what `make bench` measures is run: five times takes an hour, once ten minutes.
ROUNDS ?= 5
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := check
.DELETE_ON_ERROR:
.PHONY: demo check format-check lint types contracts test format readme docs bench precision check-fastapi-versions clean

# What the model and the rules are held against: old and new ways of registering routes, Pydantic 1 and 2.
FASTAPI_VERSIONS := 0.95.2 0.110.3 0.115.14 0.136.3 newest
# Those that rules rest on: requests show what they say. Linked routes are compared with all.
RULES_REST_ON := 0.115.14 0.136.3 newest
# What fixtures import besides FastAPI. With Pydantic 1 there is no pydantic-settings: fixtures that need it are skipped.
FIXTURE_PACKAGES := aiosqlite httpx python-multipart "sqlalchemy[asyncio]>=2" sqlmodel "tomli; python_version < '3.11'"

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

# Brings the same code bases, and the linters that it is measured beside into an environment of their own, without the plugin.
bench: $(VENV)/.installed-dev .venvs/peers/.installed
	$(BIN)/python benchmarks/corpus.py $(CORPUS)
	$(BIN)/python benchmarks/run.py $(CORPUS) --peers .venvs/peers/bin --pylint 600 --rounds $(ROUNDS) --write

.venvs/peers/.installed: pyproject.toml
	test -x .venvs/peers/bin/python || $(PYTHON) -m venv .venvs/peers
	.venvs/peers/bin/python -m pip --quiet --disable-pip-version-check install --upgrade bandit flake8 pylint ruff
	@touch $@

# The documentation as a site, in site/; a broken link or anchor fails it.
docs: $(VENV)/.installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --site-dir site

readme: $(VENV)/.installed-dev
	$(BIN)/python tests/readme.py --write
	$(BIN)/python tests/configuration.py --write

# Not part of `check`: it downloads. Every version is tried, even after one that fails.
check-fastapi-versions: $(VENV)/.installed-dev
	$(MAKE) --keep-going $(FASTAPI_VERSIONS:%=check-fastapi-%)

check-fastapi-%: .venvs/fastapi-%/.installed
	@echo "against $$(.venvs/fastapi-$*/bin/python -c 'import fastapi, pydantic; \
		print("FastAPI", fastapi.__version__, "with Pydantic", pydantic.VERSION)')"
	ORACLE_PYTHON=$(abspath .venvs/fastapi-$*/bin/python) $(BIN)/python -m pytest --quiet tests/test_fixtures.py -k fastapi_registers
	$(if $(filter $(RULES_REST_ON),$*),.venvs/fastapi-$*/bin/python -m pytest --quiet tests/behaviour)

# `make clean` also makes `newest` the newest again.
.PRECIOUS: .venvs/fastapi-%/.installed
.venvs/fastapi-%/.installed:
	test -x .venvs/fastapi-$*/bin/python || $(PYTHON) -m venv .venvs/fastapi-$*
	.venvs/fastapi-$*/bin/python -m pip --quiet --disable-pip-version-check install \
		fastapi$(if $(filter newest,$*),,==$*) $(FIXTURE_PACKAGES) $(if $(filter 0.95.2,$*),,pydantic-settings) \
		$(if $(filter $(RULES_REST_ON),$*),--editable . hypothesis pyjwt pytest pytest-snapshot)
	@touch $@

clean:
	rm -rf $(VENV) .venvs build dist .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

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
