package sqldbtest

import (
	"net/url"
	"testing"

	"github.com/callboard/callboard/internal/faultproxy"
)

// Proxy stands between a program and PostgreSQL, as a network that can fail.
type Proxy struct {
	*faultproxy.Proxy
	URL string // of the database, by way of the proxy; the sessions are called "proxied"
}

// StartProxy returns a proxy to the database at a URL that URL returned. It ends with the test.
func StartProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Proxy: faultproxy.New(t, u.Host)}
	u.Host, u.RawQuery = p.Addr(), "application_name=proxied&sslmode=disable"
	p.URL = u.String()
	return p
}

// Stall has the proxy forward nothing more, and not say so, until Resume: a network that has gone.
func (p *Proxy) Stall() { p.Set(faultproxy.State{HoldUp: true, HoldDown: true}) }

// Resume ends Stall.
func (p *Proxy) Resume() { p.Set(faultproxy.State{}) }
