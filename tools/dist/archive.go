package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// entry is a file of an archive.
type entry struct {
	name string
	mode int64
	data []byte
}

// archive makes that of a system: the binary, its manual page and completions, what it can be set up with, and the license.
func (r *release) archive(t target) error {
	name := fmt.Sprintf("callboard_%s_%s", r.version, t)
	files := []string{r.path(t), "README.md", "CHANGELOG.md", "LICENSE"}
	for _, pattern := range []string{filepath.Join(r.stage, "callboard.1"), filepath.Join(r.stage, "completions", "*")} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		files = append(files, found...)
	}
	var entries []entry
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		e := entry{name: name + "/" + filepath.Base(file), mode: 0o644, data: data}
		if filepath.Base(filepath.Dir(file)) == "completions" {
			e.name = name + "/completions/" + filepath.Base(file)
		}
		if file == r.path(t) {
			e.mode = 0o755
		}
		entries = append(entries, e)
	}
	pack, ending := r.tarball, ".tar.gz"
	if t.os == "windows" {
		pack, ending = r.zip, ".zip"
	}
	var packed bytes.Buffer
	if err := pack(&packed, entries); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	return os.WriteFile(filepath.Join(r.out, name+ending), packed.Bytes(), 0o644)
}

func (r *release) tarball(w io.Writer, entries []entry) error {
	zipped, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	packed := tar.NewWriter(zipped)
	for _, e := range entries {
		if err := packed.WriteHeader(&tar.Header{Name: e.name, Mode: e.mode, Size: int64(len(e.data)), ModTime: r.made}); err != nil {
			return err
		}
		if _, err := packed.Write(e.data); err != nil {
			return err
		}
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return zipped.Close()
}

func (r *release) zip(w io.Writer, entries []entry) error {
	packed := zip.NewWriter(w)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: r.made}
		header.SetMode(os.FileMode(e.mode)) //nolint:gosec // a constant
		file, err := packed.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := file.Write(e.data); err != nil {
			return err
		}
	}
	return packed.Close()
}

// gzipped writes a file of the package, which Debian wants compressed and without a time in it.
func gzipped(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(to, packed.Bytes(), 0o644)
}

// checksums writes what sha256sum --check reads.
func (r *release) checksums() error {
	files, err := filepath.Glob(filepath.Join(r.out, "*"))
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, file := range files { // in the order of their names
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), filepath.Base(file))
	}
	return os.WriteFile(filepath.Join(r.out, "checksums.txt"), []byte(sums.String()), 0o644)
}
