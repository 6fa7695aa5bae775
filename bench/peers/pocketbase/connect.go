package main

import (
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	normal = "NORMAL"
	full   = "FULL"
)

func (o *options) check() error {
	if o.synchronous != normal && o.synchronous != full {
		return fmt.Errorf("--synchronous must be %s or %s, not %q", normal, full, o.synchronous)
	}
	return nil
}

// connect opens a database file as PocketBase does, but for the durability of the data when that is asked for. The log
// of requests stays as it is.
func (o *options) connect(path string) (*dbx.DB, error) {
	if o.synchronous == normal || filepath.Base(path) != "data.db" {
		return core.DefaultDBConnect(path)
	}
	// These are the defaults but for one. busy_timeout comes first, because setting the journal mode may have to wait.
	pragmas := url.Values{"_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "journal_size_limit(200000000)", "synchronous(FULL)",
		"foreign_keys(ON)", "temp_store(MEMORY)", "cache_size(-32000)",
	}}
	db, err := dbx.Open("sqlite", path+"?"+pragmas.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return db, nil
}
