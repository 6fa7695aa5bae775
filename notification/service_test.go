package notification_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func sound() notification.Input {
	return notification.Input{To: []string{vic}, Type: "note", Message: "m"}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		in := sound()
		in.To = []string{vic, callboard.AudienceRole(callboard.RoleEditor)}
		in.Data, in.Priority, in.Resource = map[string]any{"a": 1.0}, notification.PriorityHigh, episode(1)
		id, err := f.Create(as(ada), in)
		if err != nil {
			t.Fatal(err)
		}
		var name, actor, resource, audience, payload string
		err = f.db.QueryRowContext(t.Context(), `SELECT name, actor_id, resource_id, audience, payload FROM callboard_outbox
			WHERE event_id = $1`, id).Scan(&name, &actor, &resource, &audience, &payload)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{name, actor, resource, audience, payload}
		want := []string{
			"notification_created", ada, "ep-1", `["` + vic + `","role:editor"]`,
			`{"type":"note","message":"m","priority":"high","data":{"a":1}}`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("event (-want +got):\n%s", diff)
		}
	})
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	past := noon()
	cases := map[string]struct {
		change func(*notification.Input)
		fields []string
	}{
		"nobody":              {func(in *notification.Input) { in.To = nil }, []string{"user_id"}},
		"too many":            {func(in *notification.Input) { in.To = make([]string, 1001) }, []string{"user_id"}},
		"an odd recipient":    {func(in *notification.Input) { in.To = []string{"role:"} }, []string{"user_id"}},
		"an unknown user":     {func(in *notification.Input) { in.To = []string{nobody} }, []string{"user_id"}},
		"unknown among known": {func(in *notification.Input) { in.To = []string{vic, nobody, "all", dis} }, []string{"user_id[1]", "user_id[3]"}},
		"no type":             {func(in *notification.Input) { in.Type = "" }, []string{"type"}},
		"an odd type":         {func(in *notification.Input) { in.Type = "a:b" }, []string{"type"}},
		"our own type":        {func(in *notification.Input) { in.Type = "digest" }, []string{"type"}},
		"no message":          {func(in *notification.Input) { in.Message = "" }, []string{"message"}},
		"a long message":      {func(in *notification.Input) { in.Message = strings.Repeat("ö", 1001) }, []string{"message"}},
		"only blanks":         {func(in *notification.Input) { in.Message = " \t\u00a0" }, []string{"message"}},
		"nothing to be seen":  {func(in *notification.Input) { in.Message = "\u200b\u2060" }, []string{"message"}},
		"a NUL":               {func(in *notification.Input) { in.Message = "a\x00" }, []string{"message"}},
		"large data":          {func(in *notification.Input) { in.Data = map[string]any{"a": strings.Repeat("x", 16<<10)} }, []string{"data"}},
		"data of no JSON":     {func(in *notification.Input) { in.Data = map[string]any{"a": func() {}} }, []string{"data"}},
		"an odd priority":     {func(in *notification.Input) { in.Priority = "top" }, []string{"priority"}},
		"half a resource":     {func(in *notification.Input) { in.Resource.Type = "episode" }, []string{"resource_id"}},
		"the other half":      {func(in *notification.Input) { in.Resource.ID = "1" }, []string{"resource_type"}},
		"expired":             {func(in *notification.Input) { in.ExpiresAt = &past }, []string{"expires_at"}},
		"several":             {func(in *notification.Input) { in.Type, in.Message = "", "" }, []string{"type", "message"}},
	}
	forEach(t, func(t *testing.T, f *fixture) {
		for name, c := range cases {
			in := sound()
			c.change(&in)
			_, err := f.Create(as(ada), in)
			invalid, ok := errors.AsType[*callboard.Error](err)
			if !ok || invalid.Code != callboard.CodeInvalid {
				t.Errorf("%s: error %v", name, err)
				continue
			}
			var fields []string
			for _, field := range invalid.Fields {
				fields = append(fields, field.Field)
			}
			if diff := cmp.Diff(c.fields, fields); diff != "" {
				t.Errorf("%s: fields (-want +got):\n%s", name, diff)
			}
		}
		if n := f.count(`SELECT COUNT(*) FROM callboard_outbox`); n != 0 {
			t.Errorf("%d events of refused notifications", n)
		}
	})
}

