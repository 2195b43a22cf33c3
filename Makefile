# From a bare machine with Python 3.11 or newer, make and git:
#   make demo    the whole road on made-up companies, in a real browser
#   make test    every test, the browser's included
#   make check   style and types            make bench   figures, each against its bare limit
# Everything goes into .venv; the system's package manager is used only as root, and says so.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# A stamp carries the checksum of what it was installed from: unchanged locks install nothing.
sum = $(shell cat $(1) | cksum | cut -d ' ' -f 1)
RUN := .venv/.ready-$(call sum,pyproject.toml requirements.txt requirements-build.txt)
DEV := .venv/.ready-dev-$(call sum,pyproject.toml requirements.txt requirements-build.txt requirements-dev.txt)
PIP := .venv/bin/python -m pip --disable-pip-version-check --no-input install -qq --prefer-binary

# Whole files go to the cores, in order: what a file sets up is made once, and the long ones begin
# early. More than four browsers at a time make nothing faster.
CORES := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: demo test check bench browser test-tools

demo: $(RUN) browser
	@.venv/bin/optout demo

test: $(DEV) browser test-tools
	@.venv/bin/python -m pytest $(CORES) $(PYTEST)

check: $(DEV)
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

bench: $(DEV) browser
	@.venv/bin/python tests/benchmarks/run.py

browser: $(RUN)
	@sh .ci/machine browser

test-tools:
	@sh .ci/machine test-tools

$(RUN):
	@PYTHON='$(PYTHON)' sh .ci/machine venv
	@echo 'Installing what optout needs into .venv ...'
	@$(PIP) --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@rm -f .venv/.ready-*
	@touch $@

$(DEV): $(RUN)
	@echo 'Installing what the tests need into .venv ...'
	@$(PIP) --require-hashes -r requirements-dev.txt
	@rm -f .venv/.ready-dev-*
	@touch $@
