# Each target sets up what it needs. `make PYTHON=python3.12 …` chooses the Python of a new .venv.

BIN := .venv/bin
USE := .venv/.use
DEV := .venv/.dev

.PHONY: help demo test soak lint types format docs docs-check conformance bench constraints sheets-live clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

$(USE): pyproject.toml constraints.txt
	@PYTHON="$(PYTHON)" .ci/venv
	@touch $@

$(DEV): pyproject.toml constraints.txt
	@PYTHON="$(PYTHON)" .ci/venv dev
	@touch $@ $(USE)

demo: $(USE)  ## a made-up company: load it, show its KPIs, write kpi-demo.xlsx
	$(BIN)/kpi demo
	@echo 'First, so that the shell finds kpi:  . $(BIN)/activate'

test: $(DEV)  ## all tests; as root it installs the Debian programs that some need
	@.ci/programs
	@.ci/npm
	$(BIN)/python -m pytest -q -n auto

soak: KPICORE_SEED ?= $(shell date +%s)
soak: $(DEV)  ## the loops of the tests with their large sizes and a new seed; writes docs/reliability.md
	KPICORE_SOAK=1 KPICORE_SEED=$(KPICORE_SEED) $(BIN)/python -m pytest -q -n auto -m soak --loops docs/reliability.md

sheets-live: $(DEV)  ## what was never seen at Google, tried with a spreadsheet of yours; writes docs/sheets-live
	$(BIN)/python -m tests.sheets.live "$(SPREADSHEET)" "$(CREDENTIALS)" "$(QUOTA)"

lint: $(DEV)  ## style, format, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

types: $(DEV)  ## mypy --strict on what ships and what measures it
	$(BIN)/mypy

format: $(DEV)  ## put the code into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(DEV)  ## write the generated pages anew
	$(BIN)/python docs/generate.py

docs-check: $(DEV)  ## fail when a generated page is not up to date
	$(BIN)/python docs/generate.py --check

conformance: $(DEV)  ## ask every host every KPI and calculator, and write docs/conformance.md
	@.ci/programs
	@.ci/npm
	$(BIN)/python -m tests.conformance

bench: $(DEV)  ## what is fast, measured: benchmarks/
	@.ci/programs
	@.ci/npm
	$(BIN)/python benchmarks/run.py

constraints: $(DEV)  ## take the newest versions of everything, then run `make test`
	sed -i.bak "s/^exclude-newer = .*/exclude-newer = \"$$(date -u +%Y-%m-%dT00:00:00Z)\"/" pyproject.toml
	rm pyproject.toml.bak
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --upgrade \
		--no-header --no-annotate --quiet --output-file constraints.txt

clean:  ## remove the virtual environment and everything that tools leave
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
