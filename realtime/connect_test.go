package realtime_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

func jwt(claims string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
}

func TestConnect(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	cookie := func(v string) *http.Cookie { return &http.Cookie{Name: "session", Value: v} }
	tests := []struct {
		name string
		o    realtimetest.Options
		code int // 0: connects
	}{
		{"token", realtimetest.Options{Token: "anna"}, 0},
		{"cookie", realtimetest.Options{Cookie: cookie("anna")}, 0},
		{"header", realtimetest.Options{Header: http.Header{"Authorization": {"Bearer anna"}}}, 0},
		{"nothing", realtimetest.Options{}, realtime.CodeInvalidToken},
		{"unknown token", realtimetest.Options{Token: "eve"}, realtime.CodeInvalidToken},
		{"unknown cookie", realtimetest.Options{Cookie: cookie("eve")}, realtime.CodeInvalidToken},
		{"a bad token is not made good by a cookie", realtimetest.Options{Token: "eve", Cookie: cookie("anna")}, realtime.CodeInvalidToken},
		{"an expired JWT asks for a new one", realtimetest.Options{Token: jwt(`{"exp":1}`)}, 109},
		{"a JWT that is wrong otherwise does not", realtimetest.Options{Token: jwt(`{"exp":9999999999}`)}, realtime.CodeInvalidToken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := realtimetest.Connect(within(t), s.url(), tt.o)
			if tt.code != 0 {
				if codeOf(err) != tt.code {
					t.Fatalf("%v, want code %d", err, tt.code)
				}
				return
			}
			must(t, err)
			defer c.Close()
			for _, channel := range []string{"broadcast", "user:" + annaID} {
				if _, ok := c.Subs[channel]; !ok {
					t.Errorf("not subscribed to %s, only to %v", channel, c.Subs)
				}
			}
		})
	}
}

func TestConnectWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	s.accounts.change(func(a *accounts) { a.away = true })
	_, err := realtimetest.Connect(within(t), s.url(), realtimetest.Options{Token: "anna"})
	if codeOf(err) != realtime.CodeUnavailable {
		t.Errorf("%v, want a code after which clients try again", err)
	}
}

// request sends what a client of the transport sends first, with the given headers.
func request(t *testing.T, s *server, path string, header map[string]string) *http.Response {
	t.Helper()
	const connect = `{"id":1,"connect":{"token":"anna"}}`
	method, target, body := http.MethodPost, s.http.URL+path, connect
	switch path {
	case realtime.PathSSE:
		method, target, body = http.MethodGet, target+"?cf_connect="+url.QueryEscape(connect), ""
	case realtime.PathEmulation:
		body = `{"session":"x","node":"y","data":{}}`
	case realtime.PathWebSocket:
		method, body = http.MethodGet, ""
	}
	r, err := http.NewRequestWithContext(within(t), method, target, strings.NewReader(body))
	must(t, err)
	if path == realtime.PathWebSocket {
		for k, v := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket",
			"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
			r.Header.Set(k, v)
		}
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.AllowedOrigins = []string{"https://Board.example:8443"} })
	passes := map[string]int{realtime.PathWebSocket: 101, realtime.PathHTTPStream: 200, realtime.PathSSE: 200, realtime.PathEmulation: 404}
	for path, passed := range passes {
		for _, tt := range []struct {
			name   string
			header map[string]string
			status int
		}{
			{"no browser", nil, passed},
			{"own page", map[string]string{"Origin": s.http.URL}, passed},
			{"own page behind a proxy", map[string]string{"Origin": "https://here.example", "Sec-Fetch-Site": "same-origin"}, passed},
			{"listed page", map[string]string{"Origin": "https://board.example:8443"}, passed},
			{"foreign page", map[string]string{"Origin": "https://evil.example"}, 403},
			{"listed name, other port", map[string]string{"Origin": "https://board.example"}, 403},
			{"sandboxed page", map[string]string{"Origin": "null"}, 403},
			{"foreign image", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
			{"own event source", map[string]string{"Sec-Fetch-Site": "same-origin"}, passed},
		} {
			t.Run(path+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				resp := request(t, s, path, tt.header)
				if resp.StatusCode != tt.status {
					t.Errorf("status %d, want %d", resp.StatusCode, tt.status)
				}
				readable := "" // a page of the server's own needs no leave
				if tt.name == "listed page" && path != realtime.PathWebSocket {
					readable = tt.header["Origin"]
				}
				if allowed := resp.Header.Get("Access-Control-Allow-Origin"); allowed != readable {
					t.Errorf("may be read by %q, want %q", allowed, readable)
				}
			})
		}
	}
}

