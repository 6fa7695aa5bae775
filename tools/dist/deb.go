package main

import (
	"fmt"
	"path/filepath"
	"strconv"
)

// deb makes the package that deploy/debian describes.
func (r *release) deb(binary, arch string) error {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	for from, to := range map[string]string{filepath.Join(r.stage, "callboard.1"): "callboard.1.gz", "CHANGELOG.md": "changelog.gz"} {
		if err := gzipped(from, filepath.Join(r.stage, to)); err != nil {
			return err
		}
	}
	env := []string{"VERSION=" + r.version, "ARCH=" + arch, "BINARY=" + binary, "STAGE=" + r.stage, "SOURCE_DATE_EPOCH=" + strconv.FormatInt(r.made.Unix(), 10)}
	to := filepath.Join(r.out, fmt.Sprintf("callboard_%s_%s.deb", r.version, arch))
	return command(env, "go", tool("nfpm", "package", "--config", "deploy/debian/nfpm.yaml", "--packager", "deb", "--target", to)...)
}
