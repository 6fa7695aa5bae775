package systemtest

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// prover runs callboard verify on the data of a binary.
type prover struct {
	*apptest.Binary
	t *testing.T
}

// wants fails unless the command ends with the code and prints each of the texts.
func (p prover) wants(code int, args []string, texts ...string) string {
	p.t.Helper()
	got, out, errs := p.Run(append([]string{"verify"}, args...)...)
	if got != code {
		p.t.Errorf("verify %q: exit code %d, want %d\n%s%s", args, got, code, out, errs)
	}
	if code == 0 && strings.Contains(out, "BAD") || strings.Contains(errs, "panic") {
		p.t.Errorf("verify %q:\n%s%s", args, out, errs)
	}
	for _, text := range texts {
		if !strings.Contains(out+errs, text) {
			p.t.Errorf("verify %q: no %q in\n%s%s", args, text, out, errs)
		}
	}
	return out
}

// keep writes what somebody keeps elsewhere.
func (p prover) keep(name string, content []byte) string {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// checkpoint keeps the newest checkpoint as the API answers it. There is one moments after the first entries.
func (p prover) checkpoint() string {
	p.t.Helper()
	var r apptest.Response
	apptest.Eventually(p.t, "the log is signed", func() error {
		if r = p.Do(http.MethodGet, "/api/v1/activity/checkpoint", p.Users.Viewer.Token, nil); r.Status != http.StatusOK {
			return fmt.Errorf("answer %d %s", r.Status, r.Body)
		}
		return nil
	})
	return p.keep("checkpoint.json", r.Body)
}

// manyEpisodes is a list of so many episodes.
func manyEpisodes(t *testing.T, n int) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "episodes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	_ = w.Write([]string{"Show", "Season", "Episode", "Title"}) // Flush tells
	for i := range n {
		_ = w.Write([]string{"Harbour", strconv.Itoa(i/20 + 1), strconv.Itoa(i%20 + 1), fmt.Sprintf("The catch of day %d", i)})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// What callboard verify says of a database that is used, beside the server that uses it, and of one that somebody has been at.
func TestVerifyCommand(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		p := prover{apptest.NewBinary(t, apptest.Options{Kind: kind}, noLimit), t}
		p.wants(0, nil, "ok   log:") // nothing is there but users
		p.Start()
		work := startLoad(t, &p.Site, 4)
		if code, out, errs := p.Run("import", "episodes", manyEpisodes(t, 900)); code != 0 {
			t.Fatalf("import: exit code %d\n%s%s", code, out, errs)
		}
		kept := p.checkpoint()
		for range 3 {
			p.wants(0, []string{"--checkpoint", kept})
			work.awaitMore(10)
		}
		work.stop()
		p.Settle()
		bundle := p.Do(http.MethodGet, "/api/v1/activity/bundle", p.Users.Viewer.Token, nil)
		if bundle.Status != http.StatusOK {
			t.Fatalf("the bundle: %d %s", bundle.Status, bundle.Body)
		}
		if code := p.Stop(); code != 0 {
			t.Errorf("the server ended with %d", code)
		}
		p.wants(0, []string{"--checkpoint", kept}, "the tree goes together with all checkpoints", "and 0 entries came after it")
		p.wants(0, []string{"--json"}, `"ok": true`)
		path := p.keep("bundle.ndjson", bundle.Body)
		p.wants(0, []string{"--bundle", path}, "are as they were signed")
		p.wants(0, []string{"--checkpoint", path})
		p.badUsage(path)
		p.tamper(path)
	})
}

// badUsage gives the command what it cannot use.
func (p prover) badUsage(bundle string) {
	p.t.Helper()
	p.wants(2, []string{"--key", "0a1b"}, "--key", "is no public key")
	p.wants(2, []string{"--bundle", bundle, "--checkpoint", bundle}, "can't be used together")
	p.wants(2, []string{"--checkpoint", "/nowhere/at/all"}, "no such file")
	p.wants(2, []string{"--bundle", filepath.Dir(bundle)}, "is a directory")
	p.wants(2, []string{"everything"}, "unexpected argument")
	p.wants(1, []string{"--checkpoint", manyEpisodes(p.t, 1)}, "its form is not right")
}

