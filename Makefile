# make run    open QADesk (without a display: answer the sample question in the terminal)
# make test   check + all tests
# make check  ruff, mypy, the import rules
# make installer   the Debian package and the archive for Linux, in dist/; make smoke tries what is in them,
#                  make reproducible builds it once more and compares
# make bench  measure into benchmarks/RESULTS.md (asserts nothing); with DATA=file.json on that SQuAD data set
# Each works from a bare clone: it makes .venv and installs what is pinned in constraints.txt.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: run test check format bench libraries installer smoke reproducible clean

run: $(INSTALLED)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(MAKE) --no-print-directory libraries; fi
	@$(BIN)/qadesk

test: check libraries
	$(BIN)/pytest -p no:pytest-qt
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest tests/ui
	$(BIN)/pytest -p no:pytest-qt tests/installer

check: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

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
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
