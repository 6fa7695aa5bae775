package sqldb_test

import (
	"context"
	"errors"
	"testing"

	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func TestSignalFollowsTheCommit(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		signal, stop := db.Listen("notes")
		other, stopOther := db.Listen("else")
		defer stopOther()
		signalling := func(err error) error {
			return db.Write(t.Context(), func(_ context.Context, tx *sqldb.Tx) error {
				tx.Signal("notes")
				return err
			})
		}
		raised := func(c <-chan struct{}) bool {
			select {
			case <-c:
				return true
			default:
				return false
			}
		}
		if err := signalling(errors.New("refused")); err == nil || raised(signal) {
			t.Errorf("a write that failed (%v) has signalled", err)
		}
		for range 2 {
			if err := signalling(nil); err != nil {
				t.Fatalf("write: %v", err)
			}
		}
		if !raised(signal) || raised(signal) || raised(other) {
			t.Error("two commits did not make one signal for their topic alone")
		}
		stop()
		if err := signalling(nil); err != nil || raised(signal) {
			t.Errorf("a signal came after the listening ended, %v", err)
		}
	})
}
