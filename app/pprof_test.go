package app_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"

	"github.com/callboard/callboard/app/apptest"
)

// What go tool pprof reads is compressed with gzip, and what go tool trace reads begins with its version.
func TestProfiles(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	get := func(path, token string) apptest.Response {
		return s.Do(http.MethodGet, "/debug/pprof/"+path, token, nil)
	}
	admin := s.Users.Admin.Token
	for path, begins := range map[string]string{
		"heap": "\x1f\x8b", "allocs": "\x1f\x8b", "goroutine": "\x1f\x8b", "block": "\x1f\x8b", "mutex": "\x1f\x8b", "threadcreate": "\x1f\x8b",
		"trace?seconds=1": "go 1.",
	} {
		if r := get(path, admin); r.Status != http.StatusOK || !bytes.HasPrefix(r.Body, []byte(begins)) {
			t.Errorf("%s: %d, %d bytes", path, r.Status, len(r.Body))
		}
	}
	for path, status := range map[string]int{"heap?seconds=0": 422, "cpu?seconds=31": 422, "cmdline": 422, "": 404} {
		if r := get(path, admin); r.Status != status {
			t.Errorf("%s: answer %d %s, want %d", path, r.Status, r.Body, status)
		}
	}
}

// The runtime watches for one at a time.
func TestProfileOfTheProcessorIsOneAtATime(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel() // of the other one
	answers := make(chan int, 2)
	for range 2 {
		go func() {
			r, _ := s.Try(ctx, http.MethodGet, "/debug/pprof/cpu?seconds=30", s.Users.Admin.Token, nil)
			answers <- r.Status
		}()
	}
	if status := <-answers; status != http.StatusConflict {
		t.Errorf("answer %d, want 409", status)
	}
}