// TestPreflight asks as browsers do before a page of another origin streams. It takes none of the connections.
func TestPreflight(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.AllowedOrigins, c.MaxConnections = []string{"https://board.example"}, 1 })
	s.dial("anna")
	for origin, status := range map[string]int{"https://board.example": 204, "https://evil.example": 403} {
		r, err := http.NewRequestWithContext(within(t), http.MethodOptions, s.http.URL+realtime.PathHTTPStream, nil)
		must(t, err)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		resp, err := http.DefaultClient.Do(r)
		must(t, err)
		must(t, resp.Body.Close())
		if allowed := resp.Header.Get("Access-Control-Allow-Origin"); resp.StatusCode != status || (allowed == origin) != (status == 204) {
			t.Errorf("%s: %d, allowed %q", origin, resp.StatusCode, allowed)
		}
	}
}

func TestOriginsAreChecked(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{"*", "board.example", "https://", "https://board.example/path", "https://*.example"} {
		if _, err := realtime.New(realtime.Config{Authenticator: newAccounts(), AllowedOrigins: []string{origin}}); err == nil {
			t.Errorf("%q was taken for an origin", origin)
		}
	}
	if _, err := realtime.New(realtime.Config{}); err == nil {
		t.Error("sockets without an Authenticator")
	}
}

func TestStreamingTransports(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, path := range []string{realtime.PathHTTPStream, realtime.PathSSE} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			resp := request(t, s, path, nil)
			lines := bufio.NewScanner(resp.Body)
			await := func(part string) {
				t.Helper()
				for lines.Scan() {
					if strings.Contains(lines.Text(), part) {
						return
					}
				}
				t.Fatalf("the stream ended before %q: %v", part, lines.Err())
			}
			await(`"subs":`)
			must(t, s.Ephemeral(t.Context(), event(0, "user:"+annaID)))
			await(`"event":"episode_updated"`)
		})
	}
	t.Run("nobody", func(t *testing.T) {
		t.Parallel()
		r, err := http.NewRequestWithContext(within(t), http.MethodPost, s.http.URL+realtime.PathHTTPStream,
			strings.NewReader(`{"id":1,"connect":{}}`))
		must(t, err)
		resp, err := http.DefaultClient.Do(r)
		must(t, err)
		defer func() { _ = resp.Body.Close() }()
		line, _ := bufio.NewReader(resp.Body).ReadString('\n')
		if !strings.Contains(line, fmt.Sprint(realtime.CodeInvalidToken)) {
			t.Errorf("answer %q, want code %d", line, realtime.CodeInvalidToken)
		}
	})
}

func TestRightsChange(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for i, kind := range []callboard.EventDef[callboard.UserData]{
		callboard.UserUpdated, callboard.UserDisabled, callboard.CredentialRevoked,
	} {
		anna, anna2, ben := s.dial("anna"), s.dial("anna2"), s.dial("ben")
		ev := kind.New(t.Context(), callboard.Resource{Type: "user", ID: annaID}, callboard.UserData{Name: "Anna"})
		ev.Pos = int64(i + 1)
		s.FollowRights([]callboard.Event{ev})
		for _, c := range []*realtimetest.Client{anna, anna2} {
			if code, err := c.Wait(within(t)); code != realtime.CodeRightsChanged {
				t.Errorf("%s: ended with %d (%v)", kind.Name, code, err)
			}
		}
		must(t, s.Publish(t.Context(), events(int64(10*(i+1)), int64(10*(i+1)), "broadcast")))
		if _, err := ben.Next(within(t)); err != nil {
			t.Errorf("%s: someone else was cut off: %v", kind.Name, err)
		}
	}
	anna := s.dial("anna")
	room := callboard.NewEvent(t.Context(), callboard.UserDisabled.Name, callboard.Resource{Type: callboard.RoomType, ID: annaID}, nil)
	room.Direct = true
	s.FollowRights([]callboard.Event{room})
	must(t, s.Publish(t.Context(), events(100, 100, "broadcast")))
	if _, err := anna.Next(within(t)); err != nil {
		t.Errorf("a message to a room with the name of an event has ended a connection: %v", err)
	}
	s.accounts.change(func(a *accounts) { delete(a.known, "anna") })
	if _, err := realtimetest.Connect(within(t), s.url(), realtimetest.Options{Token: "anna"}); codeOf(err) != realtime.CodeInvalidToken {
		t.Errorf("a disabled user comes back: %v", err)
	}
}

