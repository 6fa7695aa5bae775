package app_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// patient is a server with what a fault breaks, and how doctor looks at it.
type patient struct {
	*apptest.Server

	t       *testing.T
	ward    *testing.T // of all faults of a group
	cfg     app.Config
	options app.DoctorOptions
	proxy   *frontProxy // nil without
	redis   string      // its address; empty without
	undo    []func()
}

// fault breaks something of a healthy patient.
type fault struct {
	name   string
	inject func(p *patient)
	want   string   // the check that finds it
	text   string   // that it says
	also   []string // what may follow from it
	silent bool     // it shows by what does not come, so the time is waited out, and a busy machine may miss more
}

// Each fault is found by its own check, with its advice, where nothing is wrong before.
func TestDoctorFinds(t *testing.T) {
	t.Parallel()
	for name, group := range map[string]struct {
		admit  func(t *testing.T) *patient
		faults []fault
	}{
		"one server":     {admitOne, append(faultsOfSettings(), faultsOfData()...)},
		"behind a proxy": {admitBehindProxy, faultsOfProxy()},
		"nodes":          {func(t *testing.T) *patient { return admitNodes(t, startRedis(t)) }, faultsOfNodes()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := group.admit(t)
			p.Settle()
			if found := p.examine(); len(found) > 0 {
				t.Fatalf("before anything is broken: %+v", found)
			}
			for _, f := range group.faults {
				t.Run(f.name, func(t *testing.T) {
					one := *p
					one.t = t
					f.inject(&one)
					one.expect(f)
					for _, undo := range one.undo {
						undo()
					}
				})
			}
		})
	}
}

// Nodes on PostgreSQL without Redis bring events to their own sockets. How far they are is known to each alone: the place in the database is
// that of their start, and no sign of trouble.
func TestDoctorOfNodesWithoutRedis(t *testing.T) {
	t.Parallel()
	p := admitNodes(t, "")
	p.Settle()
	p.exec(`UPDATE callboard_outbox SET appended_at = appended_at - 3600000000`)
	if found := p.examine(); len(found) > 0 {
		t.Errorf("found: %+v", found)
	}
}

// Settings that a server does not start with are not said to go together.
func TestDoctorOfWrongSettings(t *testing.T) {
	t.Parallel()
	p := admitOne(t)
	p.cfg.RedisURL = "redis://127.0.0.1:1/0"
	for _, f := range app.Doctor(t.Context(), p.cfg, p.options) {
		if f.Part == "settings" && f.Severity == app.SeverityOK {
			t.Errorf("found: %+v", f)
		}
	}
}

// examine returns what is wrong, by the names of the checks.
func (p *patient) examine() map[string]app.Finding {
	found := map[string]app.Finding{}
	for _, f := range app.Doctor(p.t.Context(), p.cfg, p.options) {
		if f.Severity != app.SeverityOK {
			found[f.Check] = f
		}
	}
	return found
}

// expect has a fault found, and nothing that does not follow from it.
func (p *patient) expect(f fault) {
	p.t.Helper()
	i := slices.IndexFunc(app.DoctorChecks(), func(c app.DoctorCheck) bool { return c.Name == f.want })
	if i < 0 {
		p.t.Fatalf("there is no check %s", f.want)
	}
	if f.silent {
		p.options.Timeout = 0
	}
	check, found := app.DoctorChecks()[i], p.examine()
	got, ok := found[f.want]
	if !ok || got.Severity != check.Severity || !strings.Contains(got.Text, f.text) || got.Why != check.Why || got.Fix != check.Fix {
		p.t.Errorf("%s: found %+v", f.want, found)
	}
	if got.Part != check.Part && !strings.HasPrefix(got.Part, "consumer") {
		p.t.Errorf("%s is of the part %s", f.want, got.Part)
	}
	for name, other := range found {
		if name != f.want && !slices.Contains(f.also, name) && !f.silent {
			p.t.Errorf("found as well: %+v", other)
		}
	}
}

// exec runs a statement beside the server.
func (p *patient) exec(statement string) {
	p.t.Helper()
	err := p.DB.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, statement)
		return err
	})
	if err != nil {
		p.t.Fatalf("%s: %v", statement, err)
	}
}

// execFor runs a statement, and one that takes it back.
func (p *patient) execFor(statement, undo string) {
	p.exec(statement)
	p.undo = append(p.undo, func() { p.exec(undo) })
}

// await waits until a query has an answer.
func (p *patient) await(query string) {
	p.t.Helper()
	apptest.Eventually(p.t, query, func() error {
		if len(sqldbtest.Column[string](p.t, p.DB, query)) == 0 {
			return errors.New("not yet")
		}
		return nil
	})
}

