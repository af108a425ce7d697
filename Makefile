# Every routine job of the book, one word each; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
BUILD := book/_build
# The first Python from 3.11 to 3.13 that can make a virtual environment; PYTHON=... overrides.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && echo $$p && break; done)

export JUPYTER_PREFER_ENV_PATH := 1
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1767225600)

SOURCES := $(shell find src -name '*.py' -o -path 'src/*/data/*' -type f -o -name '*.typ' -o -name '*.tmTheme' -o -name '*.js')
BOOK := $(shell find book -path $(BUILD) -prune -o -type f -print) references.bib $(shell find exercises -type f)
JUPYTER_BOOK := $(BIN)/jupyter-book build book/ -W -n --keep-going -q

.PHONY: help book html pdf epub forward serve links test bench lint lock clean

help: ## list the jobs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.python:
	@[ -n "$(PYTHON)" ] && $(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	|| { echo "Hardwired needs Python 3.11, 3.12 or 3.13 with the venv module; install it, or name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.book: $(VENV)/.python requirements.lock pyproject.toml
	@echo "Installing what the book needs into $(VENV)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.book requirements-test.lock
	@echo "Installing what the tests need into $(VENV)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

# The published grammar of QTI 1.2 stands in the source of pyslet, not in the installed package.
$(VENV)/.sources: $(VENV)/.test
	@$(BIN)/python -m pip download -q --disable-pip-version-check --no-deps --require-hashes \
		-d $(VENV)/sources -r <(sed -n '/^pyslet==/,/[^\\]$$/p' requirements-test.lock)
	@touch $@

book: html pdf epub $(BUILD)/hardwired-offline.zip ## build everything that a reader or printer needs

html: $(BUILD)/html/.built ## build the web pages
$(BUILD)/html/.built: $(VENV)/.book $(SOURCES) $(BOOK)
	@$(JUPYTER_BOOK)
	@touch $@

# PAPER=a4 (default), letter, book or screen; CHAPTER=05-wounds makes a handout of that chapter.
ifdef CHAPTER
pdf: $(BUILD)/pdf/hardwired.pdf ## build the PDF (PAPER=..., CHAPTER=...)
	@PAPER=$(PAPER) $(BIN)/python -m hardwired.press.handout $(CHAPTER) $(BUILD)
else ifdef PAPER
pdf: $(BUILD)/html/.built
	@PAPER=$(PAPER) $(JUPYTER_BOOK) --builder custom --custom-builder typst
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
	@$(BIN)/python -m hardwired.pages.building.offline $(BUILD)/html $@

# The newest Sphinx and its friends, without Jupyter Book, in an environment of their own.
FORWARD := sphinx myst-parser myst-nb sphinxcontrib-bibtex sphinx-reredirects sphinx-external-toc furo ipykernel jupytext \
	linkify-it-py math-core==0.9.0 mathra==1.5.0 tex2typst==0.1.7 tinycss2 typst==0.15.2
forward: $(VENV)/.python ## build the web pages with the newest Sphinx, without Jupyter Book
	@$(PYTHON) -m venv .venv-forward
	@.venv-forward/bin/python -m pip install -q --disable-pip-version-check --upgrade $(FORWARD) -e .
	@.venv-forward/bin/python -m hardwired.pages.building.forward book $(BUILD)/forward

serve: html ## show the pages at http://localhost:8000
	@$(BIN)/python -m http.server 8000 --directory $(BUILD)/html

links: $(VENV)/.book ## ask every address outside the book whether it still answers (needs the network)
	@$(BIN)/jupyter-book build book/ --builder linkcheck

test: $(VENV)/.sources book ## run the tests
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

bench: $(VENV)/.test book ## measure: models, typesetting, grading, pages
	@for bench in models pdf grading pages; do echo "== $$bench"; $(BIN)/python benchmarks/$$bench.py; done

lint: $(VENV)/.test ## check style and types
	@$(BIN)/ruff check src tests && $(BIN)/ruff format --check src tests && $(BIN)/mypy

lock: $(VENV)/.python ## pin every dependency with its hashes, for every machine
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --extra book --extra course pyproject.toml <(printf 'hatchling\neditables\n') -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --extra test --extra cluster --extra wasm pyproject.toml -c requirements.lock -o requirements-test.lock

clean: ## remove what was built, keep the environment
	@rm -rf $(BUILD)
