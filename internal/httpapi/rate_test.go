package httpapi

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/callboard/callboard"
)

func TestCallRate(t *testing.T) {
	t.Parallel()
	c, now := callRate{limit: 6}, time.Now()
	take := func(caller string) error { return c.take(caller, now) }
	for range 6 {
		if err := take("ada"); err != nil {
			t.Fatal(err)
		}
	}
	refusal, ok := errors.AsType[*callboard.Error](take("ada"))
	if !ok || refusal.Code != callboard.CodeRateLimited || refusal.RetryAfter != 10*time.Second {
		t.Errorf("the seventh at once: %+v", refusal)
	}
	if err := take("ben"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	now = now.Add(10 * time.Second)
	if err := take("ada"); err != nil {
		t.Errorf("after ten seconds: %v", err)
	}
	if err := take("ada"); err == nil {
		t.Error("two after ten seconds")
	}
}

func TestCallRateTakesNoMoreMemory(t *testing.T) {
	t.Parallel()
	c, now := callRate{limit: 2}, time.Now()
	for i := range 3 * maxRateCallers {
		now = now.Add(10 * time.Millisecond)
		if err := c.take(fmt.Sprint(i), now); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.callers) > maxRateCallers {
		t.Errorf("%d callers are remembered", len(c.callers))
	}
}