// lose renames a table for as long as the fault lasts.
func (p *patient) lose(table string) {
	sqldbtest.RenameTable(p.t, p.DB, table, "callboard_elsewhere")
	p.undo = append(p.undo, func() {
		sqldbtest.RenameTable(p.t, p.DB, "callboard_elsewhere", table)
		p.Settle()
	})
}

// healthy is how doctor is to look at a server with nothing to find: not even the room on the disk of whoever runs the test.
func healthy(t *testing.T, s *apptest.Server) *patient {
	return &patient{Server: s, t: t, ward: t, cfg: s.Config, options: app.DoctorOptions{MinFreeMB: 65, Timeout: time.Minute}}
}

func admitOne(t *testing.T) *patient { return healthy(t, apptest.Start(t, apptest.Options{})) }

func faultsOfSettings() []fault {
	set := func(change func(c *app.Config)) func(*patient) { return func(p *patient) { change(&p.cfg) } }
	signIn := func(change func(c *app.Config)) func(*patient) {
		return set(func(c *app.Config) {
			c.OIDCSignIn, c.OIDCIssuer, c.OIDCAudience, c.PublicURL = true, "http://127.0.0.1:1", "board", "https://board.example.org"
			change(c)
		})
	}
	return []fault{
		{"database gone", set(func(c *app.Config) { c.DatabaseURL = "/nowhere/callboard.db" }), "database-gone", "there is no database", nil, false},
		{"database that does not answer", set(func(c *app.Config) { c.DatabaseURL = "postgres://nobody@127.0.0.1:1/none" }), "database-gone", "cannot be reached", nil, false},
		{"setting that cannot be", set(func(c *app.Config) { c.EventRetention = time.Second }), "settings-invalid", "EVENT_RETENTION", nil, false},
		{"public without a proxy", set(func(c *app.Config) { c.HTTPAddr = "0.0.0.0:8080" }), "public-plain", "TRUST_PROXY is off", nil, false},
		{"proxy trusted", set(func(c *app.Config) { c.HTTPAddr, c.TrustProxy = ":8080", true }), "proxy-trusted", "TRUST_PROXY is on", nil, false},
		{"plain origin", set(func(c *app.Config) { c.SocketCORSOrigin = []string{"http://app.example.org"} }), "origins-plain", "http://app.example.org", nil, false},
		{"sign-in by plain http", signIn(func(c *app.Config) { c.PublicURL = "http://board.example.org" }), "sign-in-plain", "http://board.example.org", []string{"issuer-gone"}, false},
		{"accounts for all", func(p *patient) {
			signIn(func(c *app.Config) { c.OIDCIssuer, c.OIDCCreateUsers = "https://accounts.google.com", true })(p)
			p.options.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("nobody is asked") }
		}, "sign-in-open", "accounts.google.com", []string{"issuer-gone", "canary-unheard"}, false},
		{"no admin by the claim", signIn(func(c *app.Config) { c.OIDCRoleClaim, c.OIDCRoles = "groups", []string{"crew=editor"} }), "sign-in-no-admin", "nobody", []string{"issuer-gone"}, false},
		{"issuer gone", signIn(func(*app.Config) {}), "issuer-gone", "connection refused", nil, false},
		{"service switched off", set(func(c *app.Config) { c.DisablePresence = true }), "service-off", "PRESENCE_TRACKING_ENABLED", nil, false},
		{"weak secret", set(func(c *app.Config) { c.JWTSecret = "change me to something with 32 characters" }), "secret-weak", "JWT_SECRET", []string{"canary-unheard"}, false},
		{"little room", func(p *patient) { p.options.MinFreeMB = 1 << 40 }, "disk-low", "MB are left", nil, false},
		{"url that does not answer", func(p *patient) { p.options.URL = "http://127.0.0.1:1" }, "url-gone", "connection refused", []string{"canary-unheard"}, false},
		{"url of something else", func(p *patient) {
			other := httptest.NewServer(http.NotFoundHandler())
			p.t.Cleanup(other.Close)
			p.options.URL = other.URL
		}, "url-other", "not as Callboard does", []string{"canary-unheard"}, false},
		{"url of another installation", func(p *patient) {
			p.options.URL = apptest.Start(p.t, apptest.Options{Config: func(c *app.Config) {
				_, err := sqldbtest.OpenURL(p.t, c.DatabaseURL).SQL().ExecContext(p.t.Context(), `UPDATE callboard_installation SET id = 'another'`)
				if err != nil { // tests copy one database, and its ID
					p.t.Fatal(err)
				}
			}}).URL()
		}, "url-other", "another installation", []string{"canary-unheard"}, false},
	}
}

