#!/bin/bash
# Moves the Go module to another path, in every file that names it.
set -euo pipefail
cd "$(dirname "$0")/.."

new=${1-}
if [[ ! $new =~ ^[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~-]+)+$ ]]; then
	echo "rename-module: give the new path, with a domain: make rename-module PATH=git.example.org/team/callboard" >&2
	exit 2
fi
old=$(sed -n 's/^module //p' go.mod)
if [[ $new == "$old" ]]; then
	echo "The module's path is $old already."
	exit 0
fi
files=$(git grep -lF "$old" -- . ':!*.sum')
OLD=$old NEW=$new perl -pi -e 's{\Q$ENV{OLD}\E(?=\.git\b|[^\w.~-]|$)}{$ENV{NEW}}g' $files
echo "The module's path is $new now, in $(wc -w <<<"$files") files; it was $old."
echo "Look at the change, run make lint test, and commit."
