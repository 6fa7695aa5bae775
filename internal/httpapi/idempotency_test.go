package httpapi_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// counterAPI is an API over one table whose every POST adds a row.
type counterAPI struct {
	db   *sqldb.DB
	api  *httpapi.API
	hold chan struct{} // when set, a handler waits for it before it writes
	// committed, when set, is called right after the commit of a change.
	committed func()
}

type rowOutput struct {
	ETag string `header:"ETag"`
	Body httpapi.Data[string]
}

type rowInput struct {
	Fail string `query:"fail"`
	Body struct {
		Text string `json:"text"`
	}
}

func newCounterAPI(t *testing.T, db *sqldb.DB) *counterAPI {
	t.Helper()
	c := &counterAPI{db: db, api: httpapi.New(httpapi.Config{DB: db, Authenticate: authenticate})}
	c.exec(t, `CREATE TABLE IF NOT EXISTS counted (id TEXT PRIMARY KEY, text TEXT)`)
	route := httpapi.Route{ID: "add", Method: "POST", Path: "/api/v1/rows", Access: httpapi.SignedIn, Status: 201}
	httpapi.Register(c.api, route, c.add)
	route.ID, route.Path, route.SecretAnswer = "add-secret", "/api/v1/secrets", true
	httpapi.Register(c.api, route, c.add)
	httpapi.Raw(c.api, httpapi.Route{ID: "upload", Method: "POST", Path: "/api/v1/upload", Access: httpapi.SignedIn},
		http.HandlerFunc(c.upload))
	httpapi.Register(c.api, httpapi.Route{ID: "look", Method: "POST", Path: "/api/v1/look", Access: httpapi.SignedIn},
		func(context.Context, *struct{}) (*httpapi.Body[string], error) {
			return httpapi.OK(callboard.NewID()), nil
		})
	return c
}

