# Two commands: `make nightly` and `make test`. `make help` lists all.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is installed, keyed to what says so: another lock or package file is another stamp.
STAMP := $(VENV)/.installed-$(shell cat requirements.txt pyproject.toml | sha256sum | cut -c1-16)

# Byte-compiled modules start dbt three times as fast; some machines switch them off.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: nightly
nightly: install  ## Build, test and publish the marts; makes the sample company's raw data if there is none
	@$(BIN)/plumbline nightly

# An exported filter of a team: a Salesforce report's description, a Marketo smart list, or SQL.
FILE ?= docs/examples/open_deals_report.json
TEAM ?= marketing
.PHONY: disagreement
disagreement: install  ## After a night: show where a team's exported filter parts from the shared word; FILE=… TEAM=…
	@$(BIN)/plumbline definitions init "$(FILE)" --team "$(TEAM)" --dry-run

.PHONY: test
test: install  ## Run every test; pytest's summary comes last
	@$(BIN)/pytest

.PHONY: build
build: install data  ## Build and test with plain dbt, target dev
	@$(BIN)/dbt build

.PHONY: sample
sample: install  ## Write the sample company's raw data to data/raw.duckdb
	@$(BIN)/plumbline sample

.PHONY: lint
lint: install  ## Check style, types, the direction of imports and the conventions of the models
	@$(BIN)/ruff check scripts tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/plumbline definitions check
	@$(BIN)/plumbline definitions build --check
	@$(BIN)/plumbline config apply --check
	@$(BIN)/plumbline check

.PHONY: docs
docs: install data  ## Write all models, columns and lineage as one page: target/static_index.html
	@$(BIN)/dbt docs generate --static --empty-catalog
	@echo "target/static_index.html"

# Scale 200 is 20 million raw rows: an hour, 10 GB of disk. For a first look: make bench SCALES="0.2 1 5".
SCALES ?= 2 20 200
.PHONY: bench
bench: install  ## Measure what the models cost beside a copy of the same rows; writes benchmarks/results.json
	@$(BIN)/plumbline bench $(addprefix --scale ,$(SCALES))

PAIRS ?= 20000
SEED ?= 1
.PHONY: prove-fuzz
prove-fuzz: install  ## Hold the prover against DuckDB on 20,000 random pairs and filters in vendors' shapes; minutes
	@cd tests/python && PYTHONPATH=../../scripts ../../$(BIN)/python -m definitions.prover.fuzz $(PAIRS) $(SEED)

.PHONY: install
install: $(STAMP)  ## Install what is pinned into .venv; a second time does nothing

# The lock is complete and every file in it is hashed, so pip has nothing to resolve: --no-deps.
$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV), once"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
		--require-hashes --requirement requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check --disable-pip-version-check
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib scripts || true  # some packages ship templates that do not compile
	@rm -f $(VENV)/.installed-*
	@touch $@

# The other engines' adapters stand in an environment of their own: each would slow dbt's start.
PORTABLE := .venv-portable
PORTABLE_STAMP := $(PORTABLE)/.installed-$(shell cat requirements-portable.txt | sha256sum | cut -c1-16)

.PHONY: portable
portable: install $(PORTABLE_STAMP)  ## Compile all models for Postgres, Snowflake, BigQuery and Databricks, without a connection
	@$(BIN)/python -m plumbline.quality.portable

$(PORTABLE_STAMP):
	@test -x $(PORTABLE)/bin/python || $(PYTHON) -m venv $(PORTABLE)
	@echo "Installing into $(PORTABLE), once"
	@$(PORTABLE)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
		--require-hashes --requirement requirements-portable.txt
	@$(PORTABLE)/bin/python -m compileall -qq -j 0 $(PORTABLE)/lib || true  # some packages ship templates that do not compile
	@rm -f $(PORTABLE)/.installed-*
	@touch $@

# Plain dbt needs raw data too: the sample company's, unless PLUMBLINE_RAW names some.
.PHONY: data
data: install
	@test -n "$${PLUMBLINE_RAW:-}" || test -f data/raw.duckdb || $(BIN)/plumbline sample

.PHONY: clean
clean:  ## Delete what can be made again: work files, runs, caches. Keeps raw data, published versions and history
	@rm -rf target logs .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find build/dev build/prod -mindepth 1 -maxdepth 1 ! -name .gitkeep ! -name published -exec rm -rf {} +
	@find scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +
