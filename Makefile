# make demo | test | bench | lint | clean: each sets up what it needs in .venv, without root.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
PIP := $(BIN)/python -m pip --disable-pip-version-check

# One thread per process: the arrays here are small, and threads that wait for each other only cost.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MPLBACKEND := Agg

# Tests run on every core; ARGS replaces this, as in make test ARGS="-x -q tests/nn".
ARGS ?= -n auto --maxprocesses 8 --dist worksteal

.PHONY: help setup demo gallery docs test suites mutants lint bench clean
.DELETE_ON_ERROR:

help:
	@echo "make demo   render the lectures' examples into out/, grade a small class into out/grading/"
	@echo "make gallery  draw every kind of picture into out/gallery (NAMES='vae lstm_cell' for some)"
	@echo "make docs   draw the pictures of README and CONTRIBUTING again"
	@echo "make test   check style, types, imports, and run every test"
	@echo "make suites  the long sweeps: more examples, more random programs"
	@echo "make mutants  plant bugs in a copy and print which ones no test notices (ARGS=--help)"
	@echo "make lint   the checks without the tests"
	@echo "make bench  time engine, programs and peers; out/benchmarks.md (NAME='T2 growth' for some)"
	@echo "make clean  remove everything made here"

setup: $(READY)

demo: $(READY)
	$(BIN)/python -m viz.demo --out out
	$(BIN)/python -m grading.demo --out out/grading

gallery: $(READY)
	$(BIN)/python -m examples.gallery --out out/gallery $(NAMES)

docs: $(READY)
	$(BIN)/flowgraph draw three_step --of yhat --wrt x --cut-after x -o docs/example_cut.png
	$(BIN)/python -m examples.house docs/house.svg docs/house.dot
	$(BIN)/python -m examples.gallery --table docs/type_sizes.md

test: lint
	$(BIN)/python -m pytest $(ARGS)

suites: $(READY)
	HYPOTHESIS_PROFILE=explore PROGRAMS=3000 $(BIN)/python -m pytest $(ARGS) tests/autograd_lite tests/peers

# ARGS: words that choose bugs, as in ARGS=labels, or so many by chance: ARGS="--sample 50 --seed 1 viz/choose"
mutants: ARGS :=
mutants: $(READY)
	$(BIN)/python -m tests.mutants $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/peers
	$(BIN)/python -m benchmarks $(NAME)

clean:
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The project itself, editable; redone only when what it depends on changes.
$(READY): $(VENV)/made pyproject.toml
	$(PIP) install --quiet --editable ".[test]"
	@touch $@

# A peer that cannot be had is skipped by the benchmarks, with a line.
$(VENV)/peers: $(READY) benchmarks/requirements.txt
	while read -r peer; do $(PIP) install --quiet "$$peer" || true; done < benchmarks/requirements.txt
	@touch $@

# Debian's python3 comes without ensurepip; virtualenv serves as well where it is installed.
$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || \
	  { echo "$(PYTHON) is no Python 3.10 or newer: say which one is, as in" \
	    "make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 || \
	  $(PYTHON) -m virtualenv --clear $(VENV) >/dev/null 2>&1 || \
	  { rm -rf $(VENV); echo "$(PYTHON) can make no virtual environment: install its venv module" \
	    "(Debian, Ubuntu: apt install python3-venv) or virtualenv (pip install --user virtualenv)." >&2; exit 1; }
	@touch $@
