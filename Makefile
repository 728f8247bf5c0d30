# SPDX-License-Identifier: Apache-2.0
# Forwards to Meson and to the scripts in tools/.

JOBS ?= $(shell nproc)

all: deps build/build.ninja
	@ninja -C build -j $(JOBS)

build/build.ninja:
	meson setup build -Dtests=false

# Who uses the program needs no tests; whoever asks for them has them built from then on.
build/with-tests: | build/build.ninja
	@meson configure build -Dtests=true
	@touch $@

deps:
	@tools/bootstrap build

# With the library of DuckDB 2, which reads files that DuckDB 2 writes by default: docs/install.md. Needs mvn once.
duckdb2: deps build/build.ninja
	@dir=$$(tools/get-duckdb --2) && meson configure build -Dduckdb_dir=$$dir
	@ninja -C build -j $(JOBS)

demo: all
	@tools/demo

# For the work in between: builds what changed, unit, property and golden tests with fewer rounds, and the layers.
quick: deps-test build/with-tests
	@tools/run-tests layers quick

# Every suite with gcc, those of numbers with clang, with fewer rounds under sanitizers (ThreadSanitizer where there are threads); the fuzz
# targets for a moment, the layers and the format.
test: deps-test build/with-tests all
	@tools/run-tests

deps-test:
	@tools/bootstrap test

clang: deps-test
	@tools/run-tests clang

# With the scripts that make test does not run under a sanitizer.
sanitize: deps-test
	@tools/run-tests sanitize scripts

# The fuzz targets for a long time, seconds each.
FUZZ_SECONDS ?= 600
fuzz: deps-test
	@tools/fuzz --seconds $(FUZZ_SECONDS)

# Tests whose counts are reduced in make test, in full; soak_test.py asks a server for everything for so many seconds.
PIXITY_SOAK ?= 3600
soak: deps-test build/with-tests all
	@PIXITY_SOAK=$(PIXITY_SOAK) meson test -C build --no-rebuild --print-errorlogs \
		account_test.py folder_splits_test.py kill_test.py test_audit_proofs route_fuzz_test.py soak_test.py

# Speed beside plain loops in C; with the peers, and written into docs/performance.md. BENCH takes options of bench/run.
bench: deps-test build/with-tests all
	@bench/run $(BENCH)

PEERS_PYTHON ?= python3
bench-peers: deps-test build/with-tests all
	@tools/get-peers $(PEERS_PYTHON)
	@bench/run --peers $(BENCH)

bench-docs: deps-test build/with-tests all
	@tools/get-peers $(PEERS_PYTHON)
	@bench/run --peers --write-docs $(BENCH)

# Changes one place of the library at a time, in a copy, and asks whether a test tells. MUTATE takes options of tools/mutate.
mutate: deps-test
	@tools/mutate $(MUTATE)

check: deps-test
	@tools/run-tests layers format headers page

format: deps-test
	@tools/format

install: all
	meson install -C build --no-rebuild

clean:
	rm -rf build build-clang build-asan build-tsan build-fuzz build-mutate

# One after the other: packages before the build, the build before what uses it.
.NOTPARALLEL:
.PHONY: all duckdb2 deps deps-test demo quick test clang sanitize fuzz soak bench bench-peers bench-docs mutate check format install clean