func (c *counterAPI) insert(ctx context.Context, text string) (string, error) {
	id := callboard.NewID()
	return id, c.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if c.committed != nil {
			tx.OnCommit(c.committed)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO counted (id, text) VALUES ($1, $2)`, id, text)
		return err
	})
}

func (c *counterAPI) add(ctx context.Context, in *rowInput) (*rowOutput, error) {
	if in.Fail == "before" {
		return nil, callboard.Errorf(callboard.CodeConflict, "no")
	}
	if c.hold != nil {
		<-c.hold
	}
	id, err := c.insert(ctx, in.Body.Text)
	switch {
	case err != nil:
		return nil, err
	case in.Fail == "after":
		return nil, errors.New("lost")
	case in.Fail == "reads":
		if err := c.db.QueryRowContext(ctx, `SELECT id FROM counted WHERE id = $1`, id).Scan(&id); err != nil {
			return nil, err
		}
	case in.Fail == "twice":
		if _, err := c.insert(ctx, in.Body.Text); err != nil {
			return nil, err
		}
	case in.Fail == "crash":
		panic(http.ErrAbortHandler)
	}
	out := &rowOutput{ETag: httpapi.ETag(1)}
	out.Body.Data = id
	return out, nil
}

func (c *counterAPI) upload(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		httpapi.WriteProblem(w, r, err)
		return
	}
	id, err := c.insert(r.Context(), string(text))
	if err != nil {
		httpapi.WriteProblem(w, r, err)
		return
	}
	_, _ = io.WriteString(w, id)
}

func (c *counterAPI) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	err := c.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *counterAPI) count(t *testing.T, table string) (n int) {
	t.Helper()
	if err := c.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func keyed(key, target, as, body string) call {
	return call{method: "POST", target: target, as: as, body: body, header: http.Header{"Idempotency-Key": {key}}}
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	const body = `{"text":"a"}`
	type step struct {
		call     call
		status   int
		replayed bool // and so the same body as the step before
	}
	first := step{call: keyed("k", "/api/v1/rows", "viewer", body), status: 201}
	tests := []struct {
		name  string
		steps []step
		rows  int
	}{
		{"replay", []step{first, {first.call, 201, true}, {first.call, 201, true}}, 1},
		{"other body", []step{first, {keyed("k", "/api/v1/rows", "viewer", `{"text":"b"}`), 422, false}}, 1},
		{"other query", []step{first, {keyed("k", "/api/v1/rows?x=1", "viewer", body), 422, false}}, 1},
		{"other path", []step{first, {keyed("k", "/api/v1/secrets", "viewer", body), 422, false}}, 1},
		{"other user", []step{first, {keyed("k", "/api/v1/rows", "editor", body), 201, false}}, 2},
		{"other key", []step{first, {keyed("l", "/api/v1/rows", "viewer", body), 201, false}}, 2},
		{"no key", []step{{call{method: "POST", target: "/api/v1/rows", as: "viewer", body: body}, 201, false},
			{call{method: "POST", target: "/api/v1/rows", as: "viewer", body: body}, 201, false}}, 2},
		{"errors are not kept", []step{{keyed("k", "/api/v1/rows?fail=before", "viewer", body), 409, false}, first}, 1},
		{"invalid bodies are not kept", []step{{keyed("k", "/api/v1/rows", "viewer", `{}`), 422, false}, first}, 1},
		{"carried out, answer lost", []step{{keyed("k", "/api/v1/rows?fail=after", "viewer", body), 500, false},
			{keyed("k", "/api/v1/rows?fail=after", "viewer", body), 409, false}}, 1},
		{"the handler reads what it wrote", []step{{keyed("k", "/api/v1/rows?fail=reads", "viewer", body), 201, false},
			{keyed("k", "/api/v1/rows?fail=reads", "viewer", body), 201, true}}, 1},
		{"the handler writes once more", []step{{keyed("k", "/api/v1/rows?fail=twice", "viewer", body), 201, false},
			{keyed("k", "/api/v1/rows?fail=twice", "viewer", body), 201, true}}, 2},
		{"secret", []step{{keyed("k", "/api/v1/secrets", "viewer", body), 201, false},
			{keyed("k", "/api/v1/secrets", "viewer", body), 409, false}}, 1},
		{"raw", []step{{keyed("k", "/api/v1/upload", "viewer", "data"), 200, false},
			{keyed("k", "/api/v1/upload", "viewer", "data"), 200, true},
			{keyed("k", "/api/v1/upload", "viewer", "atad"), 422, false},
			{keyed("k", "/api/v1/upload", "viewer", "longer data"), 422, false}}, 1},
		{"nothing written", []step{{keyed("k", "/api/v1/look", "viewer", ""), 200, false},
			{keyed("k", "/api/v1/look", "viewer", ""), 200, false}}, 0},
		{"key too long", []step{{keyed(strings.Repeat("k", 256), "/api/v1/rows", "viewer", body), 422, false}}, 0},
		{"key just short enough", []step{{keyed(strings.Repeat("k", 255), "/api/v1/rows", "viewer", body), 201, false}}, 1},
		{"empty key", []step{{keyed("", "/api/v1/rows", "viewer", body), 422, false}}, 0},
		{"key beyond ASCII", []step{{keyed("é", "/api/v1/rows", "viewer", body), 422, false}}, 0},
		{"not signed in", []step{{keyed("k", "/api/v1/rows", "", body), 401, false}}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
				c := newCounterAPI(t, db)
				before := ""
				for i, s := range tt.steps {
					w := s.call.do(t, c.api.Handler())
					if w.Code != s.status || (w.Header().Get("Idempotency-Replayed") == "true") != s.replayed {
						t.Fatalf("step %d: status %d, headers %v: %s", i, w.Code, w.Header(), w.Body)
					}
					if s.replayed && w.Body.String() != before {
						t.Errorf("step %d: %q, first %q", i, w.Body, before)
					}
					if w.Code == 201 && w.Header().Get("ETag") != `"v1"` {
						t.Errorf("step %d: ETag %q", i, w.Header().Get("ETag"))
					}
					before = w.Body.String()
				}
				if got := c.count(t, "counted"); got != tt.rows {
					t.Errorf("%d rows, want %d", got, tt.rows)
				}
			}, httpapi.Migrations())
		})
	}
}

// The answer is in the table the moment that the change is: a crash right after the commit loses neither.
func TestAnswerCommitsWithTheChange(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		c := newCounterAPI(t, db)
		var kept []byte
		var status sql.NullInt64
		c.committed = func() {
			if err := db.QueryRowContext(t.Context(), `SELECT status, body FROM callboard_idempotency_keys`).Scan(&status, &kept); err != nil {
				t.Error(err)
			}
		}
		w := keyed("k", "/api/v1/rows", "viewer", `{"text":"a"}`).do(t, c.api.Handler())
		if w.Code != 201 || status.Int64 != 201 || string(kept) != w.Body.String() {
			t.Errorf("answer %d %s; kept at the commit: %d %s", w.Code, w.Body, status.Int64, kept)
		}
	}, httpapi.Migrations())
}

func TestIdempotencyKeepsNoSecret(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		c := newCounterAPI(t, db)
		keyed("k", "/api/v1/secrets", "viewer", `{"text":"a"}`).do(t, c.api.Handler())
		var body []byte
		if err := db.QueryRowContext(t.Context(), `SELECT body FROM callboard_idempotency_keys`).Scan(&body); err != nil || body != nil {
			t.Errorf("kept %q, %v", body, err)
		}
	}, httpapi.Migrations())
}

// A process that ends between the commit and the answer leaves a key without an answer: nothing is done twice.
func TestIdempotencyCrash(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		c := newCounterAPI(t, db)
		crash := keyed("k", "/api/v1/rows?fail=crash", "viewer", `{"text":"a"}`)
		func() {
			defer func() { _ = recover() }() // the server would drop the connection
			crash.do(t, c.api.Handler())
		}()
		w := crash.do(t, c.api.Handler())
		if w.Code != 409 || w.Header().Get("Retry-After") == "" {
			t.Errorf("right after: %d, %s", w.Code, w.Body)
		}
		c.exec(t, `UPDATE callboard_idempotency_keys SET created_at = $1`, sqldb.Time{Time: time.Now().Add(-time.Hour)})
		w = crash.do(t, c.api.Handler())
		if p := readProblem(t, w); w.Code != 409 || !strings.Contains(p.Detail, "not known") || w.Header().Get("Retry-After") != "" {
			t.Errorf("later: %d, %s", w.Code, w.Body)
		}
		if got := c.count(t, "counted"); got != 1 {
			t.Errorf("%d rows, want 1", got)
		}
	}, httpapi.Migrations())
}

func TestIdempotencyKeyExpires(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		c := newCounterAPI(t, db)
		post := keyed("k", "/api/v1/rows", "viewer", `{"text":"a"}`)
		post.do(t, c.api.Handler())
		c.exec(t, `UPDATE callboard_idempotency_keys SET created_at = $1`, sqldb.Time{Time: time.Now().Add(-25 * time.Hour)})
		if w := post.do(t, c.api.Handler()); w.Code != 201 || w.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("after a day: %d %v", w.Code, w.Header())
		}
		if w := post.do(t, c.api.Handler()); w.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("the key that was taken over is kept: %d %v", w.Code, w.Header())
		}
		if got := c.count(t, "counted"); got != 2 {
			t.Errorf("%d rows, want 2", got)
		}
	}, httpapi.Migrations())
}

// Duplicates at the same time, on the same node and on two nodes, carry out one change between them.
func TestIdempotencyConcurrent(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		one, two := newCounterAPI(t, db), newCounterAPI(t, db)
		one.hold = make(chan struct{})
		two.hold = one.hold
		answers := make(chan int, 16)
		var group sync.WaitGroup
		for i := range cap(answers) {
			group.Go(func() {
				c := []*counterAPI{one, two}[i%2]
				answers <- keyed("k", "/api/v1/rows", "viewer", `{"text":"a"}`).do(t, c.api.Handler()).Code
			})
		}
		close(one.hold)
		group.Wait()
		close(answers)
		got := map[int]int{}
		for code := range answers {
			got[code]++
		}
		if got[201] == 0 || got[201]+got[409] != 16 {
			t.Errorf("answers %v", got)
		}
		if n := one.count(t, "counted"); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	}, httpapi.Migrations())
}

func TestSweepIdempotency(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		c := newCounterAPI(t, db)
		old := sqldb.Time{Time: time.Now().Add(-25 * time.Hour)}
		rows := make([][]any, 2500)
		for i := range rows {
			rows[i] = []any{"u", strconv.Itoa(i), "f", old}
		}
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			return sqldb.BulkInsert(ctx, tx, "callboard_idempotency_keys", []string{"user_id", "key", "fingerprint", "created_at"}, rows, "")
		})
		if err != nil {
			t.Fatal(err)
		}
		keyed("k", "/api/v1/rows", "viewer", `{"text":"a"}`).do(t, c.api.Handler())
		n, err := c.api.SweepIdempotency(t.Context())
		if err != nil || n != 2500 {
			t.Errorf("swept %d, %v", n, err)
		}
		if left := c.count(t, "callboard_idempotency_keys"); left != 1 {
			t.Errorf("%d left, want 1", left)
		}
	}, httpapi.Migrations())
}
