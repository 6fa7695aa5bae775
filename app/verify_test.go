package app_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
)

// tamper is something that somebody with access to the database does to it, and where a verification must find it.
type tamper struct {
	name       string
	statements []string // with %d for the position of an entry in the middle of the log
	place      string   // %d as well
	text       string
}

func tampers() []tamper {
	return []tamper{
		{"edits an entry", []string{`UPDATE callboard_activity SET user_name = 'Mallory' WHERE pos = %d`}, "log position %d", "not the one that was added"},
		{"changes when it was", []string{`UPDATE callboard_activity SET created_at = created_at + 1 WHERE pos = %d`}, "log position %d", "not the one that was added"},
		{"edits an address", []string{`UPDATE callboard_activity SET ip = '203.0.113.9' WHERE pos = %d`}, "log position %d", "not the one that was added"},
		{"edits an entry and its event", []string{
			`UPDATE callboard_activity SET user_id = 'mallory' WHERE pos = %d`, `UPDATE callboard_outbox SET actor_id = 'mallory' WHERE pos = %d`,
		}, "log position %d", "not the one that was added"},
		{"swaps two entries", []string{
			`UPDATE callboard_activity SET pos = -1 WHERE pos = %d`, `UPDATE callboard_activity SET pos = %d WHERE pos = %d + 1`,
			`UPDATE callboard_activity SET pos = %d + 1 WHERE pos = -1`,
		}, "log position %d", "not the one that was added"},
		{"deletes an entry", []string{`DELETE FROM callboard_activity WHERE pos = %d`}, "log position %d", "not by the retention"},
		{"deletes an entry and its leaf", []string{
			`DELETE FROM callboard_activity WHERE pos = %d`, `DELETE FROM callboard_activity_tree WHERE pos = %d`,
		}, "log leaf ", "is missing from the tree"},
		{"deletes an entry as the retention does", []string{
			`DELETE FROM callboard_activity WHERE pos = %d`, `UPDATE callboard_activity_tree SET salt = '' WHERE pos = %d`,
			`INSERT INTO callboard_activity_pruned (upto, cutoff) VALUES (%d, 9000000000000000)`,
		}, "log position 1", "somebody else"},
		{"deletes an old entry as a retention that has hardly begun", []string{
			`DELETE FROM callboard_activity WHERE pos = %d`, `DELETE FROM callboard_outbox WHERE pos <= %d`,
			`INSERT INTO callboard_activity_pruned (upto, cutoff) VALUES (%d, 1)`,
		}, "log position %d", "somebody else deleted it"},
		{"puts an old entry in, with a leaf that is before the tree", []string{
			`INSERT INTO callboard_activity_tree (leaf, pos, salt, hashes) SELECT -1, -5, salt, hashes FROM callboard_activity_tree WHERE pos = %d`,
			`UPDATE callboard_activity SET pos = -5 WHERE pos = (SELECT min(pos) FROM callboard_activity)`,
		}, "log position -5", "put into the log afterwards"},
		{"takes an entry out of the tree's end", []string{
			`DELETE FROM callboard_activity_tree WHERE pos >= %d`, `DELETE FROM callboard_activity_checkpoints`,
		}, "log position %d", "taken out of the tree"},
		{"cuts off the end of the log", []string{`DELETE FROM callboard_activity WHERE pos >= %d`}, "log position %d", "not by the retention"},
		{"cuts off the end of log and tree", []string{
			`DELETE FROM callboard_activity WHERE pos >= %d`, `DELETE FROM callboard_activity_tree WHERE pos >= %d`, `DELETE FROM callboard_activity_checkpoints`,
		}, "log checkpoint of ", "its end was cut off"},
		{"forges an entry", []string{`UPDATE callboard_activity SET pos = pos + 100000 WHERE pos = %d`}, "log position 1000", "by somebody else"},
		{"forges a hash", []string{`UPDATE callboard_activity_tree SET hashes = (SELECT hashes FROM callboard_activity_tree WHERE leaf = 0) WHERE pos = %d`}, "log position %d", "not the one that was added"},
		{"forges the hash of a subtree", []string{`UPDATE callboard_activity_tree SET hashes = (SELECT hashes FROM callboard_activity_tree WHERE leaf = 7) WHERE leaf = 3`}, "log leaf 3", "do not go together"},
		{"damages a hash", []string{`UPDATE callboard_activity_tree SET hashes = salt WHERE pos = %d`}, "log leaf ", "is damaged"},
		{"edits a checkpoint", []string{`UPDATE callboard_activity_checkpoints SET note = replace(note, 'time 2', 'time 1')`}, "log checkpoint of ", "signature"},
		{"moves a checkpoint", []string{`UPDATE callboard_activity_checkpoints SET size = size - 1`}, "log checkpoint of ", "it was signed for"},
		{"deletes the checkpoints", []string{`DELETE FROM callboard_activity_checkpoints`}, "log checkpoint ", "neither it nor a later one"},
		{"counts more", []string{`UPDATE callboard_activity_daily SET entries = entries + 1`}, "log day ", "the statistics count"},
		{"deletes an event", []string{`DELETE FROM callboard_outbox WHERE pos = %d`}, "events position %d", "1 events are missing"},
		{"edits an event", []string{`UPDATE callboard_outbox SET resource_name = 'Other' WHERE pos = %d`}, "entries position %d", "another resource_name"},
		{"changes an episode", []string{`UPDATE callboard_episodes SET version = version + 1 WHERE title = 'Episode 5'`}, "episodes episode ", "its last event tells of 1"},
		{"deletes an episode", []string{`DELETE FROM callboard_episodes WHERE title = 'Episode 5'`}, "episodes episode ", "it is gone"},
		{"forges a notification", []string{`UPDATE callboard_notifications SET event_id = 'made-up' WHERE pos = %d`}, "notifications position %d", "follows from no event"},
		{"moves a cursor", []string{`UPDATE callboard_consumers SET pos = pos + 100 WHERE name = 'inbox'`}, "events consumer inbox", "newest event"},
	}
}

