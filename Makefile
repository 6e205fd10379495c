# One environment, .venv. `make read` puts there only what reading needs; `make test` and the others add everything.
# Nothing is installed again while pyproject.toml and requirements/lock.txt stand unchanged.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/lock.txt
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input --constraint $(LOCK)
BASE := $(VENV)/.installed-base
ALL := $(VENV)/.installed-all
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help setup read test check format docs wheel benchmark trial bundle lock clean

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(ALL) ## everything into .venv: PyTorch, the tests' and the checks' tools (about 8 GB)

read: $(BASE) ## install only what reading needs (about 360 MB, no PyTorch) and read the sample VIN
	$(BIN)/inkread read samples/vin
	$(BIN)/inkread vin samples/vin

test: export OMP_NUM_THREADS := 1
test: $(ALL) ## all tests but the trial; `make test TESTS=tests/picture` for one room
	$(BIN)/python -m pytest --numprocesses auto $(TESTS)

check: $(ALL) ## style, types and the Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

format: $(ALL) ## write the source files in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: export OMP_NUM_THREADS := 1
docs: $(ALL) ## write what is generated in the docs: reference, outputs of the examples, tables of figures, pictures
	$(BIN)/python docs/generate.py

wheel: $(ALL) ## wheel and sdist into dist/
	$(BIN)/python -m build --no-isolation --outdir dist

benchmark: $(ALL) ## measure what the README says of speed and size; writes results/
	$(BIN)/python benchmarks

trial: $(ALL) ## read the real handwriting of ../shared and write the figures to results/
	@test -d ../shared/data || { printf 'error: the real data are not here: ../shared/data\n\nhint: the trial needs them; `make test` does not\n' >&2; exit 2; }
	$(BIN)/python -m pytest -m trial tests/trial
	$(BIN)/python benchmarks/accuracy.py
	$(BIN)/python benchmarks/borders.py
	$(BIN)/python benchmarks/teach.py
	$(BIN)/python benchmarks/vin.py

bundle: $(ALL) ## train the embedded reader again from ../shared/data (up to two hours on two cores)
	$(BIN)/python -m inkread.training

lock: $(BIN)/python ## resolve every extra anew and write requirements/lock.txt (on Python 3.11)
	$(BIN)/python -m pip install --dry-run --ignore-installed --quiet --report - '.[all]' | $(BIN)/python requirements/lock.py > $(LOCK).new
	mv $(LOCK).new $(LOCK)

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BASE): pyproject.toml $(LOCK) | $(BIN)/python
	@echo 'Installing what reading needs into $(VENV) (about 360 MB) ...'
	@$(INSTALL) --quiet --editable .
	@touch $@

$(ALL): pyproject.toml $(LOCK) | $(BIN)/python
	@echo 'Installing everything into $(VENV) (about 8 GB, PyTorch included) ...'
	$(INSTALL) --editable '.[all]'
	@touch $(BASE) $@

$(BIN)/python:
	@sh requirements/environment.sh $(VENV) $(PYTHON)
