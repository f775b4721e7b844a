# Every target makes the environment it needs by itself. `make help` lists the targets.

PYTHON ?= python3
DIR ?= .

VENV := .venv
BIN := $(VENV)/bin
# Stamps: hexscan itself, which is all that `make scan` needs, and with it the developers' tools.
INSTALLED := $(VENV)/.installed
DEVELOPED := $(VENV)/.developed

PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
# Two workers or more, but not one for each core of a large machine.
PARALLEL := -n logical --maxprocesses 4 --dist loadgroup
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=undefined
SANITIZED := tests/properties/test_skim.py tests/unit/test_matcher.py tests/unit/sources/test_slab.py \
	tests/unit/sources/test_directory.py tests/unit/sources/test_walk.py \
	tests/unit/sources/git/test_columns.py tests/unit/sources/git/test_families.py \
	tests/properties/test_lines.py tests/unit/sources/git/test_packs.py tests/properties/test_packs.py \
	tests/properties/test_touched.py
SARIF_MULTITOOL := 5.7.0
HUSKY := 9.1.7
LEFTHOOK := 2.2.2
# The Pythons that pyenv keeps are not on the PATH.
PYENV_BINS := $(wildcard $(HOME)/.pyenv/versions/3.1[1-3]*/bin)
empty :=
PYENV_PATH := $(subst $(empty) $(empty),:,$(PYENV_BINS))

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: setup
setup: $(INSTALLED) ## make the environment with hexscan in it

.PHONY: scan
scan: $(INSTALLED) ## scan DIR (by default this project)
	@$(BIN)/hexscan scan -- "$(DIR)" || { status=$$?; \
		echo "hexscan: exit status $$status (1: keys were found; 2: something could not be read)" >&2; \
		exit $$status; }

.PHONY: test
test: $(DEVELOPED) ## run the tests; ARGS="tests/unit/test_key.py -x" runs some of them
ifdef ARGS
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest $(PARALLEL) --cov --cov-report=term
endif

# A build in a directory of its own, which wins over the installed one. With malloc for all that Python
# allocates no overrun stays within a pool; what Python keeps until its end is no leak of hexscan's.
.PHONY: sanitize
sanitize: $(DEVELOPED) ## the tests of the C extensions, which are built for gcc's sanitizers
	@for widest in 64 32 16; do $(MAKE) --no-print-directory sanitize-vectors WIDEST=$$widest || exit; done

# With vectors of so many bytes at most: each processor takes the widest that it has.
.PHONY: sanitize-vectors
sanitize-vectors: WIDEST ?= 64
sanitize-vectors: $(DEVELOPED)
	@directory=$$(mktemp -d) && trap 'rm -rf "$$directory"' EXIT && \
	CC="$(CC)" CFLAGS="-g -Wall -Wextra -Werror -DHEXSCAN_VECTORS=$(WIDEST) $(SANITIZERS)" \
		$(BIN)/python setup.py --quiet build --build-lib "$$directory" && \
	export LD_PRELOAD=$$($(CC) -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 \
		PYTHONMALLOC=malloc PYTHONPATH="$$directory" && \
	$(BIN)/python -c 'from hexscan import _packs, _skim; \
		assert all(m.__file__.startswith("'$$directory'") for m in (_packs, _skim))' && \
	$(BIN)/python -m pytest -q $(SANITIZED)

.PHONY: test-all
test-all: $(DEVELOPED) ## run the tests on every supported Python that is installed
	@PATH="$(if $(PYENV_PATH),$(PYENV_PATH):)$$PATH" $(BIN)/python -m tox run

.PHONY: check
check: lint types layers ## lint, types and layers

.PHONY: lint
lint: $(DEVELOPED) ## check format and style
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/clang-format --dry-run -Werror $(wildcard csrc/*.[ch] csrc/*/*.[ch])

.PHONY: types
types: $(DEVELOPED) ## check types
	@$(BIN)/mypy src tests benchmarks tools setup.py

.PHONY: layers
layers: $(DEVELOPED) ## check that each layer imports only lower ones
	@$(BIN)/lint-imports

.PHONY: docs
docs: $(DEVELOPED) ## write the tables of options in README.md
	@$(BIN)/python -m tools.readme

.PHONY: format
format: $(DEVELOPED) ## format the code, and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/clang-format -i $(wildcard csrc/*.[ch] csrc/*/*.[ch])

.PHONY: bench
bench: $(DEVELOPED) ## run hexscan's own benchmarks and write their part of benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks.run $(ARGS)

.PHONY: bench-smoke
bench-smoke: $(DEVELOPED) ## run all benchmarks in their short form; writes nothing
	@$(BIN)/python -m benchmarks.run --smoke

.PHONY: bench-peers
bench-peers: $(DEVELOPED) ## compare with other scanners, installed for it; ARGS="--only recall"
	@$(BIN)/python -m benchmarks.peers $(ARGS)

.PHONY: guard
guard: $(DEVELOPED) ## compare counts of instructions and system calls with the committed ones
	@$(BIN)/python -m benchmarks.guard

.PHONY: guard-renew
guard-renew: $(DEVELOPED) ## write the guard's figures anew, after a change that is meant
	@$(BIN)/python -m benchmarks.guard --renew

# The package's own script that makes its program executable is not run; chmod does that.
.PHONY: tools
tools: ## install Microsoft's SARIF validator, husky and lefthook into .tools/, with npm; for tests
	@npm install --prefix .tools --silent --no-audit --no-fund --ignore-scripts \
		@microsoft/sarif-multitool@$(SARIF_MULTITOOL) husky@$(HUSKY) lefthook@$(LEFTHOOK)
	@chmod u+x .tools/node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool

.PHONY: man
man: $(DEVELOPED) ## write the manual pages anew, from the same source as --help
	@$(BIN)/python -m hexscan.cli.manual man

.PHONY: build
build: $(DEVELOPED) ## build the wheel and the source archive into dist/
	@$(BIN)/python -m build

.PHONY: clean
clean: ## remove everything that was made here, the environment too
	rm -rf $(VENV) .tox .tools dist build htmlcov .coverage .coverage.* \
		.hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	rm -f src/hexscan/_skim*.so
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "hexscan needs Python 3.11 or later: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "no virtual environment: on Debian, apt-get install python3-venv" >&2; exit 1; }

# What an earlier build has left would be loaded in place of one that fails.
$(INSTALLED): pyproject.toml setup.py $(wildcard csrc/*.[ch] csrc/*/*.[ch]) | $(BIN)/python
	@echo "setting up $(VENV)" >&2
	@rm -f src/hexscan/_skim*.so
	@$(PIP_INSTALL) --editable .
	@ls src/hexscan/_skim*.so >/dev/null 2>&1 || \
		echo "without the C extension, which needs a C compiler and the headers of Python" >&2
	@touch $@

$(DEVELOPED): pyproject.toml | $(INSTALLED)
	@echo "setting up the developers' tools in $(VENV)" >&2
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $@
