# Every routine job of the book, one word each; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
BUILD := book/_build
# The first Python from 3.11 to 3.13 that can make a virtual environment; PYTHON=... overrides.
FIT := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
ifeq ($(origin PYTHON),undefined)
PYTHON = $(eval PYTHON := $$(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$$$p -c '$$(FIT)' 2>/dev/null && echo $$$$p && break; done))$(PYTHON)
endif

# What a caller may say reaches the shell in quotes, and says nothing to make or to the shell.
CHAPTERS := $(notdir $(basename $(wildcard book/chapters/*.md)))
PAPERS := a4 letter book screen
$(foreach v,VENV BUILD PAPER CHAPTER LOCKS,$(if $(findstring $$,$(value $v))$(findstring ',$(value $v))$(findstring \
	`,$(value $v)),$(error $v holds a sign that a name cannot have)))
$(if $(word 2,$(VENV)),$(error VENV holds a space, and make would take it for two folders))
ifneq ($(filter-out $(PAPERS),$(PAPER)),)
$(error PAPER is one of $(PAPERS), not '$(PAPER)')
endif
ifneq ($(filter-out $(CHAPTERS),$(CHAPTER)),)
$(error CHAPTER is one of $(CHAPTERS), not '$(CHAPTER)')
endif

# One make at a time in this folder; a make that was killed holds nobody up.
ifeq ($(HARDWIRED_MAKE)$(if $(filter-out help,$(or $(MAKECMDGOALS),help)),,help),)
OTHER := $(shell for try in 1 2; do \
	if (set -C; echo $$PPID >.make.pid) 2>/dev/null; then break; fi; read -r other <.make.pid || true; \
	if [ "$$other" = $$PPID ]; then break; fi; \
	if [ -d /proc/self ]; then grep -qs make "/proc/$$other/comm"; else kill -0 "$$other" 2>/dev/null; fi \
	&& echo "$$other" && break; rm -f .make.pid; done)
ifneq ($(OTHER),)
$(error Another make is at work in this folder (process $(OTHER)); wait until it has ended)
endif
export HARDWIRED_MAKE := yes
endif

# The same wherever the clone lies, whoever owns it, and with any home or none.
export PYTHONUTF8 := 1
# A module is compiled once, not by each of the hundreds of processes of a build or a test run.
unexport PYTHONDONTWRITEBYTECODE
export GIT_CONFIG_COUNT := 1
export GIT_CONFIG_KEY_0 := safe.directory
export GIT_CONFIG_VALUE_0 := *
export JUPYTER_PREFER_ENV_PATH := 1
export JUPYTER_CONFIG_DIR := $(CURDIR)/$(BUILD)/.jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/$(BUILD)/.jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/$(BUILD)/.jupyter/runtime
# What is exported does not reach $(shell) before make 4.4: git hears it here as well.
ifndef SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH := $(shell git -c 'safe.directory=*' log -1 --format=%ct 2>/dev/null || echo 1767225600)
endif
export SOURCE_DATE_EPOCH

SOURCES := $(shell find src -type f -not -name '*.pyc')
BOOK := $(shell find book -path $(BUILD) -prune -o -type f -print) references.bib \
	$(shell find exercises -type f) $(wildcard tests/book/second_reader/*.csv)
JUPYTER_BOOK := '$(BIN)/jupyter-book' build book/ -W -n --keep-going -q
INSTALL := '$(BIN)/python' tools/environment.py install '$(VENV)'
LOCKED := install --only-binary :all: --require-hashes
EDITABLE := install --no-deps --no-build-isolation --no-index -e .

.PHONY: help book html pdf epub live forward serve links check test test-all measure bench lint lock clean FORCE

help: ## list the jobs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# An environment that was left half-made, or whose Python is gone, is made anew.
ifneq ($(wildcard $(VENV)/.half-made)$(if $(wildcard $(VENV)/.python),$(shell '$(BIN)/python' -c '' 2>/dev/null || echo gone)),)
$(VENV)/.python: FORCE
endif
$(VENV)/.python:
	@[ -n '$(PYTHON)' ] && '$(PYTHON)' -c '$(FIT)' 2>/dev/null \
	|| { echo "Hardwired needs Python 3.11, 3.12 or 3.13 with the venv module; install it, or name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@'$(PYTHON)' tools/environment.py make '$(VENV)'
	@touch $@

$(VENV)/.book: $(VENV)/.python requirements.lock pyproject.toml
	@$(INSTALL) "what the book needs" $(LOCKED) -r requirements.lock
	@$(INSTALL) "the library" $(EDITABLE)
	@touch $@

# Two packages of the tests are published as sources only; they are built with the tools of the lock.
# Of two others only the sources are read: a dictionary and a grammar (tests/sources.py).
# The lock of the tests holds what `make live` needs as well.
$(VENV)/.test: $(VENV)/.book requirements-test.lock requirements-sources.lock tests/sources.py
	@$(INSTALL) "what the tests need" $(LOCKED) -r requirements-test.lock
	@rm -rf '$(VENV)/sources'
	@$(INSTALL) "sources that the tests read" download --no-deps --no-build-isolation --no-binary :all: \
		--require-hashes -d '$(VENV)/sources' -r requirements-sources.lock
	@$(INSTALL) "packages that come as sources" install --no-deps --no-build-isolation --no-index \
		--find-links '$(VENV)/sources' pygiftparser pyslet yattag
	@'$(BIN)/python' -m tests.sources '$(VENV)/sources'
	@touch $@ '$(VENV)/.live'

book: html pdf epub $(BUILD)/hardwired-offline.zip ## build everything that a reader or printer needs

# Dates are those of the last commit, so a new commit makes again what bears one.
$(BUILD)/.date: FORCE
	@mkdir -p '$(BUILD)'
	@[ "$$(cat $@ 2>/dev/null)" = $(SOURCE_DATE_EPOCH) ] || echo $(SOURCE_DATE_EPOCH) >$@

html: $(BUILD)/html/.built ## build the web pages
$(BUILD)/html/.built: $(VENV)/.book $(SOURCES) $(BOOK) $(BUILD)/.date
	@$(JUPYTER_BOOK)
	@touch $@

# PAPER=a4 (default), letter, book or screen; CHAPTER=05-wounds makes a handout of that chapter.
ifdef CHAPTER
pdf: $(BUILD)/pdf/hardwired.pdf ## build the PDF (PAPER=..., CHAPTER=...)
	@PAPER='$(PAPER)' '$(BIN)/python' -m hardwired.press.handout '$(CHAPTER)' '$(BUILD)'
else ifdef PAPER
pdf: $(BUILD)/html/.built
	@PAPER='$(PAPER)' $(JUPYTER_BOOK) --builder custom --custom-builder typst
else
pdf: $(BUILD)/html/hardwired.pdf
endif
$(BUILD)/pdf/hardwired.pdf: $(BUILD)/html/.built
	@$(JUPYTER_BOOK) --builder custom --custom-builder typst
	@touch $@
$(BUILD)/html/hardwired.pdf: $(BUILD)/pdf/hardwired.pdf
	@cp $< $@

epub: $(BUILD)/html/hardwired.epub ## build the EPUB
$(BUILD)/epub/hardwired.epub: $(BUILD)/html/.built
	@$(JUPYTER_BOOK) --builder custom --custom-builder epub
	@touch $@
$(BUILD)/html/hardwired.epub: $(BUILD)/epub/hardwired.epub
	@cp $< $@

$(BUILD)/hardwired-offline.zip: $(BUILD)/html/hardwired.pdf $(BUILD)/html/hardwired.epub
	@'$(BIN)/python' -m hardwired.pages.building.offline '$(BUILD)/html' $@

# The pages themselves stay as they were built: Python is added to a copy of them.
live: html $(VENV)/.live ## add Python to a copy of the pages, in book/_build/live
	@'$(BIN)/python' -m hardwired.live '$(BUILD)/html' '$(BUILD)/live'
$(VENV)/.live: $(VENV)/.book requirements-live.lock
	@$(INSTALL) "Python for the page" $(LOCKED) -r requirements-live.lock
	@touch $@

forward: .venv-forward/.made ## build the web pages with the newest Sphinx, without Jupyter Book
	@.venv-forward/bin/python -m hardwired.pages.building.forward book '$(BUILD)/forward'
.venv-forward/.made: requirements-forward.lock pyproject.toml $(VENV)/.python
	@'$(PYTHON)' tools/environment.py make .venv-forward
	@.venv-forward/bin/python tools/environment.py install .venv-forward "the newest Sphinx" $(LOCKED) -r requirements-forward.lock
	@.venv-forward/bin/python tools/environment.py install .venv-forward "the library" $(EDITABLE)
	@touch $@

# Once `make live` has made a copy, that is shown, as new as the pages.
serve: html ## show the pages at http://localhost:8000
	@rm -f .make.pid
	@site=html; if [ -d '$(BUILD)/live' ] && '$(BIN)/python' -m hardwired.live '$(BUILD)/html' '$(BUILD)/live'; then site=live; fi; \
	exec '$(BIN)/python' -m http.server 8000 --bind localhost --directory "$(BUILD)/$$site"

links: $(VENV)/.book ## ask every address outside the book whether it still answers (needs the network)
	@'$(BIN)/jupyter-book' build book/ --builder linkcheck

# PYTEST_ARGS reaches pytest as words of its own, never the shell.
export PYTEST_ADDOPTS := $(PYTEST_ARGS)
# Modules go to the workers in their order: the longest, what is advertised, is among the first.
PYTEST := '$(BIN)/python' -m pytest -n logical --dist loadscope --no-loadscope-reorder --ring
check: $(VENV)/.test ## run the quick tests: no book, no sandbox, no server, no browser
	@$(PYTEST) check
test: $(VENV)/.test book ## run the tests
	@$(PYTEST) test
test-all: $(VENV)/.test book ## run all that CI runs
	@$(PYTEST) all
measure: $(VENV)/.test book ## run in full what the tests take a sample of, and what takes long
	@$(PYTEST) measure

# QUICK=yes shows in a minute that each bench runs; its figures say nothing.
ifdef QUICK
bench: SET_ON := a4
bench: MODELS := --patients 50 --sample 2 --no-browser --no-bars
bench: GRADING := --nbgrader none --copies 1 --engines bubblewrap-zygote --files 60 --submissions 10
bench: DESK := --nbgrader none --students 10 --saves 5 --no-bars
bench: LIVE := --exercises 1 --no-bars
bench: READING := --pages-only $(BUILD)/html $(BUILD)/html --runs 1 --page index.html --page chapters/05-wounds.html
endif
bench: $(VENV)/.test book ## measure: models, typesetting, grading, the desk, Python in the page, pages
	@echo "== models"; '$(BIN)/python' benchmarks/models.py $(MODELS)
	@echo "== pdf"; '$(BIN)/python' benchmarks/pdf.py
	@echo "== papers"; '$(BIN)/python' benchmarks/papers.py $(SET_ON)
	@echo "== grading"; '$(BIN)/python' benchmarks/grading.py $(GRADING)
	@echo "== desk"; '$(BIN)/python' benchmarks/desk.py $(DESK)
	@echo "== live"; '$(BIN)/python' benchmarks/live.py $(LIVE)
	@echo "== pages"; '$(BIN)/python' benchmarks/pages.py $(READING)

lint: $(VENV)/.test ## check style and types
	@'$(BIN)/ruff' check src tests benchmarks tools && '$(BIN)/ruff' format --check src tests tools && '$(BIN)/mypy'

# LOCKS=... writes them elsewhere; NEW=yes takes the newest of everything that pyproject.toml allows.
LOCKS := .
UV = .venv-lock/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --python-version 3.11 $(if $(NEW),--upgrade)
lock: .venv-lock/.made ## pin every dependency with its hashes, for every machine
	@$(UV) --extra book --extra course --group build pyproject.toml -o '$(LOCKS)/requirements.lock'
	@$(UV) --group test --extra cluster --extra desk --extra wasm pyproject.toml -c '$(LOCKS)/requirements.lock' -o '$(LOCKS)/requirements-test.lock'
	@$(UV) --extra live pyproject.toml -c '$(LOCKS)/requirements.lock' -o '$(LOCKS)/requirements-live.lock'
	@$(UV) --group sources --no-deps -o '$(LOCKS)/requirements-sources.lock'
	@$(UV) --extra pages --group forward pyproject.toml -o '$(LOCKS)/requirements-forward.lock'
	@$(UV) --group lock -o '$(LOCKS)/requirements-lock.lock'
.venv-lock/.made: requirements-lock.lock $(VENV)/.python
	@'$(PYTHON)' tools/environment.py make .venv-lock
	@.venv-lock/bin/python tools/environment.py install .venv-lock "what pins" $(LOCKED) -r requirements-lock.lock
	@touch $@

clean: ## remove what was built, keep the environment
	@rm -rf '$(BUILD)'