// A notification that nobody sends is refused, as an entry of the log by nobody is; and so is what is no transaction.
func TestNobodySends(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		_, created := f.Create(t.Context(), sound())
		createdTx := f.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := f.CreateTx(ctx, tx, sound())
			return err
		})
		for _, err := range []error{created, createdTx} {
			if callboard.CodeOf(err) != callboard.CodeForbidden || !strings.Contains(err.Error(), "WithActor") {
				t.Errorf("by nobody: %v", err)
			}
		}
		for name, tx := range map[string]outbox.Tx{"nil": nil, "a nil sqldb.Tx": (*sqldb.Tx)(nil), "a nil sql.Tx": (*sql.Tx)(nil)} {
			_, err := f.CreateTx(as(ada), tx, sound())
			for call, err := range map[string]error{
				"CreateTx": err, "WatchTx": f.WatchTx(as(ada), tx, vic, episode(1)), "UnwatchTx": f.UnwatchTx(as(ada), tx, vic, episode(1)),
			} {
				if callboard.CodeOf(err) != callboard.CodeInvalid {
					t.Errorf("%s in %s: %v", call, name, err)
				}
			}
		}
	})
}

func TestWritesJoinTheCallersTransaction(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.handle(f.note("a", vic), f.note("b", vic))
		entries := f.inbox(vic)
		undo := errors.New("undo")
		err := f.db.Write(as(ada), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err1 := f.CreateTx(ctx, tx, sound())
			_, err2 := f.MarkReadTx(ctx, tx, vic, entries[0].ID)
			_, err3 := f.ArchiveTx(ctx, tx, vic, entries[0].ID)
			_, err4 := f.MarkAllReadTx(ctx, tx, vic, 0)
			_, err5 := f.SetPreferencesTx(ctx, tx, vic, notification.Preferences{MuteAll: true})
			err6 := errors.Join(f.DeleteTx(ctx, tx, vic, entries[1].ID), f.WatchTx(ctx, tx, vic, episode(1)))
			if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
				t.Error(err)
			}
			return undo
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		p, err := f.Preferences(t.Context(), vic)
		if err != nil || p.MuteAll {
			t.Errorf("preferences %+v, %v", p, err)
		}
		if diff := cmp.Diff(entries, f.inbox(vic)); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
		if n := f.count(`SELECT (SELECT COUNT(*) FROM callboard_outbox) + (SELECT COUNT(*) FROM callboard_watches)`); n != 0 {
			t.Errorf("%d rows of an undone transaction", n)
		}
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		soon := f.now().Add(time.Minute)
		f.handle(f.note("1", vic), f.note("2", vic), f.note("3", vic), f.updated(eve, 1), f.note("other", val),
			f.sent(callboard.NotificationData{Type: "brief", Message: "b", ExpiresAt: &soon}, callboard.Resource{}, vic),
			f.sent(callboard.NotificationData{Type: "news", Message: "4"}, callboard.Resource{}, vic))
		inbox := f.inbox(vic)
		if _, err := f.MarkRead(t.Context(), vic, inbox[2].ID); err != nil { // "3"
			t.Fatal(err)
		}
		if _, err := f.Archive(t.Context(), vic, inbox[4].ID); err != nil { // "1"
			t.Fatal(err)
		}
		f.pass(time.Hour)
		for name, c := range map[string]struct {
			filter notification.Filter
			want   string
		}{
			"all":      {notification.Filter{}, "4 3 2"},
			"unread":   {notification.Filter{Unread: true}, "4 2"},
			"type":     {notification.Filter{Type: "note"}, "3 2"},
			"archived": {notification.Filter{Archived: true}, "1"},
			"none":     {notification.Filter{Archived: true, Unread: true}, ""},
		} {
			if got := f.pages(vic, c.filter, 1); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		if n, err := f.UnreadCount(t.Context(), vic); n != 2 || err != nil {
			t.Errorf("unread count %d, %v", n, err)
		}
		for _, cursor := range []string{"x", "e30", callboard.EncodeCursor("1"), callboard.EncodeCursor(map[string]any{"id": 1})} {
			_, err := f.List(t.Context(), vic, notification.Filter{}, callboard.Page{Cursor: cursor})
			if callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("cursor %q: %v", cursor, err)
			}
		}
	})
}

