package outbox_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// poison makes chosen events fail until it is emptied.
type poison struct {
	mu  sync.Mutex
	ids map[string]bool
}

func poisonous(ids ...string) *poison {
	p := &poison{ids: map[string]bool{}}
	for _, id := range ids {
		p.ids[id] = true
	}
	return p
}

func (p *poison) err(e callboard.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ids[e.ID] {
		panic("cannot digest") // a panic is a failure like any other
	}
	return nil
}

func (p *poison) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.ids)
}

func TestOnlyWhatFailsIsADeadLetter(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "picky")
		createTable(t, db, "healthy")
		ids := appendEvents(t, db, 10) // before the consumers run: one batch
		bad := poisonous(ids[3], ids[7])
		picky := &tableConsumer{table: "picky", err: bad.err}
		sent := &recorder{err: bad.err}
		log, _ := start(t, outbox.Config{DB: db}, append(tables("healthy"), picky.consumer(), sent.consumer())...)
		drain(t, log)

		if got, _ := tableRows(t, db, "healthy"); !slices.Equal(got, upTo(10)) {
			t.Errorf("the healthy consumer has %v", got)
		}
		rest := []int64{1, 2, 3, 5, 6, 7, 9, 10}
		if got, _ := tableRows(t, db, "picky"); !slices.Equal(got, rest) {
			t.Errorf("the picky consumer has %v", got)
		}
		if got := sent.positions(); !slices.Equal(got, rest) {
			t.Errorf("sent %v", got)
		}
		for _, name := range []string{"picky", "sockets"} {
			if s := stats(t, log, name); s.DeadLetters != 2 || s.Failures != 0 || !strings.Contains(s.LetterError, "cannot digest") {
				t.Errorf("%s: %+v, want two dead letters", name, s)
			}
		}
		bad.clear()
		for _, name := range []string{"picky", "sockets"} {
			eventually(t, "the dead letters are taken", func() bool { return stats(t, log, name).DeadLetters == 0 })
		}
		if got, _ := tableRows(t, db, "picky"); !slices.Equal(got, upTo(10)) {
			t.Errorf("in the end the picky consumer has %v", got)
		}
		if got := slices.Sorted(slices.Values(sent.positions())); !slices.Equal(got, upTo(10)) {
			t.Errorf("in the end sent %v", got)
		}
	}, outbox.Migrations())
}

// A consumer that fails for the only event there is cannot know whose fault it is. It waits, and another event tells.
func TestAnotherEventTellsWhoseFaultItIs(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "picky")
		bad := poisonous(appendEvents(t, db, 1)...)
		picky := &tableConsumer{table: "picky", err: bad.err}
		log, _ := start(t, outbox.Config{DB: db}, picky.consumer())
		eventually(t, "it stands still", func() bool { return stats(t, log, "picky").Failures > 0 })
		if s := stats(t, log, "picky"); s.DeadLetters != 0 || s.Pos != 0 {
			t.Errorf("it has given up on the event: %+v", s)
		}
		appendEvents(t, db, 1)
		drain(t, log)
		if s := stats(t, log, "picky"); s.DeadLetters != 1 || s.Failures != 0 {
			t.Errorf("with another event beside it: %+v", s)
		}
	}, outbox.Migrations())
}

// Whatever the text of an error holds, its event is set aside and the consumer goes on.
func TestDeadLettersWithAnyErrorText(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "odd")
		ids := appendEvents(t, db, 3)
		odd := &tableConsumer{table: "odd", err: func(e callboard.Event) error {
			if e.ID != ids[1] {
				return nil
			}
			return errors.New("a\x00\xff" + strings.Repeat("é", 500)) // cut in the middle of a letter, too
		}}
		log, _ := start(t, outbox.Config{DB: db}, odd.consumer())
		drain(t, log)
		if s := stats(t, log, "odd"); s.DeadLetters != 1 || s.Pos != 3 {
			t.Errorf("%+v, want one dead letter", s)
		}
	}, outbox.Migrations())
}

// An event that a consumer took late is brought once more to the one that waits for it, which had passed it in vain.
func TestLateEventsArePassedOn(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "inbox")
		ids := appendEvents(t, db, 3)
		bad := poisonous(ids[1])
		inbox := &tableConsumer{table: "inbox", err: bad.err}
		sent := &recorder{}
		log, _ := start(t, outbox.Config{DB: db}, inbox.consumer(), sent.consumer("inbox"))
		drain(t, log)
		if got := sent.positions(); !slices.Equal(got, upTo(3)) {
			t.Fatalf("sent in turn: %v", got)
		}
		bad.clear()
		eventually(t, "sent again", func() bool { return slices.Equal(sent.positions(), []int64{1, 2, 3, 2}) })
		eventually(t, "nothing is left", func() bool {
			return stats(t, log, "inbox").DeadLetters+stats(t, log, "sockets").DeadLetters == 0
		})
	}, outbox.Migrations())
}

