# Two commands: `make demo` and `make test`. Each sets up what it needs; a second run installs nothing.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2
# Which tests: all but the slow ones, which start real servers or kill processes again and again. `make test-slow` runs those.
MARKS ?= not slow
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
RUNNING := .venv/.running
INSTALLED := .venv/.installed
NOTEBOOK := .venv/.notebook

.PHONY: demo notebook test test-slow lint format bench clean
.DEFAULT_GOAL := demo

demo: $(RUNNING)
	@$(BIN)/afterdebate demo

# In the browser, on the demo's home or your own: make notebook HOME_OF_DATA=data
notebook: $(NOTEBOOK)
	@$(BIN)/marimo edit notebooks/debate.py $(if $(HOME_OF_DATA),-- --home $(HOME_OF_DATA))

# A file a worker; those that share one real server come after, in one process.
test: $(INSTALLED)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --ignore tests/flows/deployed -m "$(MARKS)"
	@$(BIN)/python -m pytest tests/flows/deployed -m "$(MARKS)"

test-slow:
	@$(MAKE) --no-print-directory test MARKS=slow

lint: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(INSTALLED)
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: $(RUNNING)
	@$(BIN)/python -m bench

clean:
	rm -rf .venv data

# What running needs, at the versions and with the hashes of the lock.
# A stamp is younger than the lock only where the last install went through.
$(RUNNING): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "afterdebate needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Mend: make PYTHON=python3.12 ...")'
	@echo "Setting up .venv (once; needs the internet for packages) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) --require-hashes --no-deps --requirement requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check
	@touch $(RUNNING)

# What the extra `notebook` brings besides.
$(NOTEBOOK): $(RUNNING) requirements-notebook.txt
	@$(PIP) --require-hashes --no-deps --requirement requirements-notebook.txt
	@$(BIN)/python -m pip check
	@touch $(NOTEBOOK)

# What tests and linters need besides.
$(INSTALLED): $(RUNNING) requirements-dev.txt
	@$(PIP) --require-hashes --no-deps --requirement requirements-dev.txt
	@$(BIN)/python -m pip check
	@touch $(INSTALLED)
