package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
)

// boardHost is the name of the board that a proxy has.
const boardHost = "board.example.org"

// frontProxy is a proxy as people have it in front of a server, with TLS, and with plain http beside it.
type frontProxy struct {
	tls, plain  *httptest.Server
	authority   *x509.Certificate
	key         *ecdsa.PrivateKey
	certificate atomic.Pointer[tls.Certificate]

	mu   sync.Mutex
	does misdeeds
}

// misdeeds are what a proxy does wrong.
type misdeeds struct {
	noUpgrade, buffers, silent, plain bool
	answer                            func(http.Header)
}

func (x *frontProxy) now() misdeeds {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.does
}

func (x *frontProxy) set(does misdeeds) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.does = does
}

func admitBehindProxy(t *testing.T) *patient {
	s := apptest.Start(t, apptest.Options{Config: func(c *app.Config) { c.TrustProxy = true }})
	target, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	x := &frontProxy{}
	forward := &httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			if r.SetXForwarded(); x.now().silent {
				r.Out.Header.Del("X-Forwarded-Proto")
			}
		},
		ModifyResponse: func(r *http.Response) error {
			if answer := x.now().answer; answer != nil {
				answer(r.Header)
			}
			return nil
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	x.tls = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		does := x.now()
		if does.noUpgrade {
			r.Header.Del("Upgrade")
			r.Header.Del("Connection")
		}
		if does.buffers && strings.HasSuffix(r.URL.Path, "/sse") {
			w = httptest.NewRecorder() // which is full when the stream ends, and too late
		}
		forward.ServeHTTP(w, r)
	}))
	x.tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	x.tls.TLS = &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return x.certificate.Load(), nil }}
	x.plain = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !x.now().plain {
			http.Redirect(w, r, "https://"+boardHost+r.URL.Path, http.StatusMovedPermanently)
		}
	}))
	p := healthy(t, s)
	p.proxy, p.options.Roots = x, x.found(t)
	x.show(t, boardHost, 0, 90*day)
	x.tls.StartTLS()
	t.Cleanup(x.tls.Close)
	t.Cleanup(x.plain.Close)
	p.options.URL = "https://" + boardHost
	p.options.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		to := map[string]string{boardHost + ":443": x.tls.Listener.Addr().String(), boardHost + ":80": x.plain.Listener.Addr().String()}[addr]
		return new(net.Dialer).DialContext(ctx, network, to)
	}
	return p
}

const day = 24 * time.Hour

// found makes an authority, which signs the certificates, and returns it as what is trusted.
func (x *frontProxy) found(t *testing.T) *x509.CertPool {
	t.Helper()
	var err error
	if x.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-30 * day), NotAfter: time.Now().Add(3650 * day),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, x.key.Public(), x.key)
	if err == nil {
		x.authority, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(x.authority)
	return roots
}

// show has the proxy show a certificate for a name, of some age, that holds for so long.
func (x *frontProxy) show(t *testing.T, name string, age, left time.Duration) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: []string{name}, NotBefore: time.Now().Add(-age), NotAfter: time.Now().Add(left),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, x.authority, x.key.Public(), x.key)
	if err != nil {
		t.Fatal(err)
	}
	x.certificate.Store(&tls.Certificate{Certificate: [][]byte{der}, PrivateKey: x.key})
}

func faultsOfProxy() []fault {
	shows := func(name string, left time.Duration) func(*patient) {
		return func(p *patient) {
			p.proxy.show(p.t, name, 80*day, left)
			p.undo = append(p.undo, func() { p.proxy.show(p.t, boardHost, 0, 12*time.Hour) }) // as Caddy makes them, and well
		}
	}
	does := func(wrong misdeeds) func(*patient) {
		return func(p *patient) {
			p.proxy.set(wrong)
			p.undo = append(p.undo, func() { p.proxy.set(misdeeds{}) })
		}
	}
	dated := func(off time.Duration) func(http.Header) {
		return func(h http.Header) { h.Set("Date", time.Now().UTC().Add(off).Format(http.TimeFormat)) }
	}
	return []fault{
		{"certificate of another name", shows("other.example.org", 90*day), "tls-invalid", "other.example.org", []string{"canary-unheard"}, false},
		{"certificate expired", shows(boardHost, -day), "tls-invalid", "expired", []string{"canary-unheard"}, false},
		{"certificate of a stranger", func(p *patient) { p.options.Roots = x509.NewCertPool() }, "tls-invalid", "unknown authority", []string{"canary-unheard"}, false},
		{"certificate expires", shows(boardHost, 20*day), "tls-expires", "in 19 days", nil, false},
		{"certificate expires soon", shows(boardHost, 5*day), "tls-expires-soon", "in 4 days", nil, false},
		{"certificate of a day expires", func(p *patient) {
			p.proxy.show(p.t, boardHost, 20*time.Hour, 4*time.Hour-5*time.Minute)
			p.undo = append(p.undo, func() { p.proxy.show(p.t, boardHost, 0, 12*time.Hour) })
		}, "tls-expires", "in 3h5", nil, false},
		{"no upgrade", does(misdeeds{noUpgrade: true}), "socket-blocked", "not 101", []string{"canary-unheard"}, false},
		{"streams held back", does(misdeeds{buffers: true}), "stream-buffered", "nothing arrives", nil, true},
		{"https not told", does(misdeeds{silent: true}), "https-unknown", "Strict-Transport-Security", nil, false},
		{"headers dropped", does(misdeeds{answer: func(h http.Header) { h.Del("Content-Security-Policy") }}), "headers-missing", "Content-Security-Policy", nil, false},
		{"plain http", does(misdeeds{plain: true}), "redirect-missing", "leads nowhere", nil, false},
		{"clock off", does(misdeeds{answer: dated(-15 * time.Second)}), "clock-off", "behind", nil, false},
		{"clock far off", does(misdeeds{answer: dated(time.Hour)}), "clock-far-off", "ahead", nil, false},
	}
}
