# The daily verbs. `./run` and `./test` do their own set-up; the others expect that one of them ran.
.PHONY: help run test check fmt bench migrations messages rulebook locks vendor clean
bin := .venv/bin
export SEONMUL_DEMO ?= 1
export DJANGO_SETTINGS_MODULE := seonmul.config.settings

help:           ## these lines
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 14

run:            ## start everything with demo data
	./run

test:           ## everything that must hold before a change lands
	./test

check:          ## the quick part of it: style, types, contracts
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/lint-imports

fmt:            ## put style right
	$(bin)/ruff check --fix
	$(bin)/ruff format

bench:          ## the figures of docs/performance.md
	$(bin)/python -m bench

migrations:     ## write migrations for changed models
	$(bin)/python -m django makemigrations

messages:       ## collect sentences for translation, list what has no English, compile (needs gettext)
	$(bin)/python tools/messages.py

rulebook:       ## print docs/rulebook.md from the rules
	$(bin)/python tools/rulebook.py

locks:          ## split FULL=path, a new full lock, into requirements/
	$(bin)/python tools/locks.py $(FULL)

vendor:         ## check what is vendored against its manifest
	$(bin)/python tools/vendor.py --check

clean:          ## forget caches and test data; .seonmul and .venv stay
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
