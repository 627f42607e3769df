# Every target first creates the virtual environment in .venv, or updates it if the pins have changed.
PYTHON ?= python3
BIN := .venv/bin
export DVC_NO_ANALYTICS := 1
export OMP_NUM_THREADS ?= 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: product without-git test bench lint format real-towers study coverage wrong-inputs kill-test release audit wheels container-test architecture clean help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

# pip builds the package in an isolated environment, which --constraint does not reach. Old versions of pip
# read the first variable there, new versions the second.
.venv/installed bench build/wheels/complete: export PIP_CONSTRAINT := constraints.txt
.venv/installed bench build/wheels/complete: export PIP_BUILD_CONSTRAINT := constraints.txt

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test,lint,grib,parquet]'
	touch $@

# DVC expects git. Where there is none, as in a tree that was unpacked from an archive, it has to be told.
without-git: .venv/installed ## let DVC run in a tree without .git, such as an unpacked archive
	@test -e .git || dvc config --quiet --local core.no_scm true

product: .venv/installed without-git ## make the product and its evaluation from the raw files
	fluxprod doctor
	dvc repro report regional_history

test: .venv/installed ## run the tests
	$(BIN)/python -m pytest -n 2 --dist loadscope

bench: .venv/installed ## measure speed and memory, compared with straightforward code
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m pytest benchmarks --benchmark-columns=min,mean

lint: .venv/installed ## check style, types and docstrings
	ruff check .
	ruff format --check .
	mypy
	numpydoc lint $$(find fluxprod -name "*.py")
	hadolint Dockerfile

format: .venv/installed ## reformat the code and apply automatic fixes
	ruff check --fix .
	ruff format .

# OpenBLAS and torch choose their kernels by the processor, and these round differently: this choice is one that all
# x86-64 processors with AVX2 have in common.
real-towers: export OPENBLAS_CORETYPE := Haswell
real-towers: export ATEN_CPU_CAPABILITY := avx2
real-towers: .venv/installed ## train EC on real towers (TOWERS=FILE.csv of months, and if there are DAILY=FOLDER of days)
	@test -n "$(TOWERS)" || { echo "usage: make real-towers TOWERS=FILE.csv [DAILY=FOLDER]" >&2; exit 2; }
	$(BIN)/python -m fluxprod.experiments.real_towers --towers "$(TOWERS)" --daily "$(DAILY)" --out data/evaluation/real_towers

study: .venv/installed ## compare models on synthetic Earths with new seeds (takes hours; resumes where it stopped)
	$(BIN)/python -m fluxprod.experiments.study --study params.yaml --out data/study --doc docs/study.md

coverage: .venv/installed ## calibrate the spread on some synthetic Earths and test it on others (takes an hour; resumes where it stopped)
	$(BIN)/python -m fluxprod.experiments.coverage --out data/study --doc docs/coverage.md

wrong-inputs: .venv/installed ## try wrong edits of raw files, and list what notices each of them (takes an hour)
	$(BIN)/python -m fluxprod.experiments.wrong_inputs.run --out data/study/wrong_inputs --doc docs/wrong-inputs.md

kill-test: .venv/installed ## kill every stage of a tiny run three times and compare the results with an undisturbed run (takes a quarter of an hour)
	$(BIN)/python -m tests.kills --doc docs/operations.md

release: .venv/installed ## raise the version, make and check the product, commit and tag, but do not publish (VERSION=X.Y.Z [DATE=YYYY-MM-DD])
	@test -n "$(VERSION)" || { echo "usage: make release VERSION=X.Y.Z [DATE=YYYY-MM-DD]" >&2; exit 2; }
	$(BIN)/fluxprod release prepare "$(VERSION)" $(if $(DATE),--date "$(DATE)") $(if $(CONTAINER),--container-digest "$(CONTAINER)")

architecture: .venv/installed ## draw docs/architecture.svg from the imports of the package
	$(BIN)/python docs/draw_architecture.py

audit: .venv/installed ## look up every pinned package in the Python advisory database (needs the network)
	$(BIN)/pip install --quiet --constraint constraints.txt pip-audit==2.10.1
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict

# The wheel of fluxprod itself is removed: with it, the dependency layer of the image would change with every edit.
build/wheels/complete: .venv/installed
	$(BIN)/pip wheel --quiet --constraint constraints.txt --wheel-dir build/wheels --find-links build/wheels \
		setuptools '.[test,lint,grib,parquet]'
	rm build/wheels/fluxprod-*.whl
	touch $@

wheels: build/wheels/complete ## download or build wheels of all dependencies, for building the image without a registry

container-test: .venv/installed ## build and test the image, in a private Docker engine if none is running ([CHECKS='not whole'])
	$(BIN)/python -m pytest container -v -s -o faulthandler_timeout=0 $(if $(CHECKS),-m "$(CHECKS)")

clean: ## remove the outputs of the stages (keeps raw files that you downloaded)
	rm -rf data/interim data/product data/evaluation data/raw/synthetic data/truth/synthetic