// tampered are the tables that are put back after each.
func tampered() []string {
	return []string{
		"callboard_activity", "callboard_activity_tree", "callboard_activity_checkpoints", "callboard_activity_pruned", "callboard_activity_daily",
		"callboard_episodes", "callboard_notifications", "callboard_consumers",
	}
}

// execute runs statements as somebody does who has the database.
func execute(t *testing.T, db *sqldb.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.SQL().ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// faults returns the places and texts of what a verification finds wrong.
func faults(t *testing.T, cfg app.Config, options app.VerifyOptions) []string {
	t.Helper()
	found, err := app.Verify(t.Context(), cfg, options)
	if err != nil {
		t.Fatal(err)
	}
	var wrong []string
	for _, f := range found {
		if f.Fault {
			wrong = append(wrong, f.Part+" "+f.Place+": "+f.Text)
		}
	}
	return wrong
}

// filled is a server that was stopped, with the entries of some episodes, all signed, and the position of one in the middle.
func filled(t *testing.T, s *apptest.Server) (db *sqldb.DB, middle int64) {
	t.Helper()
	for i := range 12 {
		s.Want(http.StatusCreated, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, map[string]string{"title": fmt.Sprintf("Episode %d", i)}, nil)
		if i == 2 { // so that the one in the middle came after something that was signed
			s.Settle()
			if err := s.App.Activity.SignCheckpoint(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.Settle()
	s.Stop()
	db, err := app.OpenDB(t.Context(), s.Config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	err = db.QueryRowContext(t.Context(), `SELECT pos FROM callboard_activity WHERE resource_name = 'Episode 5'`).Scan(&middle)
	if err != nil {
		t.Fatal(err)
	}
	return db, middle
}

func TestVerifyFindsTampering(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		db, middle := filled(t, s)
		if wrong := faults(t, s.Config, app.VerifyOptions{}); len(wrong) > 0 {
			t.Fatalf("before anything was done: %q", wrong)
		}
		for _, table := range tampered() {
			execute(t, db, `CREATE TABLE `+table+`_kept AS SELECT * FROM `+table)
		}
		outbox := `callboard_outbox`
		columns := "id, event_id, name, actor_id, actor_name, resource_type, resource_id, resource_name, channels, audience, payload, ip, user_agent, direct, created_at, appended_at"
		insert := `INSERT INTO ` + outbox + ` (` + columns + `) SELECT ` + columns + ` FROM ` + outbox + `_kept`
		if db.Dialect() == sqldb.Postgres {
			columns += ", pos"
			insert = `INSERT INTO ` + outbox + ` (` + columns + `) OVERRIDING SYSTEM VALUE SELECT ` + columns + ` FROM ` + outbox + `_kept`
		}
		execute(t, db, `CREATE TABLE callboard_outbox_kept AS SELECT `+columns+` FROM callboard_outbox`)
		at := func(text string) string { return strings.ReplaceAll(text, "%d", fmt.Sprint(middle)) }
		for _, tt := range tampers() {
			for _, statement := range tt.statements {
				execute(t, db, at(statement))
			}
			wrong := faults(t, s.Config, app.VerifyOptions{})
			if !containsFault(wrong, at(tt.place), tt.text) {
				t.Errorf("%s: found is %q, want %q, %q", tt.name, wrong, at(tt.place), tt.text)
			}
			for _, table := range tampered() {
				execute(t, db, `DELETE FROM `+table, `INSERT INTO `+table+` SELECT * FROM `+table+`_kept`)
			}
			execute(t, db, `DELETE FROM callboard_outbox`, insert)
		}
		if wrong := faults(t, s.Config, app.VerifyOptions{}); len(wrong) > 0 {
			t.Errorf("after all was put back: %q", wrong)
		}
	})
}

func containsFault(faults []string, place, text string) bool {
	for _, f := range faults {
		if strings.HasPrefix(f, place) && strings.Contains(f, text) {
			return true
		}
	}
	return false
}

// Whoever has the database, and no key, can have the product itself build another tree. What was signed before gives that away, and
// the server signs nothing that contradicts it.
func TestRewrittenLogIsNotSigned(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		db, middle := filled(t, s)
		signed, err := os.ReadFile(filepath.Join(s.Config.DataDir, "log_checkpoint"))
		if err != nil {
			t.Fatal(err)
		}
		execute(t, db, fmt.Sprintf(`UPDATE callboard_activity SET user_name = 'Mallory' WHERE pos = %d`, middle),
			`DELETE FROM callboard_activity_tree`, `DELETE FROM callboard_activity_checkpoints`,
			`UPDATE callboard_consumers SET pos = 0 WHERE name = '`+activity.TreeConsumerName+`'`)
		again := apptest.Start(t, apptest.Options{Users: &s.Users, Config: func(cfg *app.Config) { cfg.DataDir, cfg.DatabaseURL = s.Config.DataDir, s.Config.DatabaseURL }})
		again.Settle()
		again.Stop()
		if kept, err := os.ReadFile(filepath.Join(s.Config.DataDir, "log_checkpoint")); err != nil || string(kept) != string(signed) {
			t.Errorf("the last checkpoint was replaced by %q, %v", kept, err)
		}
		if !strings.Contains(again.Log.String(), "is not the one of the checkpoint") {
			t.Error("the server does not say that it signs nothing")
		}
		wrong := faults(t, s.Config, app.VerifyOptions{})
		if !containsFault(wrong, "log checkpoint of ", "the tree is another one") {
			t.Errorf("with the checkpoint in DATA_DIR: %q", wrong)
		}
		// Elsewhere, with a key and a checkpoint that were kept.
		keys, err := os.ReadFile(filepath.Join(s.Config.DataDir, "log_public_keys"))
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := s.Config
		elsewhere.DataDir = t.TempDir()
		wrong = faults(t, elsewhere, app.VerifyOptions{Keys: strings.Fields(string(keys)), Checkpoints: map[string]string{"kept.txt": string(signed)}})
		if !containsFault(wrong, "log checkpoint of ", "the tree is another one") {
			t.Errorf("with a checkpoint that was kept: %q", wrong)
		}
	})
}

// A key that signs for somebody else is not trusted because the database has its checkpoints.
func TestVerifyTrustsKnownKeysAlone(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	filled(t, s)
	elsewhere := s.Config
	elsewhere.DataDir = t.TempDir()
	public, err := os.ReadFile(filepath.Join(s.Config.DataDir, "log_public_keys"))
	if err != nil {
		t.Fatal(err)
	}
	name := string(public[:len("callboard-activity+0a1b2c3d+")]) // tells which key is missing
	if wrong := faults(t, elsewhere, app.VerifyOptions{}); !containsFault(wrong, "log checkpoint of ", "not trusted") || !containsFault(wrong, "log checkpoint of ", name) {
		t.Errorf("without a key: %q, want %q", wrong, name)
	}
	info, err := os.Stat(filepath.Join(s.Config.DataDir, "log_signing_key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the private key: %v, %v", info, err)
	}
}

// What the retention deletes leaves its hashes, so that all else is proven as before.
func TestVerifyAfterRetention(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{Config: func(cfg *app.Config) { cfg.ActivityRetentionDays = 30 }}, func(t *testing.T, s *apptest.Server) {
		db, middle := filled(t, s)
		kept := activity.New(activity.Config{DB: db, Retention: 1})
		if n, err := kept.Sweep(t.Context()); err != nil || n == 0 {
			t.Fatalf("swept %d, %v", n, err)
		}
		if wrong := faults(t, s.Config, app.VerifyOptions{}); len(wrong) > 0 {
			t.Errorf("after a sweep: %q", wrong)
		}
		var salts int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM callboard_activity_tree WHERE length(salt) > 0`).Scan(&salts); err != nil || salts > 0 {
			t.Errorf("%d salts are left of what was deleted, %v", salts, err)
		}
		execute(t, db, fmt.Sprintf(`UPDATE callboard_activity_pruned SET upto = %d`, middle))
		if wrong := faults(t, s.Config, app.VerifyOptions{}); !containsFault(wrong, fmt.Sprintf("log position %d", middle+1), "not by the retention") {
			t.Errorf("beyond what was swept: %q", wrong)
		}
	})
}

// Beside a running server whatever is read is of one moment.
func TestVerifyBesideWrites(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := 0; ctx.Err() == nil; i++ {
				_, _ = s.Try(ctx, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, map[string]string{"title": fmt.Sprint("Busy ", i)})
				if i%10 == 9 {
					_ = s.App.Activity.SignCheckpoint(ctx)
				}
			}
		}()
		for range 10 {
			if wrong := faults(t, s.Config, app.VerifyOptions{}); len(wrong) > 0 {
				t.Fatalf("beside writes: %q", wrong)
			}
		}
		stop()
		<-done
	})
}

// A log of which all that was signed is gone proves nothing, and says so. A young one has not been signed yet.
func TestVerifyWithoutCheckpoints(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		db, _ := filled(t, s)
		public, err := os.ReadFile(filepath.Join(s.Config.DataDir, "log_public_keys"))
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := s.Config
		elsewhere.DataDir = t.TempDir()
		key := app.VerifyOptions{Keys: strings.Fields(string(public))}
		execute(t, db, `DELETE FROM callboard_activity_checkpoints`)
		if wrong := faults(t, elsewhere, key); len(wrong) > 0 {
			t.Errorf("right after the first entries: %q", wrong)
		}
		// The same some days later, with the tree gone as well.
		const ago = 3 * 24 * 60 * 60 * 1_000_000
		execute(t, db, fmt.Sprintf(`UPDATE callboard_activity SET created_at = created_at - %d`, ago), fmt.Sprintf(`UPDATE callboard_outbox SET created_at = created_at - %d`, ago),
			`DELETE FROM callboard_activity_daily`, `DELETE FROM callboard_activity_tree`)
		if wrong := faults(t, elsewhere, key); !containsFault(wrong, "log checkpoints", "they were deleted") {
			t.Errorf("without a tree: %q", wrong)
		}
	})
}

// Of several nodes each keeps the last checkpoint that it has signed itself. That the others have signed since, and the old ones were thinned
// out, is no fault, on whichever node one asks.
func TestVerifyAfterThinning(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		path := filepath.Join(s.Config.DataDir, "log_checkpoint")
		create := func(title string, at time.Time) (note string) {
			s.Want(http.StatusCreated, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, map[string]string{"title": title}, nil)
			s.Settle()
			key, err := os.ReadFile(filepath.Join(s.Config.DataDir, "log_signing_key"))
			if err != nil {
				t.Fatal(err)
			}
			a := activity.New(activity.Config{DB: s.DB, SigningKey: string(key), CheckpointFile: path, Now: func() time.Time { return at }})
			if err := a.SignCheckpoint(t.Context()); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		long := time.Now().UTC().AddDate(0, 0, -100).Truncate(24 * time.Hour)
		var notes []string
		for i := range 6 { // three each on two days
			notes = append(notes, create(fmt.Sprint("Episode ", i), long.Add(time.Duration(i/3)*24*time.Hour+time.Duration(i)*time.Minute)))
		}
		if _, err := s.App.Activity.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left int // the server may have signed one amid them
		err := s.DB.QueryRowContext(t.Context(), `SELECT count(*) FROM callboard_activity_checkpoints WHERE signed_at < $1`, sqldb.Time{Time: long.AddDate(0, 0, 3)}).Scan(&left)
		if err != nil || left < 2 || left > 3 {
			t.Errorf("%d checkpoints are left, %v", left, err)
		}
		s.Stop()
		if err := os.WriteFile(path, []byte(notes[1]), 0o600); err != nil { // of a node that has not led since
			t.Fatal(err)
		}
		options := app.VerifyOptions{Checkpoints: map[string]string{}}
		for i, note := range notes {
			options.Checkpoints[fmt.Sprint(i, ".txt")] = note
		}
		if wrong := faults(t, s.Config, options); len(wrong) > 0 {
			t.Errorf("after thinning: %q", wrong)
		}
	})
}

// Who asks for a proof of a log that was tampered with is told so, at once.
func TestProofsOfTamperedLog(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		s.Want(http.StatusCreated, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, map[string]string{"title": "Fog"}, nil)
		s.Settle()
		if err := s.App.Activity.SignCheckpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
		var pos int64
		if err := s.DB.QueryRowContext(t.Context(), `SELECT pos FROM callboard_activity WHERE resource_name = 'Fog'`).Scan(&pos); err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{
			`UPDATE callboard_activity_tree SET hashes = salt WHERE pos <> %d`,
			`UPDATE callboard_activity_tree SET leaf = -1 WHERE pos = %d`,
			`UPDATE callboard_activity_tree SET leaf = 1000000 WHERE pos = %d`,
			"UPDATE callboard_activity_checkpoints SET note = replace(note, '\n' || size || '\n', '\n9223372036854775807\n') WHERE %d > 0",
		} {
			execute(t, s.DB, fmt.Sprintf(statement, pos))
			for _, path := range []string{fmt.Sprint("/api/v1/activity/proof/", pos), "/api/v1/activity/bundle"} {
				s.Want(http.StatusConflict, http.MethodGet, path, s.Users.Admin.Token, nil, nil)
			}
		}
	})
}
