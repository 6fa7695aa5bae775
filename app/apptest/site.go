package apptest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// Site is a server as those see it who use it. Its methods may be called from several goroutines.
type Site struct {
	Users Users

	t    testing.TB
	url  atomic.Pointer[string]
	http *http.Client
}

// nowhere is the URL of a server that is not there: every request fails at once.
const nowhere = "http://127.0.0.1:0"

func (s *Site) init(t testing.TB, users Users) {
	s.t, s.Users = t, users
	s.url.Store(new(nowhere))
	s.http = &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	t.Cleanup(s.http.CloseIdleConnections)
}

// At returns a site that runs somewhere else, as those see it who use it.
func At(t testing.TB, url string, users Users) *Site {
	s := &Site{}
	s.init(t, users)
	s.url.Store(&url)
	return s
}

// Through returns the site as those see it who come by another URL, such as that of a proxy.
func (s *Site) Through(url string) *Site {
	return At(s.t, url, s.Users)
}

// URL returns where the server is: "http://127.0.0.1:40123". It changes when a binary is started again.
func (s *Site) URL() string { return *s.url.Load() }

// Response is the answer to a request, whatever its status.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON decodes the body into v.
func (r Response) JSON(v any) error {
	if err := json.Unmarshal(r.Body, v); err != nil {
		return fmt.Errorf("answer %d %.200q: %w", r.Status, r.Body, err)
	}
	return nil
}

// Problem returns what an error answer tells people, "" for an answer that is none.
func (r Response) Problem() string {
	var p struct {
		Detail string `json:"detail"`
	}
	if r.Header.Get("Content-Type") != "application/problem+json" || r.JSON(&p) != nil {
		return ""
	}
	return p.Detail
}

// ID returns the ID of the resource in the answer, "" when it has none. Of a new token it is that of the token.
func (r Response) ID() string {
	var body struct {
		Data struct {
			ID    string `json:"id"`
			Token struct {
				ID string `json:"id"`
			} `json:"token"`
		} `json:"data"`
	}
	_ = r.JSON(&body) // an answer without is the caller's to notice
	return cmp.Or(body.Data.Token.ID, body.Data.ID)
}

// Try makes a request; body, when not nil, is sent as JSON. The error tells that there was no whole answer.
func (s *Site) Try(ctx context.Context, method, path, token string, body any) (Response, error) {
	if body == nil {
		return s.TryRaw(ctx, method, path, token, nil, nil)
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return Response{}, err
	}
	return s.TryRaw(ctx, method, path, token, http.Header{"Content-Type": {"application/json"}}, bytes.NewReader(encoded))
}

// TryRaw makes a request with any headers and body. See Try.
func (s *Site) TryRaw(ctx context.Context, method, path, token string, header http.Header, body io.Reader) (Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.URL()+path, body)
	if err != nil {
		return Response{}, err
	}
	if header != nil {
		req.Header = header.Clone()
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := s.http.Do(req)
	if err != nil {
		return Response{}, err
	}
	defer answer.Body.Close()
	r := Response{Status: answer.StatusCode, Header: answer.Header}
	r.Body, err = io.ReadAll(answer.Body)
	return r, err
}

// Raw is TryRaw by a caller who needs an answer: the test ends when there is none.
func (s *Site) Raw(method, path, token string, header http.Header, body io.Reader) Response {
	s.t.Helper()
	r, err := s.TryRaw(s.t.Context(), method, path, token, header, body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

// Do is Try by a caller who needs an answer: the test ends when there is none.
func (s *Site) Do(method, path, token string, body any) Response {
	s.t.Helper()
	r, err := s.Try(s.t.Context(), method, path, token, body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

// Want is Do for a request that must succeed: the answer has the status, and its "data" is decoded into out, if not nil.
func (s *Site) Want(status int, method, path, token string, body, out any) {
	s.t.Helper()
	r := s.Do(method, path, token, body)
	if r.Status != status {
		s.t.Fatalf("%s %s: answer %d %.300s, want %d", method, path, r.Status, r.Body, status)
	}
	if out == nil {
		return
	}
	if err := r.JSON(&struct {
		Data any `json:"data"`
	}{out}); err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
}

// Dial connects a socket as the user of a token. It is closed when the test ends.
func (s *Site) Dial(token string) *realtimetest.Client {
	s.t.Helper()
	return s.DialWith(realtimetest.Options{Token: token})
}

// DialWith is Dial with all options.
func (s *Site) DialWith(o realtimetest.Options) *realtimetest.Client {
	s.t.Helper()
	return realtimetest.Dial(s.t, s.URL()+realtime.PathWebSocket, o)
}

// Readiness is the answer of /readyz, as far as tests need it.
type Readiness struct {
	Status string `json:"status"`
	Parts  map[string]struct {
		Status      string `json:"status"`
		Detail      string `json:"detail"`
		LagEvents   int    `json:"lag_events"`
		DeadLetters int    `json:"dead_letters"`
		Consumers   map[string]struct {
			Stalled     bool `json:"stalled"`
			LagEvents   int  `json:"lag_events"`
			DeadLetters int  `json:"dead_letters"`
		} `json:"consumers"`
	} `json:"parts"`
}

// Ready returns the answer of /readyz and its status.
func (s *Site) Ready() (Readiness, int) {
	s.t.Helper()
	r := s.Do(http.MethodGet, "/readyz", "", nil)
	var ready Readiness
	if err := r.JSON(&ready); err != nil {
		s.t.Fatal(err)
	}
	return ready, r.Status
}

// AwaitPart waits until /readyz says 200, and of one of its parts that it has the status.
func (s *Site) AwaitPart(part, status string) {
	s.t.Helper()
	Eventually(s.t, part+" is "+status, func() error {
		ready, code := s.Ready()
		if p := ready.Parts[part]; p.Status != status || code != http.StatusOK {
			return fmt.Errorf("answer %d, %+v", code, p)
		}
		return nil
	})
}

// Settle waits until everything has followed from what was written: every consumer has taken every event, and nothing is set
// aside.
func (s *Site) Settle() {
	s.t.Helper()
	Eventually(s.t, "everything has followed", func() error {
		ready, status := s.Ready()
		log := ready.Parts["outbox"]
		if status != http.StatusOK || log.LagEvents != 0 || log.DeadLetters != 0 {
			return fmt.Errorf("answer %d: %+v", status, ready)
		}
		return nil
	})
}

// Eventually calls check until it returns nil. The test ends with the last error when it never does.
func Eventually(t testing.TB, what string, check func() error) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never: %s: %v", what, err)
		}
	}
}

// BeginSecondFactor begins the second factor of the user of a token. It returns its secret, and the code of now.
func (s *Site) BeginSecondFactor(token, password string) (secret, code string) {
	s.t.Helper()
	var begun struct{ Secret string }
	s.Want(http.StatusCreated, http.MethodPost, "/api/v1/auth/second-factor", token, map[string]string{"current_password": password}, &begun)
	code, err := totp.GenerateCode(begun.Secret, time.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return begun.Secret, code
}
