// Package deptest holds the import arrows of the project: which package may import which. Its test fails, with the
// reason, when one is broken.
package deptest

import (
	"fmt"
	"slices"
	"strings"
)

// Rooms of the house, by their path within the module.
var (
	// foundations are what services and domain packages may build on.
	foundations = []string{"", "sqldb", "outbox", "internal/httpapi", "internal/keylock", "internal/sheet", "internal/thumbnail", "internal/sqltext", "internal/rights", "internal/ttlcache"}
	// tools know of nothing but the vocabulary.
	tools = []string{"internal/keylock", "internal/sheet", "internal/thumbnail", "internal/sqltext", "internal/rights", "internal/ttlcache"}
	// siblings meet through events, or through interfaces that app fills: none of them imports another.
	siblings = []string{"account", "activity", "notification", "presence", "realtime", "show", "episode", "file", "job", "savedview"}
)

// Broken returns why the package at path from may not import the one at path to, both within the module, or "".
func Broken(from, to string) string {
	from, to = room(from), room(to)
	switch {
	case from == to:
		return ""
	case from == "":
		return "the root package is the vocabulary: it imports nothing of the project"
	case strings.HasPrefix(from, "cmd/"):
		return unless(to != "internal/httpapi" && !strings.HasPrefix(to, "internal/"), "commands call app and the parts, not what is inside them")
	case to == "app" || strings.HasPrefix(to, "cmd/"):
		return unless(from == "bench" || from == "systemtest", "only commands and tests of the whole import app: everything else would run in a circle")
	case from == "app":
		return ""
	case from == "web":
		return "the board in the browser knows of nothing but its own files"
	case from == "sqldb":
		return unless(slices.Contains([]string{"", "internal/faultproxy", "internal/needtest"}, to), "sqldb knows only the vocabulary, and its tests a line that breaks and what a test needs")
	case slices.Contains(tools, from):
		return unless(to == "", from+" knows only the vocabulary")
	case from == "outbox":
		return unless(to == "internal/sqltext" || to == "internal/rights" || slices.Contains(foundations, to) && !slices.Contains(tools, to), "outbox stands below the services")
	case from == "internal/httpapi":
		return unless(to == "" || to == "sqldb" || to == "internal/keylock", "httpapi stands below the services")
	case slices.Contains(siblings, from) && slices.Contains(siblings, to):
		return fmt.Sprintf("%s and %s meet through events, or through an interface that %s declares and app fills", from, to, from)
	case slices.Contains(siblings, from):
		return unless(slices.Contains(foundations, to), "a service builds on the vocabulary, sqldb, outbox, httpapi, and the tools in internal")
	}
	return ""
}

// room maps a package to the folder that the rules speak of: sub-packages belong to their parent.
func room(path string) string {
	for _, name := range append(slices.Concat(siblings, tools), "sqldb", "outbox", "internal/httpapi", "app", "systemtest") {
		if strings.HasPrefix(path, name+"/") {
			return name
		}
	}
	return path
}

func unless(ok bool, reason string) string {
	if ok {
		return ""
	}
	return reason
}
