#!/bin/sh
# Prints the version of what is checked out: the tag of a release, or the release before with the number of commits since, as 0.1.0+5.g4add61a.
# Without a tag it is what app/config.go says and the commit; where git cannot tell, nothing.
cd "$(dirname "$0")/.." || exit
if described=$(git describe --tags --match 'v[0-9]*' --dirty=.dirty 2>/dev/null); then
    echo "$described" | sed -E 's/^v//; s/-([0-9]+)-(g[0-9a-f]+)/+\1.\2/; t; s/\.dirty$/+dirty/'
elif commit=$(git describe --always --exclude '*' --dirty=.dirty 2>/dev/null); then
    echo "$(sed -n 's/^const Release = "\(.*\)"/\1/p' app/config.go)+g$commit"
fi
