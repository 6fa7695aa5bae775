package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/callboard/callboard/app"
)

// version, when the linker sets it, is that of what was checked out.
var version string

// versionOf returns the version of this binary.
func versionOf() string { return cmp.Or(version, app.Release) }

// commit returns the beginning of the commit that the binary was built from, "" where the build does not tell.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12] + ", "
		}
	}
	return ""
}

type versionCommand struct{}

func (versionCommand) Run(std streams) error {
	_, err := fmt.Fprintf(std.out, "callboard %s (%s%s, %s/%s)\n", versionOf(), commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