func TestCredentialsAreVerifiedAgain(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.VerifyEvery, c.AliveEvery = time.Second, 100*time.Millisecond })
	tests := []struct {
		name   string
		change func(a *accounts)
		code   int
	}{
		{"revoked", func(a *accounts) { delete(a.known, "revoked") }, realtime.CodeExpired},
		{"demoted", func(a *accounts) { a.known["demoted"] = callboard.Actor{ID: "d", Role: callboard.RoleViewer} }, realtime.CodeRightsChanged},
		{"expires", func(a *accounts) { a.expires["expires"] = time.Now() }, realtime.CodeExpired},
		// Clients with a JWT that expires renew it by themselves; that it was revoked they don't know.
		{"revoked.jwt.x", func(a *accounts) { delete(a.known, "revoked.jwt.x") }, realtime.CodeExpired},
		{"demoted.jwt.x", func(a *accounts) { a.known["demoted.jwt.x"] = callboard.Actor{ID: "d", Role: callboard.RoleViewer} },
			realtime.CodeRightsChanged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s.accounts.change(func(a *accounts) {
				a.known[tt.name] = callboard.Actor{ID: tt.name[:1], Role: callboard.RoleAdmin}
				if strings.Contains(tt.name, ".jwt.") {
					a.expires[tt.name] = time.Now().Add(time.Hour)
				}
			})
			c := realtimetest.Dial(t, s.url(), realtimetest.Options{Token: tt.name})
			s.accounts.change(tt.change)
			if code, err := c.Wait(within(t)); code != tt.code {
				t.Errorf("ended with %d (%v), want %d", code, err, tt.code)
			}
		})
	}
}

// A client that connected with a JWT stays connected with the next one.
func TestTokenIsRenewed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, next string
		away       bool
		code       int // with which the connection ends; 0: it stays
	}{
		{"the next one", "next.jwt.x", false, 0},
		{"while the database is away", "next.jwt.x", true, 0},
		{"one that does not hold", "unknown.jwt.x", false, realtime.CodeExpired},
		{"one of somebody else", "ben", false, realtime.CodeRightsChanged},
		{"one with other rights", "demoted.jwt.x", false, realtime.CodeRightsChanged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, nil)
			s.accounts.change(func(a *accounts) {
				a.known["first.jwt.x"], a.known["next.jwt.x"] = a.known["anna"], a.known["anna"]
				a.known["demoted.jwt.x"] = callboard.Actor{ID: annaID, Role: callboard.RoleViewer}
				a.expires["first.jwt.x"], a.expires["next.jwt.x"] = time.Now().Add(time.Minute), time.Now().Add(time.Hour)
			})
			c := s.dial("first.jwt.x")
			s.accounts.change(func(a *accounts) { a.away = tt.away })
			err := c.Command(within(t), "refresh", map[string]any{"token": tt.next})
			if tt.code != 0 {
				if code, err := c.Wait(within(t)); code != tt.code {
					t.Errorf("ended with %d (%v), want %d", code, err, tt.code)
				}
				return
			}
			must(t, err)
			must(t, s.Ephemeral(t.Context(), event(0, "broadcast")))
			if _, err := c.Next(within(t)); err != nil {
				t.Errorf("cut off: %v", err)
			}
		})
	}
}

func TestSocketsOutliveTheDatabase(t *testing.T) {
	t.Parallel()
	var asked counted
	s := start(t, func(c *realtime.Config) {
		c.VerifyEvery = time.Second
		c.Authenticator = &asked
	})
	asked.accounts = s.accounts
	c := s.dial("anna")
	s.accounts.change(func(a *accounts) { a.away = true })
	eventually(t, "a verification while the database is away", func() bool { return asked.calls.Load() > 1 })
	must(t, s.Ephemeral(t.Context(), event(0, "broadcast")))
	if _, err := c.Next(within(t)); err != nil {
		t.Errorf("cut off: %v", err)
	}
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	a, b := s.dial("anna"), s.dial("ben")
	must(t, s.Shutdown(within(t)))
	for _, c := range []*realtimetest.Client{a, b} {
		if code, err := c.Wait(within(t)); code != realtime.CodeShutdown {
			t.Errorf("ended with %d (%v), want %d", code, err, realtime.CodeShutdown)
		}
	}
}

func TestDisconnect(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	a, b := s.dial("anna"), s.dial("ben")
	must(t, s.Disconnect(t.Context(), annaID))
	if code, err := a.Wait(within(t)); code != realtime.CodeEndedByAdmin {
		t.Errorf("ended with %d (%v)", code, err)
	}
	if err := b.Err(); err != nil {
		t.Errorf("someone else was cut off: %v", err)
	}
}
