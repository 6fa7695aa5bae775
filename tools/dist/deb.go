package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// deb makes the package that deploy/debian describes.
func (r *release) deb(binary, arch string) error {
	stage := filepath.Join(r.stage, "deb_"+arch)
	if err := os.MkdirAll(stage, 0o755); err != nil {
		return err
	}
	binary, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	for name, from := range map[string]string{"callboard": binary, "completions": filepath.Join(r.stage, "completions")} {
		if err := os.Symlink(from, filepath.Join(stage, name)); err != nil {
			return err
		}
	}
	for from, to := range map[string]string{filepath.Join(r.stage, "callboard.1"): "callboard.1.gz", "CHANGELOG.md": "changelog.gz"} {
		if err := gzipped(from, filepath.Join(stage, to)); err != nil {
			return err
		}
	}
	env := []string{"VERSION=" + r.version, "ARCH=" + arch, "STAGE=" + stage, "SOURCE_DATE_EPOCH=" + strconv.FormatInt(r.made.Unix(), 10)}
	to := filepath.Join(r.out, fmt.Sprintf("callboard_%s_%s.deb", r.version, arch))
	return command(env, "go", tool("nfpm", "package", "--config", "deploy/debian/nfpm.yaml", "--packager", "deb", "--target", to)...)
}
