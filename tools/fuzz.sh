#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other, for the given time each.
set -euo pipefail
fuzztime=${1:-10s}
grep -rlE --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do
  package=$(dirname "$file")
  grep -oE '^func (Fuzz[A-Za-z0-9]+)' "$file" | awk '{print $2}' | while read -r target; do
    echo "== $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$fuzztime" -fuzzminimizetime 100x "$package"
  done
done
