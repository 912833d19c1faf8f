# Propis: `make run` sets everything up and starts it, `make test` runs every check.
SHELL := /bin/bash
PYTHON ?= python3.11
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export OPENBLAS_NUM_THREADS ?= 1
# Each process that starts would compile all modules again: some seconds of work, where it takes one else.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test setup lint unit chromium services browser replay parity fuzz faults soak bench browsers pythons accuracy accuracy-peers onnx paper s3 reader wasm device pretrained notebooks docs messages upgrade-state arm lock audit sbom licences dist clean

help: ## List what make can do
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

# Each stamp holds the SHA-256 of the lock that was installed, so that a change of it installs again.
.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: $(PYTHON) was not found. Set PYTHON=… to its path." >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/run.txt | .venv/bin/python
	@echo "Installing packages"
	@$(PIP) install -qq --no-compile --require-hashes -r requirements/run.txt && touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "Installing the packages of the checks"
	@$(PIP) install -qq --no-compile --require-hashes -r requirements/dev.txt && touch $@

run: .venv/run.stamp ## Set up and start the product (page, admin, worker) at http://127.0.0.1:8000/; LAN=1 for phones nearby
	@exec $(BIN)/python manage.py start $(if $(filter-out 0,$(LAN)),--lan)

setup: .venv/dev.stamp ## Make .venv/ with everything that development needs
	@$(BIN)/python manage.py setup
	@echo "Ready: make run, make lint unit, or one file of tests: .venv/bin/pytest tests/test_docs.py"

test: chromium ## Set up and run every check; several at once, and at the end what took longest
	@$(BIN)/python -m tests.stages

lint: .venv/dev.stamp ## Style, types, import rules, what is unsafe, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r accounts copybook hwrsite keeping recognizer training manage.py
	$(BIN)/vermin --quiet --no-tips --violations -t=3.9- recognizer/core recognizer/__main__.py recognizer/exports/errors.py recognizer/exports/onnx_file training/devices/agent.py training/devices/measurement training/devices/remote training/devices/benchmarks/environment.py training/devices/sheet
	PROPIS_VAR=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run

unit: .venv/dev.stamp ## Tests that need nothing but Python
	$(BIN)/pytest -n 2 -m "not services and not browser and not faults"

chromium: .venv/dev.stamp
	@test -n "$$PROPIS_CHROMIUM" || command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null \
		|| command -v chromium-browser >/dev/null \
		|| $(BIN)/playwright install chromium

services: chromium ## The same code on PostgreSQL and Redis
	$(BIN)/pytest -m services

