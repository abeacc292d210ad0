# The front door. `make help` lists what there is; continuous integration calls the same targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

HOLDFAST := .build/debug/holdfast
SWIFT_FILES := Package.swift Sources Tests
DATA ?= ./holdfast-data
# Seeds the end-to-end tests that choose moments at random; printed with each run, set it to repeat one.
ifndef SEED
SEED := $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
endif

.PHONY: help
help: ## Lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: demo
demo: ## Installs what is needed, builds, and runs the main job: back up and restore a tree and a disk image
	@scripts/install-deps.sh build
	@$(MAKE) --no-print-directory build
	@HOLDFAST_BINARY=$(HOLDFAST) scripts/demo.sh

# Suites that run with either catalog. Those of the catalog itself always take both.
ON_BOTH_CATALOGS := "^(CBRServerTests|ControlPlaneTests|IdentityTests|JobsTests)\."
.PHONY: test
test: ## Installs what is needed, builds, and runs every test
	@scripts/install-deps.sh test
	swift build --build-tests
	swift test --skip-build --disable-xctest
	@echo "the rules once more, with the catalog in PostgreSQL"
	HOLDFAST_TEST_CATALOG=postgres swift test --skip-build --disable-xctest --filter $(ON_BOTH_CATALOGS)
	@echo "end-to-end seed: $(SEED)"
	HOLDFAST_BINARY=$(HOLDFAST) HOLDFAST_SEED=$(SEED) .venv/bin/python -m pytest -q Tests/EndToEnd

# Where the fuzzer keeps the inputs that led it on, and how long it looks.
FUZZ_SECONDS ?= 600
FUZZ := .build-fuzz/debug/Fuzz
.PHONY: fuzz
fuzz: ## Lets libFuzzer look for bytes that the decoders stumble over, for FUZZ_SECONDS, under the address sanitizer
	@scripts/install-deps.sh build
	HOLDFAST_FUZZ=1 swift build --product Fuzz --scratch-path .build-fuzz -Xswiftc -sanitize=fuzzer,address
	@mkdir -p .build-fuzz/corpus
	HOLDFAST_CORPUS=.build-fuzz/corpus $(FUZZ)
	$(FUZZ) .build-fuzz/corpus -max_total_time=$(FUZZ_SECONDS) -malloc_limit_mb=64 -rss_limit_mb=4096 \
		-artifact_prefix=.build-fuzz/ -print_final_stats=1

# How many simulated histories a night runs, and from which seed on: another every night.
HISTORIES ?= 10000
FIRST_SEED ?= $(shell expr $$(date +%s) / 86400 \* 20000)
KILLS ?= 1000
.PHONY: nightly
nightly: ## Runs what takes longer: 10,000 simulated histories (HISTORIES, FIRST_SEED), every byte flipped, 1,000 kills
	@scripts/install-deps.sh test
	swift build --build-tests
	@echo "histories: $(HISTORIES) from seed $(FIRST_SEED); end-to-end seed: $(SEED)"
	HOLDFAST_HISTORIES=$(HISTORIES) HOLDFAST_MODEL_RUNS=2000 HOLDFAST_EFFORT=10 HOLDFAST_FIRST_SEED=$(FIRST_SEED) \
		swift test --skip-build --disable-xctest --filter RepositoryTests
	HOLDFAST_BINARY=$(HOLDFAST) HOLDFAST_SEED=$(SEED) HOLDFAST_KILLS=$(KILLS) \
		.venv/bin/python -m pytest -q -s Tests/EndToEnd/test_kill_engine.py

.PHONY: build
build: ## Builds the executable for development, with the data plane optimised
	@scripts/install-deps.sh build
	swift build --product holdfast

.PHONY: release
release: ## Builds the executable for use: .build/release/holdfast
	@scripts/install-deps.sh build
	swift build -c release --product holdfast

.PHONY: run
run: build ## Starts the server on 127.0.0.1:8776 with its data in $(DATA), and stays
	$(HOLDFAST) serve --data $(DATA)

.PHONY: fmt
fmt: ## Formats the Swift sources
	swift format -i -r -p $(SWIFT_FILES)

.PHONY: check
check: ## Checks format and shell scripts; the tidy tests of `make test` check the rest
	swift format lint --strict -r -p $(SWIFT_FILES)
	@for script in scripts/*.sh .ci/run; do bash -n "$$script"; done

.PHONY: bench
bench: ## Compares with restic and borg in one run, and loads the server; writes docs/benchmarks.md, load.md and lists.md
	@scripts/install-deps.sh bench
	@$(MAKE) --no-print-directory release
	.venv/bin/python Benchmarks/compare.py --holdfast .build/release/holdfast
	@$(MAKE) --no-print-directory bench-load
	@$(MAKE) --no-print-directory bench-lists

# How long memory is watched under load.
LOAD_MINUTES ?= 10
.PHONY: bench-load
bench-load: ## Loads the server at 64 connections, and writes docs/load.md; LOAD_MINUTES=1 watches memory for one minute only
	@scripts/install-deps.sh bench
	@$(MAKE) --no-print-directory release
	.venv/bin/python Benchmarks/load.py --holdfast .build/release/holdfast --minutes $(LOAD_MINUTES) --output docs/load.md

.PHONY: bench-lists
bench-lists: ## Asks for lists of 1,000 vaults, 100,000 backups and 1,000,000 operation logs; writes docs/lists.md
	@scripts/install-deps.sh bench
	@$(MAKE) --no-print-directory release
	.venv/bin/python Benchmarks/lists.py --holdfast .build/release/holdfast --output docs/lists.md
