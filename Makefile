# Every target sets up what it needs; none needs another to have run before.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-browser test-firefox test-spark bench mutation check style format readme clean

demo: $(VENV)/.installed
	$(BIN)/auditor demo

test: $(VENV)/.tested
	$(BIN)/pytest -n 2

# Needs a Chromium: apt-get install chromium
test-browser: $(VENV)/.tested
	$(BIN)/pip install --quiet --disable-pip-version-check --group browser
	$(BIN)/pytest -m browser tests/browser

# Needs a Firefox: apt-get install firefox-esr
test-firefox: $(VENV)/.tested
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[record]"
	$(BIN)/pytest -m firefox tests/firefox

# Needs Java: apt-get install default-jre-headless
test-spark: $(VENV)/.tested
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[spark]"
	$(BIN)/pytest -m spark tests/engines

# The table of tests/benchmarks/README.md.
bench: $(VENV)/.tested
	$(BIN)/python -m tests.benchmarks

# Changes every rule, view and contract in small ways, and tells which changes no test notices.
mutation: $(VENV)/.tested
	$(BIN)/pip install --quiet --disable-pip-version-check --group mutation
	$(BIN)/python -m tests.mutation

check: style test

style: $(VENV)/.checked
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.checked
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "pip>=25.1"

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --group test
	touch $@

$(VENV)/.checked: $(VENV)/.tested
	$(BIN)/pip install --quiet --disable-pip-version-check --group check
	touch $@

readme: $(VENV)/.tested
	$(BIN)/python -m tests.generated

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
