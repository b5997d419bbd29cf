# The two commands of this project are `make lab` and `make test`; each sets up what it needs, as all others do.
# PYTHON=… chooses a Python, LAB_ARGS=… goes to JupyterLab, TEST_ARGS=… to pytest, MUTANTS_ARGS=… to
# scripts/mutants.py.
PY := .venv/bin/python

.PHONY: help lab test checked edition quick fuzz mutants slides site lite hub bench compare record lock clean

help:
	@echo "make lab     set up, check the installation, and open the first notebook in JupyterLab"
	@echo "             (LAB_ARGS='--port 9999 --no-browser' goes to JupyterLab; Ctrl-C ends it)"
	@echo "make test    set up, check style and types, and run all tests"
	@echo "make quick   the same without live Pysa and the browser: after each change"
	@echo "make mutants plant small faults, and list those that no quick test notices (half an hour)"
	@echo "make fuzz    try 10,000 applications made wrong by chance (FUZZ_ARGS='--seed 2' gives others)"
	@echo "make slides  build the slides in build/slides, as HTML and PDF (needs Node.js)"
	@echo "make site    run all notebooks and write them as pages for reading in build/site"
	@echo "make lite    build the course as files that run in a browser, with nothing to install, in build/lite"
	@echo "make hub     start a class server: JupyterHub on the loopback (HUB_ARGS='--word lighthouse'; needs Node.js)"
	@echo "make bench   measure the speed of each step and of the widgets, and compare it with its bound"
	@echo "make compare run Bandit, Semgrep and Pysa as it comes on the examples, beside the kit"
	@echo "             (COMPARE_ARGS='--suite FOLDER --readme': the public suite too, and the table of the README)"
	@echo "make record  run Pysa and the exercises' attacks, and store what comes of it, for machines without them"
	@echo "make lock    choose the newest allowed versions of all packages again (needs uv)"
	@echo "make clean   remove what these commands have made in this folder"

lab:
	@sh scripts/setup.sh lab
	@$(PY) scripts/lab.py $(LAB_ARGS)

test:
	@sh scripts/setup.sh test
	@$(PY) scripts/chromium.py
	@$(PY) scripts/javascript.py
	@$(MAKE) --no-print-directory -j 2 checked edition
	$(PY) -m pytest -n logical --dist loadfile $(TEST_ARGS)

# Each of these two keeps one core busy.
checked:
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy

edition:
	@$(PY) scripts/lite.py

quick:
	@sh scripts/setup.sh test
	@$(PY) scripts/javascript.py
	@$(MAKE) --no-print-directory checked
	$(PY) -m pytest -n logical --dist loadfile -m "not live and not browser" $(TEST_ARGS)

mutants:
	@sh scripts/setup.sh mutants
	@$(PY) scripts/mutants.py $(MUTANTS_ARGS)

fuzz:
	@sh scripts/setup.sh test
	@$(PY) -m tools.fuzz $(FUZZ_ARGS)

slides:
	@sh scripts/setup.sh test
	@$(PY) scripts/chromium.py
	@$(PY) scripts/slides.py

site:
	@sh scripts/setup.sh lab
	@$(PY) scripts/publish.py

lite:
	@sh scripts/setup.sh lab
	@$(PY) scripts/lite.py

hub:
	@sh scripts/setup.sh hub
	@$(PY) scripts/hub.py $(HUB_ARGS)

bench:
	@sh scripts/setup.sh test
	@$(PY) scripts/chromium.py
	@$(PY) benchmarks/bench.py
	@$(PY) benchmarks/browser.py
	@$(PY) benchmarks/browser_edition.py

compare:
	@sh scripts/setup.sh test
	@$(PY) -m venv .cache/compare
	@.cache/compare/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-compare.lock
	@$(PY) benchmarks/compare.py $(COMPARE_ARGS)

record:
	@sh scripts/setup.sh test
	@$(PY) -m sls_lab record code-examples/apps/*/ code-examples/limits/*/
	@$(PY) tools/list_recordings.py
	@$(PY) -m tools.record_trials
	@$(PY) -m tools.record_flows
	@$(PY) -m tools.record_requests

lock:
	@sh scripts/lock.sh

clean:
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants build dist
