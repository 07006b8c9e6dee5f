# make run        open QADesk (without a display: answer the sample question in the terminal)
# make test       check + all tests
# make test-fast  check + the tests of every part that are quick, in under 3 minutes on 2 cores: without those marked
#                 slow, tests/hostile, integration and installer, the scripts' (tests/unit/packaging and recipe) and
#                 the wizard's (tests/ui/test_fine_tune_wizard.py)
# make check      ruff, mypy, the import rules, no large files
# make cov        all tests but those of the installer, and which lines of qadesk/ they run, children not counted: in
#                 the terminal and in htmlcov/
# make installer  the Debian package and the archive for Linux, in dist/; make smoke tries what is in them,
#                 make reproducible builds it once more and compares
# make bench      measure into benchmarks/RESULTS.md (asserts nothing); with DATA=file.json on that SQuAD data set
# Each works from a bare clone: it makes .venv and installs what is pinned in constraints.txt. Tests run on all
# processors, four at most, the longest files first, as the last ones should be short; make test WORKERS=0 runs them one
# by one, in this process.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/.installed
WORKERS ?= logical
PYTEST := $(BIN)/pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder
NO_QT := -p no:pytest-qt
COVERAGE := --cov --cov-append --cov-report=

.PHONY: run test test-fast check cov format bench libraries installer smoke reproducible clean

run: $(INSTALLED)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(MAKE) --no-print-directory libraries; fi
	@$(BIN)/qadesk

test: check libraries
	$(PYTEST) $(NO_QT) tests/installer tests/integration tests/hostile tests/unit
	QT_QPA_PLATFORM=offscreen $(PYTEST) tests/ui

test-fast: check libraries
	$(PYTEST) $(NO_QT) -m "not slow" tests/unit --ignore tests/unit/packaging --ignore tests/unit/recipe
	QT_QPA_PLATFORM=offscreen $(PYTEST) -m "not slow" tests/ui --ignore tests/ui/test_fine_tune_wizard.py

check: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/large_files.py

cov: $(INSTALLED) libraries
	rm -rf build/coverage htmlcov
	$(PYTEST) $(NO_QT) $(COVERAGE)
	QT_QPA_PLATFORM=offscreen $(PYTEST) tests/ui $(COVERAGE)
	$(BIN)/coverage report
	$(BIN)/coverage html --quiet

format: $(INSTALLED)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(INSTALLED) libraries
	$(BIN)/python benchmarks/startup.py --write
	$(BIN)/python benchmarks/reader.py $(DATA) --write

installer: $(INSTALLED) libraries
	$(BIN)/python packaging/build.py all

smoke: $(INSTALLED) libraries
	$(BIN)/python packaging/build.py bundle --if-changed
	$(BIN)/python packaging/smoke.py dist/qadesk

reproducible: $(INSTALLED) libraries
	$(BIN)/python packaging/build.py bundle --if-changed
	$(BIN)/python packaging/build.py again
	$(BIN)/python packaging/compare.py dist/qadesk build/again/qadesk

libraries: $(INSTALLED)
	@$(BIN)/python packaging/qt_libraries.py

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "QADesk needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist htmlcov