browser: chromium ## The pages in a real Chromium
	$(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder -m browser tests/browser

replay: chromium ## Draw 330 real letters all over the page's sheet and compare with evaluate (DATA=folder of both archives)
	$(BIN)/python -m benchmarks.browser.replay --data "$(or $(DATA),../shared/data)" $(ARGS)

parity: chromium ## Compare 2,000 real drawings, read in the browser and in Python (DATA=folder of both archives)
	PROPIS_PARITY_DRAWINGS=2000 $(if $(DATA),PROPIS_DATA="$(DATA)") $(BIN)/pytest -s tests/browser/test_network_twin.py \
		-k real_drawings --timeout 900 -o processor_seconds=900

fuzz: .venv/dev.stamp ## Send the API what its description allows and what it does not: EXAMPLES=1000 of each operation, an hour
	PROPIS_FUZZ_EXAMPLES=$(or $(EXAMPLES),1000) $(BIN)/pytest tests/api/test_fuzz.py

faults: .venv/dev.stamp ## Processes killed at the worst instants
	$(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder -m faults

soak: .venv/dev.stamp ## 200 kills during a sweep of 40 runs, on both stacks; the report goes to docs/figures/
	$(BIN)/python -m tests.faults.soak --save

browsers: chromium ## The draw page in Chromium, Firefox ESR and WebKitGTK (needs firefox-esr, webkit2gtk-driver and xvfb)
	@$(BIN)/python -m benchmarks.engines $(ARGS)

pythons: ## What needs numpy alone on other Pythons: make pythons ARGS="python3.9 python3.13"
	@$(BIN)/python -m tests.pythons $(ARGS)

arm: .venv/run.stamp ## The devices' agent in Debian's Python for ARM, emulated (needs qemu-user; fetches 23 MB of Debian's packages)
	@$(BIN)/python -m benchmarks arm $(ARGS)

bench: chromium ## Measure speed against peers; tables and JSON
	@$(BIN)/python -m benchmarks

accuracy: .venv/run.stamp ## Train the presets on DATA=folder of both archives; a table. More options: ARGS="--ablate"
	@$(BIN)/python -m benchmarks.accuracy --data "$(DATA)" $(ARGS)

accuracy-peers: .venv/run.stamp ## Train other readers and ours on DATA=folder of both archives for 10 epochs; it takes hours
	@$(BIN)/python -m benchmarks.accuracy.peers --data "$(DATA)" $(ARGS)

onnx: .venv/run.stamp ## Install what --format onnx and --backend onnxruntime need
	@$(PIP) install -qq --no-compile --require-hashes -r requirements/onnx.txt

paper: .venv/run.stamp ## Install what reading pages of paper and printing collection sheets need
	@$(PIP) install -qq --no-compile --require-hashes -r requirements/paper.txt

s3: .venv/run.stamp ## Install what files in an S3-compatible store need: docs/many-machines.md
	@$(PIP) install -qq --no-compile --require-hashes -r requirements/s3.txt

reader: .venv/dev.stamp ## Build the wheel propis-reader, which needs numpy alone, in dist/ (MODEL=standard)
	@$(BIN)/python -m recognizer.exports.wheel $(if $(MODEL),--model "$(MODEL)")

var/ziglang.stamp: recognizer/exports/kernel/packages.txt | .venv/bin/python
	@echo "Installing the compiler: once, 99 MB"
	@mkdir -p var && $(PIP) install -qq --upgrade --target var/ziglang -r $< && touch $@

wasm: var/ziglang.stamp ## Compile the kernel of browsers, static/wasm/kernel.wasm; ARGS=--check only compares
	@$(BIN)/python -m recognizer.exports.kernel $(ARGS)

device: .venv/run.stamp ## Time the shipped model on this machine
	@for precision in fp32 fp16 fp16-native; do $(BIN)/python manage.py benchmark --precision $$precision || exit; done

pretrained: export PROPIS_VAR := $(CURDIR)/var/pretrained
pretrained: .venv/run.stamp ## Train the shipped models again: DATA=folder of cmnist.zip and comnist-cyrillic.zip
	@test -f "$(DATA)/cmnist.zip" || { echo "Say where the archives are: make pretrained DATA=folder" >&2; exit 1; }
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py import_dataset "$(DATA)/cmnist.zip" --name cmnist --yes
	$(BIN)/python manage.py import_dataset "$(DATA)/comnist-cyrillic.zip" --name comnist --yes
	$(BIN)/python manage.py make_dataset synthetic --name synthetic --per-letter 1000 --seed 7
	set -e; for name in tiny small medium standard best; do \
		made="--dataset synthetic"; test $$name != small || made=; \
		how="--preset $$name"; test $$name != medium || how="--preset standard --set hidden_layers=192,96 --epochs 45"; \
		$(BIN)/python manage.py train --dataset cmnist --dataset comnist $$made $$how --name $$name; \
		$(BIN)/python manage.py compress $$name --precision fp16; \
		$(BIN)/python manage.py export_model "$$name fp16" --whole-card --output recognizer/pretrained/$$name.npz --force; \
	done

docs: .venv/dev.stamp ## Build the pages of docs/ as a site in dist/docs/ and check every link; LINKS=0 asks none outside
	@$(PIP) install -qq --no-compile --require-hashes -r requirements/docs.txt
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --builder dirhtml docs dist/docs
	$(if $(filter 0,$(LINKS)),,@$(BIN)/sphinx-build --quiet --builder linkcheck docs dist/links)
	@echo "dist/docs/index.html"

notebooks: .venv/run.stamp ## Make .ipynb of the exercises in notebooks/
	@$(PIP) install -qq --no-compile --require-hashes -r requirements/notebooks.txt
	@$(BIN)/jupytext --quiet --to ipynb $$(grep -l '^# %%' notebooks/*.py notebooks/*/*.py)

upgrade-state: .venv/dev.stamp ## Keep a state folder of the version AT=tag or commit, which the tests of the upgrade open
	@test -n "$(AT)" || { echo "Say of which version: make upgrade-state AT=tag" >&2; exit 1; }
	@set -e; made=$$(mktemp -d); git worktree add --quiet --detach "$$made/code" "$(AT)"; cd "$$made/code"; \
	PROPIS_VAR="$$made/var" "$(CURDIR)/$(BIN)/python" manage.py shell --no-imports \
		--command "$$(cat "$(CURDIR)/tests/hwrsite/earlier/make_state.py")"; \
	cd "$(CURDIR)"; mv "$$made/var/state.zip" "tests/hwrsite/earlier/$(AT).zip"; git worktree remove --force "$$made/code"; rm -r "$$made"

messages: .venv/dev.stamp ## Collect the texts to translate (needs gettext)
	$(BIN)/python manage.py collect_messages

lock: .venv/bin/python ## Lock the newest versions that requirements/*.in allow
	$(PIP) install --quiet pip-tools
	for name in run onnx paper s3 notebooks load dev docs; do $(BIN)/pip-compile --quiet --upgrade --allow-unsafe --generate-hashes --strip-extras \
		--no-emit-index-url --no-emit-find-links --no-emit-options --no-header -o requirements/$$name.txt requirements/$$name.in; done

audit: .venv/dev.stamp ## Compare the locked packages with the known vulnerabilities (asks PyPI, or ARGS="-s osv", or reads ARGS="--list insecure.json")
	@$(BIN)/python -m hwrsite.distribution.audit $(ARGS)

sbom: .venv/dev.stamp ## Write what the product is made of into dist/, as CycloneDX
	@mkdir -p dist
	@for name in run onnx paper s3; do PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements requirements/$$name.txt --pyproject pyproject.toml \
		--output-reproducible --of JSON -o dist/propis-$$name.cdx.json && echo "dist/propis-$$name.cdx.json" || exit; done

licences: .venv/dev.stamp ## Write the licence notices of all that ships into dist/LICENCES.txt
	@$(BIN)/python -m hwrsite.distribution --licences

dist: .venv/dev.stamp ## Build a wheel and a source archive of what is committed in dist/: pip install it, then propis start
	@$(BIN)/python -m hwrsite.distribution

clean: ## Remove the virtual environment and caches (var/ stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
