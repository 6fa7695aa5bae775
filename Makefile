# Callboard. "make help" lists what there is.

SHELL := /bin/bash
BIN := bin/callboard
VERSION ?=
LDFLAGS := $(if $(VERSION),-X main.version=$(VERSION))
DEMO_ADDR ?= 127.0.0.1:8080
DEMO_DIR ?= data/demo
GO_SOURCES := $(shell find . -name '*.go' -not -path './clients/*') go.mod go.sum

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(BIN) ## Start the product with sample data; prints the address and how to sign in
	@$(BIN) serve --demo --data-dir $(DEMO_DIR) --http-addr $(DEMO_ADDR) --log-level warn

.PHONY: build
build: $(BIN) ## Build the binary

$(BIN): $(GO_SOURCES) $(shell find . -name '*.sql' -not -path './clients/*') $(shell find app account internal -type f)
	go build -ldflags '$(LDFLAGS)' -o $@ ./cmd/callboard

.PHONY: test
test: test-go test-bench test-js ## Run all tests

.PHONY: test-go
test-go: ## Run the Go tests
	go test ./...

.PHONY: test-bench
test-bench: ## Test the benchmark itself, which is a module of its own
	cd bench && go test ./...

.PHONY: test-js
test-js: $(BIN) ## Run the tests of the JavaScript client against the real server
	cd clients/js && npm ci --no-audit --no-fund --loglevel=error && CALLBOARD_BIN=$(CURDIR)/$(BIN) npm test

.PHONY: tour
tour: $(BIN) ## Show everything that follows from a change: curl writes, the official socket client listens
	@cd clients/js && { [ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error; }
	@CALLBOARD_BIN=$(CURDIR)/$(BIN) node clients/js/examples/tour.mjs

.PHONY: tour-jobs
tour-jobs: $(BIN) ## Show jobs of every kind at work: their events on the official socket client, and the log that tells the same
	@cd clients/js && { [ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error; }
	@CALLBOARD_BIN=$(CURDIR)/$(BIN) node clients/js/examples/jobs.mjs

.PHONY: test-race
test-race: ## Run the Go tests with the race detector, but for those of a binary of its own (needs a C compiler)
	go test -race -short -timeout 45m ./...

.PHONY: fuzz
fuzz: ## Fuzz each target for a short while; FUZZTIME=10m for longer
	./tools/fuzz.sh $(or $(FUZZTIME),10s)

.PHONY: lint
lint: ## Run the linters
	go vet ./... && cd bench && go vet ./...
	go tool -modfile=tools/go.mod golangci-lint run
	cd bench && go tool -modfile=../tools/go.mod golangci-lint run --config ../.golangci.yml

.PHONY: verify
verify: lint test-race test-js ## All that must hold before a change is merged

.PHONY: bench
bench: ## Measure Callboard beside other servers (15 minutes; QUICK=1: three; ONLY=create,jobs; BEFORE=older binary)
	cd bench && go run . $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY)) $(if $(BEFORE),--before $(abspath $(BEFORE)))

.PHONY: bench-go
bench-go: ## Run the Go benchmarks beside the code once, with allocations
	go test -run '^$$' -bench . -benchmem -benchtime 1s ./...

.PHONY: clean
clean: ## Delete what was built, and the data of the demo
	rm -rf bin $(DEMO_DIR) clients/js/dist clients/js/node_modules
