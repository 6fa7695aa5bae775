package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// bom is a CycloneDX document as far as two of them are put together.
type bom struct {
	Format       string            `json:"bomFormat"`
	SpecVersion  string            `json:"specVersion"`
	Version      int               `json:"version"`
	Metadata     map[string]any    `json:"metadata"`
	Components   []json.RawMessage `json:"components"`
	Dependencies []json.RawMessage `json:"dependencies"`
}

// sbom lists the Go modules that are in a binary, as it says itself, and the npm packages that the board is built of.
func (r *release) sbom(binary string) error {
	path := filepath.Join(r.stage, "go.cdx.json")
	err := command(nil, "go", tool("cyclonedx-gomod", "bin", "-json", "-std", "-licenses", "-noserial", "-notimestamp",
		"-output-version", "1.5", "-version", "v"+r.version, "-output", path, binary)...)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var document bom
	if err := json.Unmarshal(text, &document); err != nil {
		return fmt.Errorf("SBOM of the Go modules: %w", err)
	}
	for _, folder := range []string{"web", "clients/js"} {
		packages, err := r.npmSBOM(folder)
		if err != nil {
			return err
		}
		document.Components = append(document.Components, packages.Components...)
		document.Dependencies = append(document.Dependencies, packages.Dependencies...)
	}
	document.Metadata["timestamp"] = r.made.Format(time.RFC3339)
	if text, err = json.MarshalIndent(document, "", "  "); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, "callboard_"+r.version+".cdx.json"), append(text, '\n'), 0o644)
}

// npmSBOM lists what a package is built of, going by its lock file. npm refuses a package that is linked into another one from a folder, as
// the client is into the board: it is taken out there, and listed by itself.
func (r *release) npmSBOM(folder string) (bom, error) {
	copied := filepath.Join(r.stage, "npm", folder)
	if err := os.MkdirAll(copied, 0o755); err != nil {
		return bom{}, err
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return bom{}, err
		}
		var file map[string]any
		if err := json.Unmarshal(text, &file); err != nil {
			return bom{}, fmt.Errorf("%s of %s: %w", name, folder, err)
		}
		r.unlink(file)
		if text, err = json.Marshal(file); err != nil {
			return bom{}, err
		}
		if err := os.WriteFile(filepath.Join(copied, name), text, 0o644); err != nil {
			return bom{}, err
		}
	}
	npm := exec.Command("npm", "sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only")
	npm.Dir, npm.Stderr = copied, os.Stderr
	text, err := npm.Output()
	if err != nil {
		return bom{}, fmt.Errorf("%s: %w", npm, err)
	}
	var document bom
	if err := json.Unmarshal(text, &document); err != nil {
		return bom{}, fmt.Errorf("SBOM of %s: %w", folder, err)
	}
	return document, nil
}

// unlink removes the client from a package.json or package-lock.json, and gives a package without a version that of the release.
func (r *release) unlink(file map[string]any) {
	packages, _ := file["packages"].(map[string]any)
	root, _ := packages[""].(map[string]any)
	for _, holder := range []map[string]any{file, root} {
		if holder != nil && holder["version"] == nil {
			holder["version"] = r.version
		}
		if dependencies, ok := holder["dependencies"].(map[string]any); ok {
			delete(dependencies, "callboard")
		}
	}
	delete(packages, "node_modules/callboard")
	delete(packages, "../clients/js")
}
