# Everything a newcomer needs: `make demo`, `make setup` and `make test`. Python 3.11 or newer; nothing is installed outside .venv.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
UV_COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url
EXTRAS := --extra alerts --extra build --extra fleet --extra matching --extra s3 --extra ui

.PHONY: setup check demo fleet-demo ui test lint types unit faults fuzz bench load fleet-bench sbom licences lock clean

# DAYS=23 shows a month of nights.
DAYS ?= 8

demo: .venv/installed
	$(BIN)/ecm-exchange demo --dir demo --days $(DAYS)

demo/exchange.toml:
	$(MAKE) demo

# Six plans and three workers on real PostgreSQL and Redis, a worker killed in mid-night (docs/fleet.md). KEEP=1 leaves it up.
fleet-demo: .venv/installed
	$(BIN)/python -m dagster_project.fleet.rehearsal.demo --dir fleet-demo $(if $(KEEP),--keep)

ui: .venv/installed demo/exchange.toml
	$(BIN)/ecm-exchange ui --config demo/exchange.toml

# What is needed to work on the project, and what to run before every commit: style, types, and the tests that are fast.
setup: .venv/installed-dev

FAST := tests/dagster_project/test_floors.py tests/dagster_project/test_definitions.py tests/docs tests/layouts tests/schemas \
	tests/codes tests/parsers/tabular tests/pipelines/config tests/pipelines/warehouse tests/pipelines/cli/test_templates.py \
	tests/pipelines/cli/test_explain_code.py

check: lint types
	$(BIN)/pytest --numprocesses 2 --dist worksteal $(FAST)

# Two processors, and neither of the first two uses more than one.
test: .venv/installed-dev
	$(MAKE) --jobs=2 lint types
	$(MAKE) unit

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tests.supply_chain secrets

types: .venv/installed-dev
	$(BIN)/mypy

unit: .venv/installed-dev
	$(BIN)/pytest --numprocesses 2 --dist worksteal

# Injects every fault at every place, which takes long, and prints the table of what was survived.
faults: .venv/installed-dev
	$(BIN)/pytest --numprocesses 2 --dist worksteal --deep tests/faults

# Measures the 834 engine beside others: `make bench MEMBERS=20000 ROUNDS=3`, and FULL=1 for a million members too.
# ASSIGNMENT=1 measures a night's assignments alone, TRANSFER=1 the transfer (`make bench TRANSFER=1 MEGABYTES=64 ROUNDS=3`;
# FULL=1 moves 1 GiB, 2,000 files and 100,000 names), WORKBOOK=1 a provider's workbook.
MEMBERS ?= 100000
ROUNDS ?= 5
MEGABYTES ?= 128

bench: .venv/installed
	$(BIN)/python -m benchmarks --members $(MEMBERS) --rounds $(ROUNDS) $(if $(FULL),--full) \
		$(if $(ASSIGNMENT),--assignment) $(if $(WORKBOOK),--workbook) $(if $(TRANSFER),--transfer --megabytes $(MEGABYTES))

# Simulates the nights of a plan of MEMBERS members and PROVIDERS providers, one after the other (docs/performance.md).
PROVIDERS ?= 300
NIGHTS ?= 30

load: .venv/installed
	$(BIN)/python -m benchmarks.simulation --members $(MEMBERS) --providers $(PROVIDERS) --nights $(NIGHTS)

# Measures nights of PLANS plans on WORKERS workers of this machine, the largest plan with LARGEST members (docs/scale.md);
# ALL=1 for 1, 5 and 25 plans on 1, 2 and 4 workers, which the page is written from; DEPOT=1 for homes that move.
PLANS ?= 5
WORKERS ?= 2
LARGEST ?= 20000

fleet-bench: .venv/installed
	$(BIN)/python -m benchmarks.fleet --plans $(PLANS) --workers $(WORKERS) --largest $(LARGEST) \
		$(if $(ALL),--all) $(if $(DEPOT),--depot)

.venv/bin/python:
	$(PYTHON) -c "import sys; sys.exit('Python 3.11 or newer is needed' if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python requirements.lock pyproject.toml
	$(PIP) --require-hashes --no-deps -r requirements.lock
	$(PIP) --no-build-isolation --no-deps --editable .
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	$(PIP) --require-hashes --no-deps -r requirements-dev.lock
	touch $@

# Tries inputs that nobody thought of, guided by what they reach: `make fuzz SECONDS=600 TARGET=834`; each target otherwise.
SECONDS ?= 60

fuzz: .venv/installed-fuzz
	$(BIN)/python -m tests.fuzz $(TARGET) --seconds $(SECONDS)

# What a production install is made of: sbom.json (CycloneDX), and the page of licences.
sbom: .venv/installed-dev
	$(BIN)/python -m tests.supply_chain sbom

licences: .venv/installed-dev
	$(BIN)/python -m tests.supply_chain licences

.venv/installed-fuzz: .venv/installed-dev requirements-fuzz.lock
	$(PIP) --require-hashes --no-deps -r requirements-fuzz.lock
	touch $@

# Needs uv on the PATH; run it after changing a dependency in pyproject.toml.
lock:
	$(UV_COMPILE) $(EXTRAS) pyproject.toml -o requirements.lock
	$(UV_COMPILE) $(EXTRAS) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(UV_COMPILE) --group fuzz -c requirements-dev.lock -o requirements-fuzz.lock

clean:
	rm -rf .venv demo fleet-demo fleet-bench