// An event that is taken in parts and fails amid them goes on from there as a dead letter.
func TestDeadLettersKeepTheirSubCursor(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "parts")
		appendEvents(t, db, 3)
		p := &parts{}
		broken := true
		handle := func(ctx context.Context, tx *sqldb.Tx, events []callboard.Event, sub string) (int, string, error) {
			p.mu.Lock()
			fail := broken && sub == "6" && events[0].Pos == 1
			p.mu.Unlock()
			if fail {
				return 0, "", errors.New("the third part of the first event fails")
			}
			return p.handle(ctx, tx, events, sub)
		}
		log, _ := start(t, outbox.Config{DB: db}, outbox.Consumer{Name: "parts", HandlePart: handle})
		drain(t, log)
		if s := stats(t, log, "parts"); s.DeadLetters != 1 {
			t.Errorf("%+v, want one dead letter", s)
		}
		p.mu.Lock()
		broken = false
		p.mu.Unlock()
		eventually(t, "it is taken", func() bool { return stats(t, log, "parts").DeadLetters == 0 })
		seen := map[string]bool{}
		positions, ids := tableRows(t, db, "parts")
		for i := range positions {
			seen[strconv.FormatInt(positions[i], 10)+"/"+ids[i]] = true
		}
		if len(positions) != 30 || len(seen) != 30 {
			t.Errorf("%d parts, %d different ones; want 30", len(positions), len(seen))
		}
	}, outbox.Migrations())
}

// The dead letters of a consumer that is switched off hold the sweep, and are shown.
func TestDeadLettersOfSwitchedOffConsumer(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "paused")
		paused := &tableConsumer{table: "paused", err: poisonous(appendEvents(t, db, 3)[1]).err}
		log, stop := start(t, outbox.Config{DB: db}, paused.consumer())
		drain(t, log)
		stop()
		later := func() time.Time { return callboard.Now().Add(48 * time.Hour) }
		log, _ = start(t, outbox.Config{DB: db, Now: later, Retention: time.Hour})
		appendEvents(t, db, 1)
		drain(t, log)
		sweep(t, log, 1)
		if s := stats(t, log, "paused"); !s.Off || s.DeadLetters != 1 {
			t.Errorf("%+v", s)
		}
	}, outbox.Migrations())
}

// An admin sees what is owed and why, without secrets, and has it tried again at once.
func TestHealthOfTheLog(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "picky")
		ids := appendEvents(t, db, 5)
		broken := true
		var mu sync.Mutex
		picky := &tableConsumer{table: "picky", err: func(e callboard.Event) error {
			mu.Lock()
			defer mu.Unlock()
			if broken && e.ID == ids[2] {
				return errors.New("dial postgres://board:hunter2@db.example/board:\n refused, password=hunter2")
			}
			return nil
		}}
		sent := &recorder{}
		log, _ := start(t, outbox.Config{DB: db, RetryFirst: 5 * time.Millisecond, RetryMax: time.Hour}, picky.consumer(), sent.consumer())
		drain(t, log)
		api := httpapi.New(httpapi.Config{Authenticate: func(r *http.Request) (callboard.Actor, error) {
			return callboard.Actor{ID: "ada", Role: callboard.Role(r.Header.Get("X-Role"))}, nil
		}})
		log.Routes(api)
		call := func(role, method, path, body string) (int, string) {
			r := httptest.NewRequestWithContext(t.Context(), method, "/api/v1/events/health"+path, strings.NewReader(body))
			r.Header.Set("X-Role", role)
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			api.Handler().ServeHTTP(w, r)
			return w.Code, w.Body.String()
		}
		for _, role := range []string{"viewer", "editor"} {
			get, _ := call(role, "GET", "", "")
			if post, _ := call(role, "POST", "/retry", "{}"); get != 403 || post != 403 {
				t.Errorf("%s: %d, %d", role, get, post)
			}
		}
		status, text := call("admin", "GET", "", "")
		for _, want := range []string{
			`"last_pos":5`, `"name":"picky","status":"failing","detail":"could not take 1 events, and tries them again; all others are taken","pos":5`,
			`"name":"sockets","status":"ready","detail":"has taken everything"`,
			`"dead_letters":[{"consumer":"picky","pos":3,"event_id":"` + ids[2] + `","event":"tested","resource_type":"test","resource_id":"1","attempts":`,
			`"more_dead_letters":false`, "db.example/board: refused",
		} {
			if status != 200 || !strings.Contains(text, want) {
				t.Errorf("%d %s\nhas no %s", status, text, want)
			}
		}
		if strings.Contains(text, "hunter2") {
			t.Errorf("tells the password: %s", text)
		}
		exec(t, db, `UPDATE callboard_dead_letters SET next_at = 9000000000000000`) // in some centuries
		mu.Lock()
		broken = false
		mu.Unlock()
		for _, tt := range [][2]string{{`{"consumer":"sockets"}`, `{"retried":0}`}, {`{"pos":4}`, `{"retried":0}`}, {`{"consumer":"picky","pos":3}`, `{"retried":`}} {
			if status, text := call("admin", "POST", "/retry", tt[0]); status != 200 || !strings.Contains(text, tt[1]) {
				t.Errorf("%s: %d %s", tt[0], status, text)
			}
		}
		eventually(t, "it is taken", func() bool { return stats(t, log, "picky").DeadLetters == 0 })
		if got, _ := tableRows(t, db, "picky"); !slices.Equal(got, upTo(5)) {
			t.Errorf("taken: %v", got)
		}
		if _, text := call("admin", "GET", "", ""); !strings.Contains(text, `"dead_letters":[]`) {
			t.Errorf("afterwards: %s", text)
		}
	}, outbox.Migrations())
}
