package app_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// browser is one who knows a server by what a proxy has under a prefix.
type browser struct {
	t      *testing.T
	front  string // of the proxy
	prefix string
	client *http.Client
}

func (b *browser) do(method, path, token, body string) (*http.Response, string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.front+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, string(text)
}

// page gets a page, and all that it links to, as its address resolves that.
func (b *browser) page(path, token string) {
	b.t.Helper()
	resp, text := b.do(http.MethodGet, path, token, "")
	if resp.StatusCode != http.StatusOK {
		b.t.Errorf("%s: answer %d", path, resp.StatusCode)
	}
	links := regexp.MustCompile(`(?:href|src)="([^"]+)"`).FindAllStringSubmatch(text, -1)
	if len(links) == 0 {
		b.t.Errorf("%s links to nothing", path)
	}
	for _, link := range links {
		target, err := resp.Request.URL.Parse(link[1])
		if err != nil {
			b.t.Fatal(err)
		}
		if target.Host != resp.Request.URL.Host {
			continue
		}
		if there, body := b.do(http.MethodGet, target.RequestURI(), token, ""); there.StatusCode != http.StatusOK || body == "" {
			b.t.Errorf("%s links to %s: answer %d", path, target.Path, there.StatusCode)
		}
	}
}

// Everything works under a prefix, whether a proxy passes that on or takes it off.
func TestPathPrefix(t *testing.T) {
	t.Parallel()
	const prefix = "/on/call.board"
	server := apptest.NewBinary(t, apptest.Options{}, "PATH_PREFIX="+prefix)
	server.Start()
	server.Want(http.StatusCreated, http.MethodPost, "/api/v1/users", server.Users.Admin.Token,
		obj{"email": "eve@example.org", "name": "Eve", "role": "editor", "password": evesPassword}, nil)
	target, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}
	for name, handler := range map[string]http.Handler{"passed on": proxy, "taken off": http.StripPrefix(prefix, proxy)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			front := httptest.NewServer(handler)
			t.Cleanup(front.Close)
			jar, err := cookiejar.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			b := &browser{t, front.URL, prefix, &http.Client{Jar: jar}}
			b.signIn()
			b.pages(server.Users.Admin.Token)
			b.files()
			b.sockets()
		})
	}
}

func (b *browser) signIn() {
	b.t.Helper()
	resp, text := b.do(http.MethodPost, b.prefix+"/api/v1/auth/login", "", fmt.Sprintf(`{"email":"eve@example.org","password":%q}`, evesPassword))
	cookies := resp.Cookies()
	if resp.StatusCode != http.StatusOK || len(cookies) != 2 || cookies[0].Path != b.prefix || cookies[1].Path != b.prefix {
		b.t.Fatalf("sign-in: answer %d %s, cookies %v", resp.StatusCode, text, cookies)
	}
	if resp, text := b.do(http.MethodGet, b.prefix+"/api/v1/auth/me", "", ""); resp.StatusCode != http.StatusOK || !strings.Contains(text, "Eve") {
		b.t.Errorf("the cookie does not count: answer %d %s", resp.StatusCode, text)
	}
}

func (b *browser) pages(admin string) {
	b.t.Helper()
	b.page(b.prefix+"/", "")
	b.page(b.prefix+"/docs", "")
	b.page(b.prefix+"/setup", "")
	b.page(b.prefix+"/admin/jobs/", admin)
	var document struct {
		Servers []struct{ URL string }
		Paths   map[string]any
	}
	if _, text := b.do(http.MethodGet, b.prefix+"/openapi.json", "", ""); json.Unmarshal([]byte(text), &document) != nil ||
		len(document.Servers) != 1 || document.Servers[0].URL != b.prefix || document.Paths["/api/v1/episodes"] == nil {
		b.t.Errorf("the OpenAPI document names %v", document.Servers)
	}
	if _, text := b.do(http.MethodGet, b.prefix+"/asyncapi.json", "", ""); !strings.Contains(text, `"pathname": "`+b.prefix+realtime.PathWebSocket+`"`) {
		b.t.Error("the AsyncAPI document does not name the prefix")
	}
	if _, text := b.do(http.MethodGet, b.prefix+"/admin/jobs/", admin, ""); !strings.Contains(text, `"`+b.prefix+`/admin/jobs`) {
		b.t.Errorf("the job pages look elsewhere for their data: %.2000s", text)
	}
	if resp, text := b.do(http.MethodGet, b.prefix+"/admin/jobs/api/queues?limit=20", admin, ""); resp.StatusCode != http.StatusOK {
		b.t.Errorf("the job pages: answer %d %s", resp.StatusCode, text)
	}
	if resp, _ := b.do(http.MethodGet, b.prefix+"/api/v1/nothing", "", ""); resp.StatusCode != http.StatusNotFound {
		b.t.Errorf("no such route: answer %d", resp.StatusCode)
	}
	if resp, _ := b.do(http.MethodPatch, b.prefix+"/api/v1/episodes", "", ""); resp.StatusCode != http.StatusMethodNotAllowed {
		b.t.Errorf("no such method: answer %d", resp.StatusCode)
	}
	straight := *b
	straight.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, _ := straight.do(http.MethodGet, b.prefix+"/admin/jobs", admin, "")
	if to := resp.Header.Get("Location"); to != b.prefix+"/admin/jobs/" {
		b.t.Errorf("redirected to %q: answer %d", to, resp.StatusCode)
	}
}

// files uploads a file and gets it from where the answer says that it is.
func (b *browser) files() {
	b.t.Helper()
	form := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n"
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.front+b.prefix+"/api/v1/files", strings.NewReader(form))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct{ Data apptest.File }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || !strings.HasPrefix(answer.Data.URL, b.prefix+"/api/") {
		b.t.Fatalf("upload: answer %d, URL %q, %v", resp.StatusCode, answer.Data.URL, err)
	}
	if resp, text := b.do(http.MethodGet, answer.Data.URL, "", ""); resp.StatusCode != http.StatusOK || text != "hello" {
		b.t.Errorf("%s: answer %d %q", answer.Data.URL, resp.StatusCode, text)
	}
}

// sockets connects as a page of the proxy's origin does, with the session's cookie.
func (b *browser) sockets() {
	b.t.Helper()
	page, err := url.Parse(b.front + b.prefix + "/")
	if err != nil {
		b.t.Fatal(err)
	}
	session := b.client.Jar.Cookies(page)[0]
	socket := realtimetest.Dial(b.t, b.front+b.prefix+realtime.PathWebSocket, realtimetest.Options{Cookie: session, Origin: b.front})
	if _, err := socket.Subscribe(b.t.Context(), "room:green", realtimetest.SubscribeOptions{}); err != nil {
		b.t.Error(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.front+b.prefix+realtime.PathHTTPStream,
		strings.NewReader(`{"id":1,"connect":{}}`))
	if err != nil {
		b.t.Fatal(err)
	}
	r.AddCookie(session)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	if line, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil || !strings.Contains(line, `"connect"`) {
		b.t.Errorf("HTTP stream: %q, %v", line, err)
	}
	if _, text := b.do(http.MethodGet, b.prefix+"/api/v1/socket/address", "", ""); !strings.Contains(text, `"url":""`) {
		b.t.Errorf("the sockets are told to be at %s", text)
	}
}