func faultsOfData() []fault {
	tstamp := func(p *patient, at string) {
		for _, set := range app.Migrations() {
			p.exec(`UPDATE callboard_schema_` + set.Name + ` SET tstamp = ` + at)
		}
	}
	return []fault{
		{"readable secret", func(p *patient) {
			path := filepath.Join(p.cfg.DataDir, "jwt_secret")
			p.chmod(path, 0o644)
			p.undo = append(p.undo, func() { p.chmod(path, 0o600) })
		}, "secret-readable", "jwt_secret has the mode 0644", nil, false},
		{"no backup", func(p *patient) {
			tstamp(p, `'2020-01-02 03:04:05'`)
			p.undo = append(p.undo, func() { tstamp(p, `CURRENT_TIMESTAMP`) })
		}, "backup-none", "days old", nil, false},
		{"old backup", func(p *patient) {
			p.execFor(`UPDATE callboard_installation SET backed_up_at = 1500000000000000`, `UPDATE callboard_installation SET backed_up_at = NULL`)
		}, "backup-old", "days ago", nil, false},
		{"dead letters", func(p *patient) {
			p.execFor(`INSERT INTO callboard_dead_letters (consumer, event_id, pos, attempts, next_at, error, created_at) VALUES ('inbox', 'x', 1, 3, 9000000000000000, 'no such thing', 1)`,
				`DELETE FROM callboard_dead_letters`)
		}, "dead-letters", "no such thing", nil, false},
		{"clock of a node off", func(p *patient) {
			p.execFor(`INSERT INTO callboard_nodes SELECT 'late', 'late', version, '', log_key, 0, clock - 9000000, seen_at FROM callboard_nodes`,
				`DELETE FROM callboard_nodes WHERE id = 'late'`)
		}, "clock-off", "the node late is 9s behind", nil, false},
		{"jobs paused", func(p *patient) {
			turn := func(verb string) {
				apptest.Eventually(p.t, "the queue is there", func() error {
					if r := p.Do(http.MethodPut, "/admin/jobs/api/queues/bulk-export/"+verb, p.Users.Admin.Token, nil); r.Status != http.StatusOK {
						return fmt.Errorf("answer %d %s", r.Status, r.Body)
					}
					return nil
				})
			}
			turn("pause")
			p.undo = append(p.undo, func() { turn("resume") })
		}, "jobs-paused", "bulk-export", nil, false},
		{"log without its table", func(p *patient) { p.lose("callboard_activity") }, "canary-lost", "the consumer activity does not take it", []string{"consumer-stopped"}, false},
		{"no server", func(p *patient) {
			p.UploadFile(apptest.FilesPath, p.Users.Editor.Token, "notes.txt", strings.NewReader("words"))
			p.Stop()
		}, "server-none", "none is running", nil, false},
		{"files gone", func(p *patient) { p.remove(filepath.Join(p.cfg.DataDir, "files")) }, "files-gone", "1 files should be in it", []string{"server-none"}, false},
		{"files unusable", func(p *patient) {
			if err := os.WriteFile(filepath.Join(p.cfg.DataDir, "files"), nil, 0o600); err != nil {
				p.t.Fatal(err)
			}
		}, "files-unusable", "cannot be used", []string{"server-none"}, false},
		{"schema behind", func(p *patient) {
			db := sqldbtest.OpenURL(p.t, p.cfg.DatabaseURL)
			if err := sqldb.MigrateDown(p.t.Context(), db, app.Migrations()...); err != nil {
				p.t.Fatal(err)
			}
		}, "schema-behind", "1 migrations are missing", []string{"files-unusable"}, false},
		{"schema newer", func(p *patient) {
			db := sqldbtest.OpenURL(p.t, p.cfg.DatabaseURL)
			_, err := db.SQL().ExecContext(p.t.Context(), `INSERT INTO callboard_schema_app (version_id, is_applied) VALUES (99999, 1)`)
			if err != nil {
				p.t.Fatal(err)
			}
		}, "schema-newer", "1 of its migrations", nil, false},
	}
}

func (p *patient) chmod(path string, mode os.FileMode) {
	if err := os.Chmod(path, mode); err != nil {
		p.t.Fatal(err)
	}
}

func (p *patient) remove(path string) {
	if err := os.RemoveAll(path); err != nil {
		p.t.Fatal(err)
	}
}
