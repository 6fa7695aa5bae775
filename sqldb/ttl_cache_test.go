package sqldb_test

import (
	"strconv"
	"testing"
	"time"

	"callboard/sqldb"
)

func TestTTLCache(t *testing.T) {
	t.Parallel()
	r := sqldb.NewTTLCache[string](time.Second, 100)
	now := time.UnixMicro(0)
	wantNone := func(key string, now time.Time) int {
		t.Helper()
		v, generation, ok := r.Get(key, now)
		if ok {
			t.Errorf("%s is %q", key, v)
		}
		return generation
	}
	r.Put("a", wantNone("a", now), "old", now)
	if v, _, ok := r.Get("a", now.Add(time.Second-1)); v != "old" || !ok {
		t.Errorf("within its moment: %q, %v", v, ok)
	}
	wantNone("a", now.Add(time.Second))

	r.Forget("a")
	generation := wantNone("a", now)
	r.Forget("a") // changed between reading and keeping
	r.Put("a", generation, "old", now)
	wantNone("a", now)

	r.Put("a", wantNone("a", now), "new", now)
	r.ForgetAll()
	wantNone("a", now)
}

func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	r := sqldb.NewTTLCache[int](time.Second, 100)
	now, kept := time.UnixMicro(0), 0
	for i := range 10_000 {
		key := strconv.Itoa(i)
		_, generation, _ := r.Get(key, now)
		r.Put(key, generation, i, now)
	}
	for i := range 10_000 {
		if v, _, ok := r.Get(strconv.Itoa(i), now); ok {
			if kept++; v != i {
				t.Errorf("%d has the value %d", i, v)
			}
		}
	}
	if kept == 0 || kept > 200 {
		t.Errorf("%d values are kept", kept)
	}
}
