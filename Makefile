# Needs only make, a POSIX shell and CPython 3.11 to 3.13 (.ci/find-python picks one; KG_PYTHON=... overrides it).

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint model ontology lock clean FORCE

VENV := .venv
STAMP := $(VENV)/.stamp
BIN := $(VENV)/bin
PIP := $(BIN)/python -I -m pip -qq --disable-pip-version-check --no-input
FIND_PYTHON := KG_PYTHON="$(KG_PYTHON)" sh .ci/find-python

# The caller's Python settings must not leak into the environment.
unexport PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV

# An environment is sound if it was finished in this very folder, still starts, and is of the Python asked for.
ORIGIN := -c 'import sys; print(sys.version, sys.base_prefix)'
SOUND := $(shell test "$$(cat $(STAMP) 2>/dev/null)" = "$(CURDIR)" && found=$$($(BIN)/python $(ORIGIN) 2>/dev/null) \
	&& { test -z "$(KG_PYTHON)" || test "$$("$(KG_PYTHON)" $(ORIGIN) 2>/dev/null)" = "$$found"; } && echo yes)
ifneq ($(SOUND),yes)
$(STAMP): FORCE
endif

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1	\2/p' Makefile

setup: $(STAMP) ## make .venv with the pinned dependencies and this project
	@:

$(STAMP): requirements.lock pyproject.toml
	@set -e; \
	if [ "$(SOUND)" != yes ]; then \
		python=$$($(FIND_PYTHON)); \
		echo "setup: $(VENV) with $$("$$python" --version) ($$python), a minute or two"; \
		"$$python" -m venv --clear $(VENV); \
	else \
		echo "setup: $(VENV) is older than requirements.lock or pyproject.toml: updating it"; \
	fi; \
	$(PIP) install --require-hashes --only-binary :all: -r requirements.lock; \
	$(PIP) install --no-index --no-deps --no-build-isolation --editable .; \
	printf '%s\n' "$(CURDIR)" > $(STAMP)

demo: setup ## build graph and page from seeds/documents into out/demo, show five facts
	@$(BIN)/kg build seeds/documents --out out/demo --show 5
	@$(BIN)/kg view --graph out/demo --out out/demo.html

test: setup ## run the tests
	@$(BIN)/python -m pytest

lint: setup ## ruff (rules, format) and mypy --strict
	@failed=0; \
	$(BIN)/ruff check || failed=1; \
	$(BIN)/ruff format --check || failed=1; \
	$(BIN)/mypy --strict kg tests/bench || failed=1; \
	exit $$failed

model: setup ## train the models in kg/models anew, from ../shared/corpus (about two hours on two cores)
	@$(PIP) install --only-binary :all: -e '.[train]'
	@$(BIN)/python -m kg.training

ontology/aiind.html: setup ontology/aiind.ttl
	@python=$$($(BIN)/python -c 'import sys; print(sys.executable)'); \
	"$$python" -m venv --clear .cache/page; \
	.cache/page/bin/python -I -m pip -qq --disable-pip-version-check install --only-binary :all: \
		'pylode==3.6.0' 'kurra==3.0.5'; \
	.cache/page/bin/pylode $(CURDIR)/ontology/aiind.ttl -o $(CURDIR)/$@ > /dev/null; \
	rm -rf .cache/page

ontology: ontology/aiind.html ## write the page of the ontology anew, after a change (needs CPython 3.12 or 3.13)

lock: ## pin the dependencies anew in requirements.lock (make lock UPGRADE=1 takes newer ones)
	@set -e; \
	python=$$($(FIND_PYTHON)); \
	"$$python" -m venv --clear .cache/lock; \
	.cache/lock/bin/python -I -m pip -qq --disable-pip-version-check install --only-binary :all: 'uv>=0.9,<1'; \
	UV_CUSTOM_COMPILE_COMMAND="make lock" .cache/lock/bin/uv pip compile --quiet --no-config --universal \
		--python-version 3.11 --generate-hashes --extra dev --no-emit-index-url $(if $(UPGRADE),--upgrade) \
		pyproject.toml --output-file requirements.lock; \
	rm -rf .cache/lock

clean: ## remove everything made here: .venv, out, caches
	@rm -rf $(VENV) out build dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