// pages reads an inbox page by page and returns the messages.
func (f *fixture) pages(userID string, filter notification.Filter, limit int) string {
	f.t.Helper()
	var messages []string
	page := callboard.Page{Limit: limit}
	for {
		list, err := f.List(context.Background(), userID, filter, page)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, n := range list.Items {
			messages = append(messages, n.Message)
		}
		if page.Cursor = list.NextCursor; page.Cursor == "" {
			return strings.Join(messages, " ")
		}
	}
}

func TestMarkAllReadUpTo(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.handle(f.note("1", vic), f.note("2", vic), f.note("3", vic), f.note("other", val))
		for _, c := range []struct{ upTo, want int64 }{{2, 2}, {2, 0}, {0, 1}} {
			if n, err := f.MarkAllRead(t.Context(), vic, c.upTo); n != c.want || err != nil {
				t.Errorf("up to %d: marked %d, %v, want %d", c.upTo, n, err, c.want)
			}
		}
		if n, err := f.UnreadCount(t.Context(), val); n != 1 || err != nil {
			t.Errorf("another user's count: %d, %v", n, err)
		}
	})
}

func TestReadingTwiceKeepsTheFirstTime(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.handle(f.note("1", vic))
		id := f.inbox(vic)[0].ID
		for range 2 {
			n, err := f.MarkRead(t.Context(), vic, id)
			if err != nil || n.ReadAt == nil || !n.ReadAt.Equal(noon()) {
				t.Errorf("read at %v, %v", n.ReadAt, err)
			}
			f.pass(time.Hour)
		}
		n, err := f.Archive(t.Context(), vic, id)
		if err != nil || !n.ReadAt.Equal(noon()) || !n.ArchivedAt.Equal(noon().Add(2*time.Hour)) {
			t.Errorf("archived %+v, %v", n, err)
		}
	})
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		unset := notification.Preferences{Types: map[string]notification.Channels{}}
		if p, err := f.Preferences(t.Context(), vic); err != nil || !cmp.Equal(unset, p) {
			t.Errorf("preferences %+v, %v", p, err)
		}
		set := notification.Preferences{
			Types:      map[string]notification.Channels{"note": {InApp: true}},
			QuietHours: &notification.QuietHours{Start: "22:00", End: "07:00", TimeZone: "Asia/Tokyo", Days: []string{"mon"}},
		}
		for _, want := range []notification.Preferences{{MuteAll: true, Types: unset.Types}, set} {
			if _, err := f.SetPreferences(t.Context(), vic, want); err != nil {
				t.Fatal(err)
			}
			if p, err := f.Preferences(t.Context(), vic); err != nil || !cmp.Equal(want, p) {
				t.Errorf("preferences %+v, %v, want %+v", p, err, want)
			}
		}
		bad := notification.Preferences{Types: map[string]notification.Channels{"a:b": {}}, QuietHours: &notification.QuietHours{}}
		if _, err := f.SetPreferences(t.Context(), vic, bad); callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("odd preferences: %v", err)
		}
	})
}

