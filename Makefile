# palermo: the two commands are `make demo` and `make test`; `make` alone lists the rest.
# Every target makes the virtual environment first if it is missing or older than its lock file.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

PORT ?= 8000
ARGS ?=
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

# --- the virtual environment -------------------------------------------------------------------

RUN_LOCK := requirements.lock requirements-node.lock pyproject.toml $(wildcard package-lock.json)
DEV_LOCK := requirements-dev.lock requirements-node.lock pyproject.toml $(wildcard package-lock.json)

.venv/.stamp-run: $(RUN_LOCK)
	@.ci/venv .venv requirements.lock
	@touch $@

.venv/.stamp-dev: $(DEV_LOCK)
	@.ci/venv .venv requirements-dev.lock
	@touch .venv/.stamp-run $@

.venv313/.stamp-dev: $(DEV_LOCK)
	@.ci/venv .venv313 requirements-dev.lock "$$(.ci/python 3.13)"
	@touch $@

SPARK_LOCK := requirements-spark.lock requirements-node.lock pyproject.toml

.venv-spark/.stamp-dev: $(SPARK_LOCK)
	@.ci/venv .venv-spark requirements-spark.lock
	@touch $@

.PHONY: run-ready dev-ready
run-ready: .venv/.stamp-run
	@$(BIN)/python hatch_build.py
dev-ready: .venv/.stamp-dev
	@$(BIN)/python hatch_build.py

# --- for the person who runs it ----------------------------------------------------------------

.PHONY: install demo
install: run-ready ## Make .venv, so that .venv/bin/palermo is the command
	@$(BIN)/palermo --version

demo: run-ready ## Make a made-up State and serve it (PORT=8000)
	@$(BIN)/palermo demo --port $(PORT)

# --- for the person who changes it -------------------------------------------------------------

.PHONY: test test-postgres test-browser test-spark pictures check format docs bench messages lock clean help
test: dev-ready ## Run every test that needs no PostgreSQL, browser or Spark (ARGS="tests/cli -q" for some)
	@.ci/test $(ARGS)

test-postgres: dev-ready ## Run the tests that touch a database on a PostgreSQL server of their own
	@.ci/with-postgres $(PYTEST) -p tests.lane --lane postgres -m "not browser and not clone and not slow" \
	  $(or $(ARGS),tests/node tests/cli)

test-browser: dev-ready ## Run the tests that drive Chromium
	@.ci/need chromium chromedriver
	@$(PYTEST) -p tests.lane --lane browser -m browser $(ARGS)

test-spark: .venv-spark/.stamp-dev ## Run the tests that start Apache Spark, in an environment of their own
	@.ci/need java
	@.venv-spark/bin/python -m pytest -p tests.lane --lane spark -m spark $(or $(ARGS),tests/prevention)

pictures: dev-ready ## Take the documents' pictures anew into docs/images
	@.ci/need chromium chromedriver
	@PALERMO_PICTURES=docs/images $(PYTEST) -m browser -k "not no-scripts" tests/journeys/test_five_minutes.py

check: dev-ready ## Format, lint, types, arrows of import, templates, spelling, documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint src/palermo/node/templates --lint --check
	$(BIN)/codespell
	$(BIN)/vulture
	$(BIN)/deptry src
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

format: dev-ready ## Put code and templates in the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint src/palermo/node/templates --reformat

docs: dev-ready ## Build the documents into docs/_build/html, warnings as errors
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build/html

bench: dev-ready ## Run every benchmark beside its peers (ARGS="audit access" for some)
	@$(BIN)/python -m benchmarks $(ARGS)

messages: dev-ready ## Gather the texts to translate into the catalogues
	@$(BIN)/python hatch_build.py messages

lock: dev-ready ## Make the four lock files anew (needs uv)
	@.ci/lock

clean: ## Remove what was built, and leave the environment and the data
	@rm -rf docs/_build docs/reference/_generated src/palermo/node/static/palermo/built dist
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find src -name '*.mo' -delete
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
