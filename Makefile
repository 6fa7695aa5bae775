# Callboard. "make help" lists what there is.

SHELL := /bin/bash
BIN := bin/callboard
VERSION ?= $(shell tools/version.sh)
DEMO_ADDR ?= 127.0.0.1:8080
DEMO_DIR ?= data/demo
# The linters' cache holds absolute paths: shared between two clones, it answers with the other one's.
LINT_CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/golangci-lint-$(firstword $(shell echo $(CURDIR) | cksum))
LINTER := bin/golangci-lint
# What is built doesn't depend on the folder: what one clone has compiled, another one has in Go's cache.
export GOFLAGS += -trimpath
# Vet runs with the linters. Thirty test binaries without what a debugger reads are linked in two thirds of the time.
GO_TEST := go test -vet=off -ldflags=-w -timeout 20m
# With AGAIN=yes what failed is run once more, and then decides: a machine that others use stands still for seconds, which is no
# fault of what is tested. What passed is not run again: Go keeps that.
AGAIN ?=
again = $(1)$(if $(AGAIN), || { echo "== once more: $(2)"; $(1); })
NODE_MODULES := clients/js/node_modules/.package-lock.json
EXPRESS_MODULES := examples/express/node_modules/.package-lock.json
DOCUMENT_MODULES := tools/documents/node_modules/.package-lock.json
GO_SOURCES := $(shell find . -name '*.go' -not -path '*/node_modules/*') go.mod go.sum
CLIENT := clients/js/dist/esm/index.js
BOARD := web/dist/board/index.html
BOARD_MODULES := web/node_modules/.package-lock.json

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(BIN) ## Start the product with sample data; prints the address and how to sign in (LIFE=no: nobody else works)
	@$(BIN) serve --demo $(if $(filter no,$(LIFE)),--no-demo-life) --data-dir $(DEMO_DIR) --http-addr $(DEMO_ADDR) --log-level warn

.PHONY: build
build: $(BIN) ## Build the binary

# Without Node the binary has no board, and says so at its root.
$(BIN): $(GO_SOURCES) $(shell find . -name '*.sql' -not -path '*/node_modules/*') $(shell find app account internal web/plain -type f) $(if $(shell command -v node),$(BOARD))
	go build -ldflags '-X main.version=$(VERSION)' -o $@ ./cmd/callboard

.PHONY: dist
dist: $(BOARD) ## Make what is released, in dist: archives for all systems, Debian packages, SBOM, checksums (VERSION=0.2.0; ONLY=linux_amd64 for that alone)
	go build -C tools/dist -o $(CURDIR)/bin/dist .
	bin/dist -version '$(VERSION)' $(if $(ONLY),-only '$(ONLY)')

# Those of Go wait for servers more than they compute, so the others go beside them: that takes two thirds of the time.
.PHONY: test
test: $(BIN) $(EXPRESS_MODULES) $(DOCUMENT_MODULES) ## Run all tests, those of faults in their short form
	$(MAKE) --no-print-directory -j2 --output-sync=line test-go test-beside

# One after the other: two of them build the JavaScript client. None uses PostgreSQL, whose connections those of Go need.
.PHONY: test-beside
test-beside: $(BIN)
	$(MAKE) test-bench
	$(MAKE) test-js
	$(MAKE) test-web
	$(MAKE) test-browser
	$(MAKE) test-documents

.PHONY: test-go
test-go: export CALLBOARD_BIN = $(CURDIR)/$(BIN)
test-go: $(BIN) $(EXPRESS_MODULES) ## Run the Go tests, those of the examples on Express, in Python and in Go among them
	$(call again,$(GO_TEST) -p 1 ./systemtest/...,systemtest) # apart: beside app, or the examples, it takes more than the 100 connections of PostgreSQL
	$(MAKE) test-examples
	$(call again,$(GO_TEST) $$(go list ./... | grep -v /systemtest),Go)

.PHONY: test-bench
test-bench: ## Test the benchmark itself, which is a module of its own
	cd bench && $(call again,$(GO_TEST) ./...,bench)

.PHONY: test-examples
test-examples: ## Test the example in Go, which is a module of its own
	cd examples/go && $(call again,$(GO_TEST) ./...,examples)

.PHONY: test-js
test-js: $(BIN) $(NODE_MODULES) ## Run the tests of the JavaScript client against the real server
	cd clients/js && export CALLBOARD_BIN=$(CURDIR)/$(BIN) && $(call again,npm test,the JavaScript client)

