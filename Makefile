# Every command of the project; `make help` lists them.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATA_DIR ?= var
export HOST PORT DATA_DIR
ifeq ($(strip $(WEB_CONCURRENCY)),)
unexport WEB_CONCURRENCY # gunicorn reads it before we do, and takes an empty one for a fault
endif

PY := .venv/bin/python
MANAGE := $(PY) manage.py
INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes
# Two at a time at most: each may drive a browser.
PYTEST := $(PY) -m pytest -n auto --maxprocesses 2 $(PYTEST_ARGS)
# No wheel of the parser in C is published, so it is built where that can be done.
INSTALL_PARSER := { $(INSTALL) -r requirements-build.txt && $(INSTALL) --no-build-isolation -r requirements-fast.txt; } 2>/dev/null \
	|| echo "Requests are read by gunicorn's slower parser: to build the one in C, install gcc and python3-dev, then touch requirements.txt"
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make requirements" $(COMPILE_ARGS)
STATIC_MANIFEST := $(DATA_DIR)/static/staticfiles.json
STATIC_SOURCES := $(shell find static articles -type f -not -name '*.py' -not -name '*.pyc')

.DEFAULT_GOAL := help
.PHONY: help install serve dev editor test test-postgres lint bench requirements

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .venv/.runtime $(STATIC_MANIFEST) ## make ready what serving needs, and start nothing

serve: install ## serve the site (HOST, PORT and DATA_DIR choose where)
	@$(MANAGE) prepare_database
	@exec $(PY) -m gunicorn -c deploy/gunicorn.conf.py

dev: export DEBUG := true
dev: .venv/.runtime ## the same for development: errors in full, reloads when a file changes
	@$(MANAGE) prepare_database
	@exec $(MANAGE) runserver $(HOST):$(PORT)

editor: .venv/.runtime ## make an account for an editor
	@$(MANAGE) prepare_database
	@$(MANAGE) create_editor

test: .venv/.dev ## run every test (PYTEST_ARGS="-k words" for some)
	@tests/with_chromium.sh $(PYTEST)

test-postgres: .venv/.dev ## run every test on a PostgreSQL that is started for them
	@tests/with_postgres.sh tests/with_chromium.sh $(PYTEST)

# Checked as a public site would be set up.
lint: export SITE_URL := https://example.org
lint: export TRUST_PROXY := true
lint: export SECRET_KEY := for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ
lint: export DATA_DIR := .venv/lint
lint: export DATABASE_URL :=
lint: export DEBUG :=
lint: export ALLOWED_HOSTS :=
lint: export EMAIL_URL := smtp+tls://checks@example.org
lint: .venv/.dev ## check style, types, layers, templates, migrations and the settings of a public site
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PY) -m djlint --lint --quiet templates
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --deploy --fail-level WARNING

bench: .venv/.dev $(STATIC_MANIFEST) ## measure how fast it all is, beside what is fast (BENCH="cached nginx" for some parts)
	@$(PY) -m benchmarks.run $(BENCH)

requirements: .venv/.dev ## write the pinned requirements anew (COMPILE_ARGS=--upgrade for newer versions)
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) --allow-unsafe requirements-build.in -o requirements-build.txt
	$(COMPILE) requirements-fast.in -o requirements-fast.txt

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name it with: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python lacks its venv module; install it with: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt requirements-fast.txt | $(PY)
	@echo "Installing what the site needs"
	@$(INSTALL) -r requirements.txt
	@$(INSTALL_PARSER)
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt requirements-fast.txt | $(PY)
	@echo "Installing what the site and its tests need"
	@$(INSTALL) -r requirements.txt -r requirements-dev.txt
	@$(INSTALL_PARSER)
	@touch .venv/.runtime $@

$(STATIC_MANIFEST): .venv/.runtime $(STATIC_SOURCES)
	@echo "Compressing the static files"
	@DEBUG=false $(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@