// tamper changes an entry, and then takes away all that was signed.
func (p prover) tamper(bundle string) {
	p.t.Helper()
	db := p.OpenDB()
	var pos int64
	if err := db.QueryRowContext(p.t.Context(), `SELECT pos FROM callboard_activity WHERE resource_name = 'The catch of day 431'`).Scan(&pos); err != nil {
		p.t.Fatal(err)
	}
	execute(p.t, p.Binary, `UPDATE callboard_activity SET user_name = 'Mallory' WHERE resource_name = 'The catch of day 431'`)
	place := fmt.Sprintf("position %d", pos)
	out := p.wants(1, nil, "BAD  log: "+place+": the entry is not the one that was added to the tree", "this is not as it was")
	if first := out[strings.Index(out, "BAD"):]; !strings.HasPrefix(first, "BAD  entries: "+place) {
		p.t.Errorf("the first place is %.80q", first)
	}
	var found struct {
		OK       bool
		Findings []struct{ Part, Place string }
	}
	if err := json.Unmarshal([]byte(p.wants(1, []string{"--json"}, place)), &found); err != nil || found.OK || len(found.Findings) == 0 {
		p.t.Errorf("as JSON: %+v, %v", found, err)
	}
	execute(p.t, p.Binary, `DELETE FROM callboard_activity_tree`, `DELETE FROM callboard_activity_checkpoints`)
	p.wants(1, []string{"--checkpoint", bundle}, "BAD  log: checkpoint of ", "older backup was restored")
}

// execute runs statements as somebody does who has the database.
func execute(t *testing.T, b *apptest.Binary, statements ...string) {
	t.Helper()
	db := b.OpenDB()
	for _, statement := range statements {
		if _, err := db.SQL().ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// An older backup in the place of the database is found out by what was signed after it, in DATA_DIR or elsewhere.
func TestVerifyFindsAnOldBackup(t *testing.T) {
	t.Parallel()
	p := prover{apptest.NewBinary(t, apptest.Options{}), t}
	p.Start()
	create := func(title string) {
		p.Want(http.StatusCreated, http.MethodPost, "/api/v1/episodes", p.Users.Editor.Token, obj{"title": title}, nil)
		p.Settle()
	}
	create("Before")
	early := p.checkpoint()
	backup := filepath.Join(t.TempDir(), "old.db")
	if code, _, errs := p.Run("backup", backup); code != 0 {
		t.Fatal(errs)
	}
	create("After")
	p.Stop()
	p.Start()
	late := p.checkpoint()
	p.Stop()
	p.wants(0, []string{"--checkpoint", early, "--checkpoint", late})

	// The copy has the checkpoints of its time, and can be verified where it lies: with the key alone.
	keys, err := os.ReadFile(filepath.Join(p.Config.DataDir, "log_public_keys"))
	if err != nil {
		t.Fatal(err)
	}
	copied := []string{"--database-url", "sqlite://" + backup, "--data-dir", t.TempDir(), "--key", strings.TrimSpace(string(keys))}
	p.wants(0, append(copied, "--checkpoint", early), "the tree goes together with all checkpoints")

	path := strings.TrimPrefix(p.Config.DatabaseURL, "sqlite://")
	content, err := os.ReadFile(backup)
	if err == nil {
		err = os.WriteFile(path, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, _ = os.Remove(path+"-wal"), os.Remove(path+"-shm") // a server that has stopped leaves none
	p.wants(1, []string{"--checkpoint", early}, "BAD  log: checkpoint", "older backup was restored")
	if err := os.Remove(filepath.Join(p.Config.DataDir, "log_checkpoint")); err != nil {
		t.Fatal(err)
	}
	p.wants(0, []string{"--checkpoint", early})
	p.wants(1, []string{"--checkpoint", late}, "BAD  log: checkpoint", late, "older backup was restored")
}
