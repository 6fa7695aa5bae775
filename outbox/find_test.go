package outbox_test

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// idOf returns an ID that was made at t.
func idOf(t time.Time) string {
	id := uuid.Must(uuid.NewV7())
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(t.UnixMilli()))
	copy(id[:6], ms[2:])
	return id.String()
}

// An event is found by its ID, also where it was appended long after it was made, or has no position yet.
func TestFind(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		log := outbox.New(outbox.Config{DB: db, Events: testEvents(t)})
		now := time.Now()
		var ids []string
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			for i := range 500 {
				e := newEvent("tested", callboard.Resource{}, nil)
				e.ID = idOf(now.Add(time.Duration(i-2000) * time.Second))
				if i%50 == 7 { // it was made in a transaction that lasted
					e.ID = idOf(now.Add(time.Duration(i-2000)*time.Second - 10*time.Minute))
				}
				ids = append(ids, e.ID)
				if err := log.Append(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if e, err := log.Find(t.Context(), ids[3]); err != nil || e.ID != ids[3] {
			t.Errorf("before the log runs: %v, %v", e.ID, err)
		}
		run, stop := start(t, outbox.Config{DB: db})
		drain(t, run)
		stop()
		for i, id := range ids {
			if e, err := log.Find(t.Context(), id); err != nil || e.ID != id || e.Pos != int64(i+1) {
				t.Fatalf("event %d: %s at %d, %v", i+1, e.ID, e.Pos, err)
			}
		}
		for id, want := range map[string]callboard.Code{
			idOf(now): callboard.CodeNotFound, idOf(now.Add(-1800 * time.Second)): callboard.CodeNotFound, idOf(now.Add(time.Hour)): callboard.CodeNotFound,
			idOf(now.Add(-2 * time.Hour)): callboard.CodeGone, uuid.NewString(): callboard.CodeNotFound, "none": callboard.CodeNotFound,
		} {
			if e, err := log.Find(t.Context(), id); callboard.CodeOf(err) != want {
				t.Errorf("%s: %s, %v, want %s", id, e.ID, err, want)
			}
		}
	}, outbox.Migrations())
}
