# `make dev` runs everything on this machine; `make test` runs every test. Both install what they need first.

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PORT ?= 8000
REQUESTS ?= 1000000
SEED ?= 1
LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links

.PHONY: help install dev test test-all crash fuzz rehearsal check format bench states build publish messages docs screenshots audit sbom lock system-packages more-packages clean

help:
	@echo "make dev          run the site, the relay and a captured mailbox on this machine (PORT=8000)"
	@echo "make test         run every test; make test-all adds the slow matrices, Firefox and WebKit"
	@echo "make crash        kill relays and workers under thousands of letters, and count what arrives"
	@echo "make fuzz         send a million mutated requests to a relay on this machine (REQUESTS=20000 SEED=1)"
	@echo "make rehearsal    rehearse the night when a new legislature takes office"
	@echo "make check        run ruff and mypy; make format fixes what ruff can"
	@echo "make build        build the static site in output/"
	@echo "make publish      build it for the public with publishconf.py (needs BEACONPOST_SITE_URL)"
	@echo "make messages     update the translation catalogs in theme/locale/"
	@echo "make docs         write the reference anew, and build the handbook in var/docs/"
	@echo "make screenshots  take the screenshots in the README again"
	@echo "make bench        run the benchmarks, each next to a named peer"
	@echo "make states       build and audit other states from the real files in ../shared, if they are there"
	@echo "make audit        look for known vulnerabilities in what the lock files name"
	@echo "make sbom         list what a relay is made of in sbom.cdx.json (CycloneDX)"
	@echo "make lock         update the lock files after a change to pyproject.toml"

install: .venv/installed

# Versions and hashes come from the lock files, build tools included: only dkimpy, which has no wheel, and the project
# itself are built here, both with the setuptools of requirements-build.lock.
.venv/installed: pyproject.toml requirements-dev.lock requirements-build.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is required: install it, or run make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old: Python 3.11 or newer is required" >&2; exit 1; }
	"$(PYTHON)" -m venv .venv
	$(PIP) --require-hashes --no-deps --only-binary :all: -r requirements-build.lock
	$(PIP) --require-hashes --no-build-isolation --only-binary :all: --no-binary dkimpy -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

dev: install
	$(BIN)/beaconpost dev --port $(PORT)

build: install
	$(BIN)/beaconpost build

publish: install
	$(BIN)/beaconpost build --publish

test: install system-packages
	$(BIN)/python -m pytest -m "not matrix"

test-all: test more-packages
	$(BIN)/python -m pytest -m matrix

crash: install
	$(BIN)/python -m pytest -s -m "matrix" tests/crash

fuzz: install
	$(BIN)/python -m tests.fuzz --requests $(REQUESTS) --seed $(SEED)

# The night when a new legislature takes office (docs/new-term.md), on this machine only.
rehearsal: install
	$(BIN)/python -m pytest -v tests/contract/web/test_term_night.py

check: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

messages: install
	$(BIN)/python -m theme.pages.catalogs

bench: install
	$(BIN)/python -m bench

# Addresses that state no license are measured with, and nothing made of them is kept.
states: install
	$(BIN)/python -m bench.states

audit: install
	$(BIN)/python -m supply_chain.audit

sbom: install
	$(BIN)/python -m supply_chain.sbom

docs: install
	$(BIN)/python -m manual reference
	$(BIN)/python -m tests.site.mistakes_page
	$(BIN)/python -m manual

# The two images at the top of the README.
screenshots: install system-packages
	$(BIN)/python -m tests.browser.screenshots

# A browser, and a font with Chinese characters, for the browser tests.
system-packages:
	@sh tests/system-packages

# Firefox and WebKit for the main journeys, Dovecot for the mailbox of bounces, and the editor of campaigns, if there is
# npm, in `make test-all`.
more-packages: install
	@sh tests/system-packages more

lock: install
	$(PIP) uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --quiet $(LOCK_OPTIONS) -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --quiet -c requirements-dev.lock $(LOCK_OPTIONS) -o requirements.lock
	echo setuptools | $(BIN)/uv pip compile - --quiet -c requirements-dev.lock $(LOCK_OPTIONS) -o requirements-build.lock

clean:
	rm -rf .venv output build .mypy_cache .ruff_cache .pytest_cache .hypothesis