func TestWatches(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		for _, err := range []error{f.Watch(t.Context(), "", episode(1)), f.Watch(t.Context(), vic, callboard.Resource{})} {
			if callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("a watch of nobody, or of nothing: %v", err)
			}
		}
		f.watch(vic, 1)
		f.watch(vic, 1)
		f.watch(val, 1)
		f.watch(val, 2)
		watchers := func(n int) string {
			ids, err := f.Watchers(t.Context(), episode(n))
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(ids)
		}
		if got, want := watchers(1), fmt.Sprint([]string{vic, val}); got != want {
			t.Errorf("watchers %s, want %s", got, want)
		}
		for range 2 {
			if err := f.Unwatch(t.Context(), vic, episode(1)); err != nil {
				t.Fatal(err)
			}
		}
		for id, want := range map[string]bool{vic: false, val: true} {
			if got, err := f.Watching(t.Context(), id, episode(1)); got != want || err != nil {
				t.Errorf("%s watches: %t, %v", nameOf(id), got, err)
			}
		}
		if err := f.Forget(t.Context(), episode(1)); err != nil {
			t.Fatal(err)
		}
		if watchers(1) != "[]" || watchers(2) == "[]" {
			t.Errorf("watchers %s and %s", watchers(1), watchers(2))
		}
	})
}

func TestSweep(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	forEach(t, func(t *testing.T, f *fixture) {
		soon := f.now().Add(day)
		f.watch(vic, 1)
		f.handle(f.note("unread", vic), f.updated(eve, 1), f.note("read", vic), f.note("archived", vic),
			f.sent(callboard.NotificationData{Type: "b", Message: "b", ExpiresAt: &soon}, callboard.Resource{}, vic))
		inbox := f.inbox(vic)
		_, err1 := f.Archive(t.Context(), vic, inbox[1].ID)
		_, err2 := f.MarkRead(t.Context(), vic, inbox[2].ID)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		f.exec(`UPDATE callboard_notifications SET id = '0190' || substr(id, 5)`) // as if made years ago
		for _, step := range []struct {
			after time.Duration
			want  notification.Swept
		}{
			{0, notification.Swept{}},
			{day, notification.Swept{Expired: 1}},
			{10 * day, notification.Swept{}},
			{10*day + time.Second, notification.Swept{Read: 2}},
			{20 * day, notification.Swept{}},
			{20*day + time.Second, notification.Swept{Unread: 1}},
		} {
			f.set(noon().Add(step.after))
			if step.after == 20*day { // the entry about the episode is made new by another event
				f.handle(f.updated(eve, 1))
			}
			swept, err := f.Sweep(t.Context())
			if diff := cmp.Diff(step.want, swept); diff != "" || err != nil {
				t.Errorf("after %s (-want +got), %v:\n%s", step.after, err, diff)
			}
		}
	}, func(c *notification.Config) { c.Retention, c.UnreadRetention = 10*day, 20*day })
}

func TestSweepInChunks(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.people.addViewers(2500)
		soon := f.now().Add(time.Hour)
		f.handle(f.sent(callboard.NotificationData{Type: "b", Message: "b", ExpiresAt: &soon}, callboard.Resource{}, "all"))
		f.set(soon)
		swept, err := f.Sweep(t.Context())
		if swept.Expired != 2503 || err != nil {
			t.Errorf("swept %+v, %v", swept, err)
		}
	})
}

// An entry that a new event joins while the sweep waits for it is no longer old, and stays.
func TestSweepSparesWhatIsJoinedMeanwhile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.Postgres, sets()...))
	f.watch(vic, 1)
	f.handle(f.updated(eve, 1))
	f.exec(`UPDATE callboard_notifications SET id = '0190' || substr(id, 5), created_at = 0`) // as if made years ago
	swept := make(chan error, 1)
	update := f.updated(eve, 1)
	err := f.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		if _, _, err := f.Consumers()[0].HandlePart(ctx, tx, []callboard.Event{update}, ""); err != nil {
			return err
		}
		go func() {
			_, err := f.Sweep(context.Background())
			swept <- err
		}()
		for waiting := 0; waiting == 0; { // until the sweep waits for the entry's lock
			if err := f.db.QueryRowContext(ctx, `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, <-swept); err != nil {
		t.Fatal(err)
	}
	if n := len(f.inbox(vic)); n != 1 {
		t.Errorf("%d entries are left, want 1", n)
	}
}
