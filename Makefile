# One environment, made once; every target stands on it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made
# One for each processor: with two each, a turn can miss its deadline.
AT_ONCE = auto
ICAL := $(shell sed -n 's/^recurring-ical-events==\([^ ]*\).*/\1/p' requirements.lock)

.DEFAULT_GOAL := help
.PHONY: help env engines demo published test coverage check lint types imports models schema bench bench-language bench-lake bench-query bench-handbook bench-analysis bench-skill bench-slack skill-package peers campaign wheel lock clean

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

# The lock names everything that is needed, so nothing is resolved: a newer release of a package must not matter.
env: $(STAMP) ## Make the environment in .venv
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "making the environment in $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/pip check --quiet --disable-pip-version-check
	@touch $(STAMP)

engines: $(STAMP) ## Install the heavy optional engines and table formats: Spark, Iceberg, Delta
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-engines.lock

demo: $(STAMP) ## Make the demo company and hold a short conversation with it
	@$(BIN)/insights demo

published: $(STAMP) ## Fetch the source of recurring-ical-events, whose calendars tests read
	@test -f .insights/published/.$(ICAL) || { mkdir -p .insights/published && $(BIN)/pip download --quiet --disable-pip-version-check --no-binary :all: --no-deps \
		--dest .insights/published recurring-ical-events==$(ICAL) && touch .insights/published/.$(ICAL); }

test: $(STAMP) ## Run every test
	@$(BIN)/pytest -n $(AT_ONCE) --dist loadgroup -q

coverage: $(STAMP) ## Run every test and tell which lines none of them ran (half as long again as `make test`)
	@$(BIN)/pytest -n $(AT_ONCE) --dist loadgroup -q --cov --cov-report=term:skip-covered
	@$(BIN)/coverage report --format=total | sed 's/^/coverage: /; s/$/ %/'

check: lint types imports ## Lint, types and import contracts

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP)
	@$(BIN)/mypy

imports: $(STAMP)
	@$(BIN)/lint-imports

models: $(STAMP) ## Renew every generated file: interaction models, Slack manifest, JSON Schema, gallery of pictures
	@$(BIN)/insights generate

bench: $(STAMP) ## Time understanding, planning, wording and the same questions as hand-written SQL
	@$(BIN)/python -m benchmarks.run

bench-language: $(STAMP) ## Measure understanding: published utterances, two hundred questions, speech, any text, speed, start-up and memory
	@$(BIN)/python -m benchmarks.language

bench-lake: $(STAMP) ## Count the requests and bytes of S3 that a question over a data lake costs
	@$(BIN)/python -m benchmarks.lake

bench-query: $(STAMP) ## Race five questions at 1, 10 and 100 million rows against hand-written SQL, rollups and (PEERS=.peers/bin/python) other semantic layers
	@$(BIN)/python -m benchmarks.query $(if $(PEERS),--peers $(PEERS))

bench-handbook: $(STAMP) ## Ask questions about the demo company's handbook: right, shown among places, not known, wrong
	@$(BIN)/python -m benchmarks.handbook --verbose

bench-analysis: $(STAMP) ## Measure the analyses beside published figures: forecasts, causes, anomalies, experiments
	@$(BIN)/python -m benchmarks.analysis

bench-skill: $(STAMP) ## Time the Alexa skill: cold, warm at ten requests a second, and with a back end that stalls
	@$(BIN)/python -m benchmarks.skill

skill-package: $(STAMP) ## Write what ASK CLI deploys into build/alexa: ENDPOINT=https://.../alexa, or a Lambda ARN and FUNCTION=1 for its zip
	@$(BIN)/python -m skill.package --endpoint $(or $(ENDPOINT),https://insights.example/alexa) $(if $(CATALOG),--catalog $(CATALOG)) $(if $(FUNCTION),--function)

bench-slack: $(STAMP) ## Load the Slack door with wrk: 50 signed questions a second for two minutes, then faster until answers take longer than a second
	@$(BIN)/python -m benchmarks.slack

peers: ## Make an environment of its own with the other semantic layers that bench-query races against (nothing of it is shipped)
	@$(PYTHON) -m venv .peers
	@.peers/bin/pip install --quiet --disable-pip-version-check -r benchmarks/peers/requirements.txt

campaign: $(STAMP) ## Run every large case count: changed utterances and random texts by the ten thousand (about twenty minutes)
	@$(BIN)/python -m benchmarks.campaign --count 50000
	@$(BIN)/python -m benchmarks.damage --count 5700
	@CASES=100 $(BIN)/pytest -q tests/language/test_any_text.py tests/language/test_index.py
	@CASES=10000 $(BIN)/pytest -q -p no:xdist tests/properties/test_star_schemas.py
	@CASES=500 $(BIN)/pytest -q -s -p no:xdist tests/tickets/test_kills.py
	@SLOTS=2000 $(BIN)/pytest -q -s -p no:xdist tests/ledger/test_races.py
	@CASES=20 $(BIN)/pytest -q -p no:xdist tests/contract/test_room_machine.py
	@CALENDARS=96 $(BIN)/pytest -q -p no:xdist tests/meetings/calendars/test_published.py
	@RACES=2000 $(BIN)/pytest -q -p no:xdist tests/meetings/calendars/test_races.py
	@WORLDS=4000 $(BIN)/pytest -q -p no:xdist tests/query/test_policies.py
	@WORLDS=1000 TRIPLES=100 $(BIN)/pytest -q -s tests/query/test_policies_everywhere.py
	@CASES=10000 $(BIN)/pytest -q -p no:xdist tests/slackbot/test_built.py
	@CASES=16 $(BIN)/pytest -q -p no:xdist tests/slackbot/test_once.py
	@CASES=10000 $(BIN)/pytest -q -p no:xdist tests/skill/test_hostile.py -k whatever_arrives
	@ATTACKS=40 CASES=2000 $(BIN)/pytest -q -p no:xdist tests/query/test_attacks.py tests/query/test_suppression.py
	@CASES=40 $(BIN)/pytest -q -p no:xdist tests/query/test_groups_within_groups.py

wheel: $(STAMP) ## Build the wheel and try it in an empty environment
	@$(BIN)/python -m benchmarks.wheel

lock: ## Renew requirements.lock from pyproject.toml (needs uv)
	@uv export --quiet --no-header --no-annotate --extra server --extra postgres --extra office --extra charts --all-groups --no-emit-project -o requirements.lock
	@uv export --quiet --no-header --no-annotate --extra spark --extra iceberg --extra delta --no-default-groups --no-emit-project -o requirements-engines.lock
	@rm -f uv.lock

clean: ## Remove the environment and everything that was made
	rm -rf $(VENV) .insights build dist *.egg-info
