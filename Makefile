# The words that people type; bare `make` lists them. Each sets up what it needs on a fresh machine.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.PHONY: help run test demo check lock soak planted-faults check-packs client face pictures wechat

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIENT := miniprogram_stub
CLIENT_SOURCES := $(shell find $(CLIENT)/src $(CLIENT)/desk -type f) $(CLIENT)/vite.config.ts $(CLIENT)/index.html
CODE := groundwork bff reference_core sandbox dev tests

help: ## list these words
	grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: $(VENV)/ready ## start Redis, PostgreSQL, the core, the sandbox, the BFF and the phone; Ctrl-C stops them all
	# Beside the world, which need not wait for it; the desk shows the phone as soon as it is there.
	$(MAKE) --silent $(CLIENT)/dist/ready &
	exec $(BIN)/python -m dev.run

test: $(VENV)/ready ## run every test against real servers
	rm -f .coverage .coverage.*
	# Only all tests together have run what they should.
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term $(if $(ARGS),--cov-fail-under=0) $(ARGS)

demo: $(VENV)/ready ## play the story of a family, in the running world or in one of its own
	exec $(BIN)/python -m dev.demo

check: $(VENV)/ready ## lint, format, types, imports, dependencies, dead code, secrets, packs
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m dev.dead_code
	$(BIN)/python -m dev.secret_scan
	$(BIN)/python -m reference_core.check_packs

client: $(VENV)/ready $(CLIENT)/node_modules/ready ## build the client for WeChat, Alipay and the browser, check each, and play it
	command -v npm >/dev/null || { echo "Node 20 or newer and npm are missing (Debian: apt install nodejs npm)." >&2; exit 1; }
	[ -x /usr/bin/chromium ] || { echo "A browser is missing (Debian: apt install chromium fonts-wqy-microhei)." >&2; exit 1; }
	cd $(CLIENT)
	echo "Checking the types ..."
	npm run --silent types
	echo "Building for WeChat, Alipay and the browser ..."
	npm run --silent build >dist.log 2>&1 || { cat dist.log >&2; exit 1; }
	touch dist/ready
	npm run --silent check
	cd ..
	$(BIN)/python -m pytest tests/client $(ARGS)

wechat: ## have WeChat's own compiler look at the build, without its servers; after `make client`
	cd $(CLIENT)/tools/wxci
	[ -d node_modules ] || npm ci --silent --no-audit --no-fund --ignore-scripts
	node check.cjs

face: $(VENV)/ready $(CLIENT)/node_modules/ready ## write the client's types of the public face anew
	$(BIN)/python -m bff.openapi_document >$(CLIENT)/dist.openapi.json
	cd $(CLIENT) && npm run --silent face -- dist.openapi.json -o src/net/face.d.ts && rm dist.openapi.json

pictures: $(VENV)/ready $(CLIENT)/dist/ready ## take the pictures of docs/client.md anew
	$(BIN)/python -m pytest -q tests/client/pictures.py

check-packs: $(VENV)/ready ## validate every city's pack, those of PACKS_PATH too
	$(BIN)/python -m reference_core.check_packs $(subst :, ,$(PACKS_PATH))

soak: $(VENV)/ready ## try 10,000 random families and bills, and 500 kills of the worker
	SOAK=1 $(BIN)/python -m pytest -n 2 --dist loadfile tests/reference_core/second tests/reference_core/preview tests/journeys/notices/test_kills.py $(ARGS)

planted-faults: $(VENV)/ready ## plant faults in a copy and see the fast tests catch each
	exec $(BIN)/python -m dev.planted_faults

lock: $(VENV)/ready ## write the hashed requirement locks anew from pyproject.toml
	$(BIN)/python -m dev.lock

# Two stamps would be one too many: this file is as new as the lock that was installed.
$(VENV)/ready: requirements/dev.txt
	command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: install python3 (Debian: apt install python3 python3-venv)." >&2; exit 1; }
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) -V | cut -d' ' -f2): install it and say make PYTHON=python3.11." >&2; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian: apt install python3-venv)." >&2; exit 1; }
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	echo "Installing the locked requirements into $(VENV) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

# Without Node the world runs all the same, only without its browser build.
$(CLIENT)/node_modules/ready: $(CLIENT)/package-lock.json
	command -v npm >/dev/null || { echo "No browser build: Node 20 or newer and npm are missing (Debian: apt install nodejs npm)."; exit 0; }
	echo "Installing the client's locked packages ..."
	cd $(CLIENT)
	npm ci --silent --no-audit --no-fund --ignore-scripts
	touch node_modules/ready

$(CLIENT)/dist/ready: $(CLIENT)/node_modules/ready $(CLIENT_SOURCES)
	command -v npm >/dev/null || exit 0
	echo "Building the client for the browser ..."
	cd $(CLIENT)
	npm run --silent build:developer >dist.log 2>&1 || { cat dist.log >&2; exit 1; }
	touch dist/ready
