package httpapi

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"callboard"
)

func TestTurnsAreTakenOneAfterTheOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var turns Turns
		as := func(user string) context.Context { return callboard.WithActor(t.Context(), callboard.Actor{ID: user}) }
		take := func(ctx context.Context) func() {
			t.Helper()
			done, err := turns.Take(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return done
		}
		anna := take(as("anna"))
		second := make(chan func(), 1)
		go func() {
			done, _ := turns.Take(as("anna"))
			second <- done
		}()
		impatient, giveUp := context.WithCancel(as("anna"))
		gone := make(chan error, 1)
		go func() {
			_, err := turns.Take(impatient)
			gone <- err
		}()
		synctest.Wait()
		if len(second) > 0 {
			t.Error("a user has two turns")
		}
		take(as("ben"))() // waits for nobody
		giveUp()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("who goes away: %v", err)
		}
		anna()
		(<-second)()
		if len(turns.users) > 0 {
			t.Errorf("left behind: %v", turns.users)
		}
	})
}
