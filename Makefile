# What there is to do here: `make help`. Everything it prepares goes into .venv, frontend/ and static/.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV_PYTHON := .venv/bin/python
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test check clean python

help: ## these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s  %s\n", $$1, $$2 }' Makefile

demo: python ## run the demonstration at http://localhost:8000 (or PORT=); Ctrl-C stops it
	@"$(PYTHON)" -m running.prepare demo
	@exec $(VENV_PYTHON) -m running.demo

test: python ## run all tests, on SQLite and on PostgreSQL, with a real broker and a real browser
	@"$(PYTHON)" -m running.prepare test
	@exec $(VENV_PYTHON) -m running.suite

check: python ## format, lint, types, import contracts, migrations, templates
	@"$(PYTHON)" -m running.prepare check
	@exec $(VENV_PYTHON) -m running.checks

clean: ## remove what these commands made, but for the demonstration's data in var/
	@rm -rf .venv static frontend/build frontend/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3.11 and python3.11-venv" >&2; exit 1; }