$(NODE_MODULES): clients/js/package-lock.json
	cd clients/js && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(CLIENT): $(NODE_MODULES) $(wildcard clients/js/src/*.ts)
	cd clients/js && npm run --silent build

.PHONY: web
web: $(BOARD) ## Build the board, which the binary embeds

# By the client's sources, not by what is built of them: its own tests pack it, which builds it anew, and a board made again beside
# other tests takes from them what they embed.
$(BOARD): $(BOARD_MODULES) $(wildcard clients/js/src/*.ts) web/index.html web/theme.js web/vite.config.ts $(shell find web/src web/public web/scripts -type f) | $(CLIENT)
	cd web && npm run --silent build
	@touch $@

$(BOARD_MODULES): web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: test-web
test-web: $(BIN) ## Test the board: Vitest, and the budget of the first load
	cd web && npm test
	cd web && npm run size

.PHONY: test-browser
test-browser: $(BIN) ## Test the board in Chromium, where it is installed, against the real server, and look for what axe finds
	cd web && CALLBOARD_BIN=$(CURDIR)/$(BIN) npm run e2e

.PHONY: lint-web
lint-web: $(BOARD_MODULES) $(CLIENT)
	cd web && npm run lint

.PHONY: test-documents
test-documents: $(BIN) $(DOCUMENT_MODULES) ## Test the OpenAPI and AsyncAPI documents with Redocly, the AsyncAPI parser and generators of clients
	cd tools/documents && export CALLBOARD_BIN=$(CURDIR)/$(BIN) && $(call again,npm test,documents)

$(DOCUMENT_MODULES): tools/documents/package-lock.json
	cd tools/documents && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The example has the client as an application has it: packed and installed.
$(EXPRESS_MODULES): examples/express/package-lock.json $(NODE_MODULES) $(wildcard clients/js/src/*.ts)
	cd clients/js && npm run --silent build
	cd examples/express && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: systemtest
systemtest: $(BIN) ## Run the tests of faults in their long form
	CALLBOARD_SYSTEMTEST=long CALLBOARD_BIN=$(CURDIR)/$(BIN) go test -count=1 -timeout 20m ./systemtest

.PHONY: faults
faults: $(BIN) ## Break one thing after another under load, and count what is lost, doubled or late (ONLY=kill BACKEND=postgres+redis SEED=7 ROUNDS=100; OUT=a file for the table)
	CALLBOARD_BIN=$(CURDIR)/$(BIN) go test -count=1 -timeout 0 -v -run TestFaults ./systemtest/faults -long $(if $(ONLY),-only '$(ONLY)') \
		$(if $(BACKEND),-backend '$(BACKEND)') $(if $(SEED),-seed '$(SEED)') $(if $(ROUNDS),-rounds '$(ROUNDS)') $(if $(OUT),-out '$(abspath $(OUT))')

.PHONY: tour
tour: $(BIN) $(NODE_MODULES) ## Show everything that follows from a change: curl writes, the official socket client listens
	@CALLBOARD_BIN=$(CURDIR)/$(BIN) node clients/js/examples/tour.mjs

.PHONY: tour-services
tour-services: $(BIN) $(NODE_MODULES) ## Show the four services with the JavaScript client
	@cd clients/js && npm run --silent build && CALLBOARD_BIN=$(CURDIR)/$(BIN) node examples/services.mjs

.PHONY: tour-jobs
tour-jobs: $(BIN) $(NODE_MODULES) ## Show jobs of every kind at work: their events on the official socket client, and the log that tells the same
	@CALLBOARD_BIN=$(CURDIR)/$(BIN) node clients/js/examples/jobs.mjs

# What the race detector has nothing to find in is left out: servers that are another process, tests that are long because of
# their data (-short), and packages without goroutines.
.PHONY: test-race
test-race: ## Run the Go tests with the race detector (needs a C compiler)
	go test -race -short -timeout 20m $$(go list ./... | grep -vE '/(systemtest|systemtest/faults|show|cmd/callboard|app/importer|examples|internal/(deptest|sheet|thumbnail))$$')

.PHONY: docs
docs: ## Write what is made from the code into docs/
	UPDATE_DOCS=1 go test -count=1 -run 'TestSettingsTable|TestDoctorTable|TestMetricsTable|TestEventsTable' ./cmd/callboard

.PHONY: upgrade-fixture
upgrade-fixture: ## Keep a small database of this version, which TestUpgrade brings up to date from then on: VERSION=0.2.0 (needs pg_dump)
	MAKE_UPGRADE=$(if $(filter command environment,$(origin VERSION)),$(VERSION),$(error give VERSION=0.2.0)) CALLBOARD_TEST_REQUIRE=postgres go test -count=1 -run TestMakeUpgrade ./app

.PHONY: fuzz
fuzz: ## Fuzz each target for a short while; FUZZTIME=10m for longer
	./tools/fuzz.sh $(or $(FUZZTIME),10s)

.PHONY: lint
lint: lint-web lint-go audit ## Run the linters, go vet and gofmt among them, and the audit

.PHONY: audit
audit: ## Look for known vulnerabilities, and for licences that the product cannot be given away with
	tools/audit.sh

.PHONY: lint-go
lint-go: $(LINTER)
	GOWORK=$(CURDIR)/tools/lint.work GOLANGCI_LINT_CACHE=$(LINT_CACHE) $(LINTER) run ./... ./bench/... ./examples/go/...

# Apart: what makes packages has more dependencies than all the rest, which a linter reads for minutes.
.PHONY: lint-dist
lint-dist: $(LINTER)
	GOWORK=$(CURDIR)/tools/lint.work GOLANGCI_LINT_CACHE=$(LINT_CACHE) $(LINTER) run ./tools/dist/...

$(LINTER): tools/go.mod tools/go.sum
	go build -modfile=tools/go.mod -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

.PHONY: verify
verify: lint lint-dist test test-race systemtest ## All that must hold before a change is merged

.PHONY: bench
bench: ## Measure Callboard beside other servers (15 minutes; QUICK=1: three; ONLY=create,jobs; BEFORE=older binary)
	cd bench && go run . $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY)) $(if $(BEFORE),--before $(abspath $(BEFORE)))

.PHONY: bench-go
bench-go: ## Run the Go benchmarks beside the code once, with allocations
	go test -run '^$$' -bench . -benchmem -benchtime 1s ./...

# PATH is what the shell finds programs by, too: the recipe names its own.
.PHONY: rename-module
rename-module: ## Move the Go module to another path: PATH=git.example.org/team/callboard
	@PATH=/usr/local/bin:/usr/bin:/bin ./tools/rename-module.sh '$(PATH)'

.PHONY: clean
clean: ## Delete what was built, and the data of the demo
	rm -rf bin dist $(DEMO_DIR) clients/js/dist clients/js/node_modules web/dist/board web/node_modules tools/documents/node_modules examples/express/node_modules
