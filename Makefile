# Toit: everything there is to do. `make` alone lists it.

PYTHON  ?= python3.11
MINUTES ?= 10
UV      ?= uv
BIN     := .venv/bin
PIP     := $(BIN)/python -m pip install --quiet --disable-pip-version-check
RUN     := .venv/installed
DEV     := .venv/installed-dev

# Where a branch that no test takes could move money or strand somebody.
EXACT   := bot/engine.py,bot/stage.py,flows/*,core/money/ledger.py,core/money/posting.py,core/money/allocation.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench soak lock

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUN)  ## everything on this machine, until Ctrl-C (FRESH=1 starts over; TOIT_PORT, TOIT_SANDBOX_PORT, TOIT_HOME)
	@$(BIN)/toit demo $(if $(filter-out 0,$(FRESH)),--fresh)

test: export PYTHONDONTWRITEBYTECODE :=
test: $(DEV)  ## every test, and how much of the code they reach
	$(BIN)/coverage erase
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder --cov --cov-report=
	$(BIN)/coverage report --include='$(EXACT)' --skip-covered --show-missing --fail-under=100
	$(BIN)/coverage report --skip-covered --skip-empty --sort=cover --fail-under=90

check: $(DEV)  ## format, lint, types, who may import whom, diagrams: nothing that needs a network
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/toit flows --check docs/flows.md

bench: $(DEV)  ## measure against the floors and write docs/performance.md
	$(BIN)/python -m bench

soak: $(DEV)  ## one day on every channel, then random conversations, payments and faults (MINUTES=10)
	$(BIN)/pytest -q --long tests/scenario
	$(BIN)/python -m tests.soak --minutes $(MINUTES)

lock: LOCK := $(UV) pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 pyproject.toml -
lock:  ## pin every dependency again, by hash (needs uv; --upgrade with UPGRADE=1)
	echo 'setuptools>=77' | $(LOCK) $(if $(UPGRADE),--upgrade) --group dev --group bench -o requirements-dev.lock >/dev/null
	echo 'setuptools>=77' | $(LOCK) $(if $(UPGRADE),--upgrade) -c requirements-dev.lock -o requirements.lock >/dev/null

# --- the virtual environment: made once, made again when a lock changes ---------------------------------------

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "toit: $(PYTHON) not found; install Python 3.11 or name a newer one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "toit: $$($(PYTHON) --version) is too old; Toit needs Python 3.11 or newer (PYTHON=...)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "toit: $(PYTHON) cannot make virtual environments; on Debian: apt-get install python3.11-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

$(RUN): requirements.lock pyproject.toml | .venv/bin/python
	@echo "toit: installing what the demo needs (once)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "toit: installing what the tests need (once)"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(RUN)
