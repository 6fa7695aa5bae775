package keylock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/callboard/callboard/internal/keylock"
)

func TestMutex(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m keylock.Mutex[string]
		lock := func(key string) func() {
			t.Helper()
			unlock, err := m.Lock(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			return unlock
		}
		first := lock("a")
		second := make(chan func(), 1)
		go func() { second <- lock("a") }()
		impatient, giveUp := context.WithCancel(t.Context())
		gone := make(chan error, 1)
		go func() {
			_, err := m.Lock(impatient, "a")
			gone <- err
		}()
		synctest.Wait()
		if len(second) > 0 {
			t.Error("a key is held twice")
		}
		lock("b")() // waits for nobody
		giveUp()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("who gives up: %v", err)
		}
		first()
		(<-second)()
		lock("a")()
	})
}
