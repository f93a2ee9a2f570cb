# Everything runs in a virtual environment at .venv, made on first use. PYTHON chooses the Python.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# Each process runs whole files, and has databases and ports of its own. Many tests wait for what
# they started, so there are three processes to two processors.
TEST_PROCESSES ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 )))
# schemathesis takes seconds to load and half a gigabyte in each process: it has one of its own.
FUZZED := tests/api/test_fuzzed.py
# A test that fails is run again, twice at most, and named in the summary as one that was: a browser
# or a server on a busy machine may be late once, and what is wrong fails each time.
PYTEST = $(BIN)/python -m pytest --reruns 2 --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder \
	-p no:schemathesis --ignore $(FUZZED)
SERVER_TESTS := $(addprefix tests/,accounts api events $(addprefix library/,queries runner scanning) listening opensubsonic settings) \
	--ignore tests/settings/test_wrong_database.py

# MUSIC_DIR, PORT and the like may be given on the command line: make run MUSIC_DIR=~/Music
export MUSIC_DIR DATA_DIR DATABASE_URL REDIS_URL HOST PORT ALLOWED_HOSTS HTTPS TRUSTED_PROXIES SCAN_WORKERS SCAN_NICENESS LOG_LEVEL SOAK_SECONDS SOAK_MINUTES

.DEFAULT_GOAL := help
.PHONY: help install run scan test test-all test-quick test-servers soak soak-identity soak-watching soak-scrobbling soak-queues soak-subsonic soak-short lint format types bench screenshots messages ci clean

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

install: .venv/installed .static/staticfiles.json  ## set everything up and start nothing

run: .venv/installed .static/staticfiles.json  ## set everything up, scan the music and serve it; MUSIC_DIR=<folder>
	@$(MANAGE) migrate --verbosity 0
	@exec $(MANAGE) serve

scan: .venv/installed  ## scan the music folders; MUSIC_DIR=<folder>
	@$(MANAGE) migrate --verbosity 0
	@exec $(MANAGE) scan_tracks

test: .venv/dev-installed .static/staticfiles.json  ## run the tests, but for the slow ones
	$(PYTEST) -m "not slow"

test-all: .venv/dev-installed .static/staticfiles.json  ## run all tests
	$(PYTEST)
	$(BIN)/python -m pytest $(FUZZED)

test-quick: .venv/dev-installed .static/staticfiles.json  ## run those that start no server and no browser
	$(PYTEST) -m "not server and not browser and not slow"

# What asks a database or a channel layer most.
test-servers: .venv/dev-installed .static/staticfiles.json  ## run them on PostgreSQL and Redis, which it starts itself
	$(BIN)/python -m tests.services $(PYTEST) $(SERVER_TESTS)

lint: .venv/dev-installed  ## check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-cache
	$(MANAGE) makemigrations --check --dry-run --verbosity 0

types: .venv/dev-installed  ## check types alone
	$(BIN)/mypy .

format: .venv/dev-installed  ## bring the code into form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: .venv/dev-installed .static/staticfiles.json  ## measure scans beside their peers, and servers; BENCH="--runs 1"
	$(BIN)/python -m bench $(BENCH)
	$(BIN)/python -m bench.requests $(REQUESTS)
	$(BIN)/python -m bench.lists $(LISTS)
	$(BIN)/python -m bench.sync $(SYNC)
	$(BIN)/python -m bench.subsonic $(SUBSONIC)
	$(BIN)/python -m bench.live $(LIVE)
	$(BIN)/python -m bench.servers $(SERVERS)
	$(BIN)/python -m bench.page $(PAGE)

screenshots: .venv/dev-installed .static/staticfiles.json  ## take the pictures of the pages in docs/screenshots
	$(BIN)/python -m screenshots

soak: .venv/dev-installed .static/staticfiles.json  ## ten minutes of scans and listeners while all they rely on is restarted; SOAK_SECONDS=60
	$(BIN)/python -m soak

soak-watching: .venv/dev-installed .static/staticfiles.json  ## an hour of files copied, tagged and moved at random beside streams; SOAK_MINUTES=1
	$(BIN)/python -m soak.watching --within 10

soak-scrobbling: .venv/dev-installed .static/staticfiles.json  ## servers are killed while services that are told of plays fail in every way
	$(BIN)/python -m soak.scrobbling

soak-queues: .venv/dev-installed .static/staticfiles.json  ## a minute of changes of the queue in two browsers, their network cut at random; SOAK_SECONDS=600
	$(BIN)/python -m soak.queues

soak-subsonic: .venv/dev-installed .static/staticfiles.json  ## two minutes of 200 Subsonic clients at once, some with wrong passwords; SOAK_SECONDS=600 CLIENTS=50
	$(BIN)/python -m soak.subsonic $(if $(CLIENTS),--clients $(CLIENTS))

soak-short: .venv/dev-installed .static/staticfiles.json  # each kind of restart once or twice, and the watcher for a minute
	$(BIN)/python -m soak --seconds 60 --listeners 100
	$(BIN)/python -m soak.watching --minutes 1 --files 100 --bulk 200

soak-identity: .venv/dev-installed  # scans are killed at random moments, beside an undisturbed twin
	$(BIN)/python -m soak.identity --rounds 100

ci: lint test-all test-servers soak-short  ## what must pass before a change is taken

messages: .venv/dev-installed  ## find new texts of the pages, and compile what is translated in web/locale
	$(BIN)/python -m languages

clean:  ## take away what was made, but never data or music
	rm -rf .venv .static .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.bench/*' -prune -exec rm -rf {} +

.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mus needs Python 3.11 or later")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what mus needs ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# The pages' scripts and styles, under names that change with their content.
# Folders that are thrown away stand in for data and music: whoever installs may be another user than
# the one who serves, and settings make the folders, and a secret key in them.
.static/staticfiles.json: .venv/installed web/joined_files.py web/player_files.py $(shell find library/static web/static -type f)
	@apart=$$(mktemp -d) && trap 'rm -rf "$$apart"' EXIT && \
		DATA_DIR="$$apart/data" MUSIC_DIR="$$apart/music" $(MANAGE) collectstatic --noinput --clear --verbosity 0
	@touch $@

.venv/dev-installed: .venv/installed requirements-dev.txt
	@echo "Installing what its tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
