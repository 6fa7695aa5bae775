package ttlcache_test

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/internal/ttlcache"
)

func TestTTLCache(t *testing.T) {
	t.Parallel()
	r := ttlcache.New(time.Second, 100, 1<<20, func(v string) int { return len(v) })
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

	first, second := r.Hold("a"), r.Hold("a")
	generation = wantNone("a", now)
	first()
	r.Put("a", wantNone("a", now), "old", now) // is changed by the second
	wantNone("a", now)
	second()
	r.Put("a", generation, "old", now)
	wantNone("a", now)

	r.Put("a", wantNone("a", now), "new", now)
	if v, _, ok := r.Get("a", now); v != "new" || !ok {
		t.Errorf("after the changes: %q, %v", v, ok)
	}
	r.ForgetAll()
	wantNone("a", now)
}

func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	r := ttlcache.New(time.Second, 100, 1<<20, func(int) int { return 8 })
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

// Neither large values nor the texts that keys are cut from are kept beyond the limit. Not parallel, since it measures the memory of
// the process.
func TestRecentIsBoundedInBytes(t *testing.T) {
	const limit = 4 << 20
	r := ttlcache.New(time.Minute, 100_000, limit, func(v string) int { return len(v) })
	now := time.UnixMicro(0)
	before := heap()
	for i := range 2000 {
		request := strings.Repeat("x", 50_000) + strconv.Itoa(i)
		key := request[50_000:]
		_, generation, _ := r.Get(key, now)
		r.Put(key, generation, strings.Repeat("v", 10_000), now)
	}
	if _, generation, ok := r.Get("large", now); ok {
		t.Error("is there before it was kept")
	} else {
		r.Put("large", generation, strings.Repeat("v", limit), now)
	}
	if _, _, ok := r.Get("large", now); ok {
		t.Error("a value larger than the cache is kept")
	}
	if grown := heap() - before; grown > 2*limit {
		t.Errorf("%d MB are held where %d may be", grown>>20, limit>>20)
	}
	if _, _, ok := r.Get("1999", now); !ok {
		t.Error("the newest is not there")
	}
}

// heap returns how many bytes are in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
