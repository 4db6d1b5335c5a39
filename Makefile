# Needs Python 3.11 or later (with venv) and make. Everything else is installed here, under .venv.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
PEERS := .venv-bench
DATA ?= ../shared/data/linkage
GENERATOR ?= ../shared/prototypes/gen_persons.py

.PHONY: help demo setup check test bench bench-searches bench-linkage bench-pages bench-persons bench-exchange format lock clean

help: ## What can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: setup ## Set up, make the sample world and serve it on http://127.0.0.1:$(PORT)
	@exec $(BIN)/concordat demo --port $(PORT)

setup: $(VENV)/.assets $(VENV)/.kernels ## Set up everything that the service needs: leaves .venv/bin/concordat

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Concordat needs Python 3.11 or later: PYTHON=python3.12 make …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the service …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements/runtime.txt -r requirements/build.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Compiled once, about 15 seconds, so that nobody waits for it later. Loaded in a second afterwards.
$(VENV)/.kernels: $(VENV)/.runtime $(wildcard src/concordat/identity/engine/kernels/*.py)
	@$(RUN) -m concordat.identity.engine.warming
	@touch $@

# Assets are built again only when something they are made of has changed.
$(VENV)/.assets: $(VENV)/.runtime $(shell find frontend -name node_modules -prune -o -type f -print)
	@echo "Building the front end …"
	@$(RUN) frontend/build.py
	@DJANGO_SETTINGS_MODULE=concordat.server.settings $(BIN)/django-admin collectstatic \
	  --noinput --clear --verbosity 0
	@touch $@

$(VENV)/.dev: $(VENV)/.assets requirements/dev.txt
	@echo "Installing what the checks and tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

check: $(VENV)/.dev ## Formatting, ruff, mypy, import contracts, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	DJANGO_SETTINGS_MODULE=concordat.server.settings $(RUN) -W ignore::RuntimeWarning \
	  -m django makemigrations --check --dry-run --verbosity 1

test: $(VENV)/.dev ## Every test, with a real PostgreSQL and a real Chromium
	@$(RUN) tests/install_chromium.py
	$(RUN) -m pytest --numprocesses 2 --no-loadscope-reorder $(ARGS)

bench: bench-searches bench-pages ## Both of the next two, measured now

bench-searches: setup ## Rows a second of a load, and the times of typical searches
	@$(RUN) -m benchmarks.run $(ARGS)

bench-pages: setup $(PEERS)/.made ## The server’s time for each page, with a million persons and half a million events
	@$(RUN) -m benchmarks.pages $(ARGS)

bench-persons: setup $(PEERS)/.made ## Persons loaded, resolved and asked after: ARGS="--rows 1000000"
	@$(RUN) -m benchmarks.persons $(ARGS)

bench-exchange: setup $(PEERS)/.made ## A whole force out, in elsewhere, and in again: a million rows
	@$(RUN) -m benchmarks.exchange $(ARGS)

bench-linkage: $(VENV)/.runtime $(PEERS)/.made ## Who is who: our engine and its peers, SIZE=small|50k|100k|1m|5m|10m|all
	@PYTHONPATH=. $(PEERS)/bin/python -m benchmarks.linkage.run --data $(DATA) \
	  --generator $(GENERATOR) $(if $(SIZE),--size $(SIZE)) $(ARGS)

# The tools we are measured against have an environment of their own.
$(PEERS)/.made: requirements/bench.txt
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@echo "Installing the tools to measure against …"
	@$(PEERS)/bin/pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements/bench.txt
	@touch $@

format: $(VENV)/.dev ## Bring the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Make the lock files anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header pyproject.toml -o requirements/runtime.txt
	for name in build dev bench; do uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header requirements/$$name.in \
	  -o requirements/$$name.txt; done

clean: ## Remove what was built here (the service's data are elsewhere and stay)
	rm -rf $(VENV) $(PEERS) build .cache frontend/node_modules src/concordat/web/assets src/concordat/web/served
