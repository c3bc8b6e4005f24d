# Two commands: `make demo` shows the warehouse at work, `make test` checks everything. Both set up .venv by themselves.
# Every path here is relative, so that a checkout may live in a folder with spaces.

PYTHONS = $(PYTHON) python3.13 python3.12 python3.11 python3 python
BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet
UV = $(firstword $(wildcard $(BIN)/uv) uv)
# Three, on two cores as on many: tests wait for their servers as much as they reckon.
PYTEST = $(BIN)/python -m pytest -n 3 --dist worksteal
LOCK = UV_NO_CONFIG=1 $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.PHONY: help demo example test test-outside lint test-postgres stress bench bench-full schema clients lock clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

demo: .venv/runtime ## a simulated world in an embedded PostgreSQL, and the seven answers from it
	@echo "==> Filling the demo world and asking the seven questions (viralforge demo; a second run changes nothing)"
	@$(BIN)/viralforge demo

example: .venv/test-tools ## a crew with a model that needs no network, and what the warehouse knows of it then
	@$(BIN)/python examples/crew.py

test: lint ## lint, types, import contracts and the test suite, but for what meets other people's software
	@echo "==> Testing (pytest, on an embedded PostgreSQL of its own; some minutes)"
	@$(PYTEST) -m "not outside"

test-outside: .venv/test-tools ## the rest of the suite: the dashboard, a real browser, the archive, backups, Node, PostHog's and CrewAI's libraries (skips what is missing)
	@echo "==> Testing with other people's software (pytest; some minutes)"
	@$(PYTEST) -m outside

lint: .venv/test-tools ## style, format, types and import contracts
	@echo "==> Checking style and format (ruff)"
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "==> Checking types (mypy)"
	@$(BIN)/mypy
	@echo "==> Checking who imports whom (import-linter)"
	@$(BIN)/lint-imports --no-logo

test-postgres: .venv/test-tools ## what depends on PostgreSQL, on your own: DATABASE_URL=postgresql://…
	@test -n "$(DATABASE_URL)" || { echo "Say which: make test-postgres DATABASE_URL=postgresql://…" >&2; exit 1; }
	@echo "==> Testing what depends on PostgreSQL, on that of DATABASE_URL"
	@VIRALFORGE_TEST_DATABASE_URL="$(DATABASE_URL)" $(PYTEST) -m "database and not stress"

stress: .venv/test-tools ## the tests under fire in full: a minute of writers, 50 kills each of client and server, restarts, full servers
	@echo "==> Stressing (pytest --stress; ten minutes or a few more)"
	@$(BIN)/python -m pytest -m stress --stress

bench: .venv/bench-tools ## the benchmarks against rivals and the machine's limit, up to a million posts
	@echo "==> Measuring (python -m bench; leave the machine alone for a quarter of an hour)"
	@$(BIN)/python -m bench all --rows $(or $(ROWS),1000000)

bench-full: .venv/bench-tools ## what grows with the table, up to ten million posts
	@echo "==> Measuring (python -m bench; leave the machine alone for the better part of an hour)"
	@$(BIN)/python -m bench growth --rows 10000000 --rounds 1
	@$(BIN)/python -m bench reads --rows 10000000

schema: .venv/test-tools ## docs/schema.sql anew, from the migrations
	@echo "==> Writing docs/schema.sql"
	@$(BIN)/python tests/db/schema_page.py

clients: .venv/test-tools ## the API's document, its page and the types of the TypeScript client anew (needs npm)
	@$(BIN)/viralforge openapi > clients/openapi.json
	@cd clients/typescript && npm ci --ignore-scripts --silent && npm run --silent generate
	@PYTHONPATH=. $(BIN)/python tests/web/http_page.py

lock: ## all locks anew from pyproject.toml (needs uv; UPGRADE=--upgrade for newer versions)
	@echo "==> Locking"
	@$(LOCK) --group build --output-file requirements.txt
	@$(LOCK) --group build --group test --extra frames --extra lake --extra crewai --constraints requirements.txt --output-file requirements-test.txt

	@$(LOCK) --group build --group bench --extra frames --extra lake --constraints requirements-test.txt \
		--output-file requirements-bench.txt

clean: ## removes .venv, caches and built files; the warehouse's data stays
	@rm -rf .venv dist .*_cache .hypothesis && find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@found=; for python in $(PYTHONS); do \
		"$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
			&& found="$$python" && break; \
	done; \
	if [ -z "$$found" ]; then \
		echo "No Python 3.11, 3.12 or 3.13 with the modules venv and ensurepip was found (looked for: $(PYTHONS))." >&2; \
		echo "Install one (on Debian and Ubuntu: apt install python3-venv), or say: make $(MAKECMDGOALS) PYTHON=/path/to/python" >&2; \
		exit 1; \
	fi; \
	echo "==> Making .venv with $$("$$found" --version)"; \
	"$$found" -m venv --clear .venv

# The project itself is installed without build isolation: its build tool is in the lock, so nothing comes unhashed.
.venv/runtime: requirements.txt pyproject.toml | $(BIN)/python
	@echo "==> Installing what it needs from requirements.txt (a minute or so)"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test-tools: requirements-test.txt .venv/runtime
	@echo "==> Installing what the tests need from requirements-test.txt (a minute or two)"
	@$(PIP) --require-hashes -r requirements-test.txt
	@touch $@

.venv/bench-tools: requirements-bench.txt .venv/runtime
	@echo "==> Installing the rivals from requirements-bench.txt (a minute or two)"
	@$(PIP) --require-hashes -r requirements-bench.txt
	@touch $@
