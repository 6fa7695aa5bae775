package account

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	maxIssuerAnswer = 1 << 20 // bytes
	// keysCooldown is how long the issuer is not asked for its keys again. Whoever sends tokens with keys that do not exist would else
	// have us ask each time; and a new key of the issuer is known after this time at the latest.
	keysCooldown = 30 * time.Second
)

var errAskedJustNow = errors.New("the issuer was asked for its keys just now")

// issuerTransport asks an issuer, within bounds.
type issuerTransport struct {
	now func() time.Time

	mu     sync.Mutex
	nextAt time.Time // when keys may be asked for again
	failed bool      // the last time
}

// RoundTrip implements http.RoundTripper.
func (t *issuerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	forKeys := !strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration")
	if forKeys && !t.mayAsk() {
		return nil, errAskedJustNow
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{body: answer.Body, left: maxIssuerAnswer, failed: func() { t.asked(forKeys, false) }}
	}
	t.asked(forKeys, err == nil && answer.StatusCode == http.StatusOK)
	return answer, err
}

func (t *issuerTransport) mayAsk() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.now().Before(t.nextAt)
}

// away reports whether keys could not be had just now. Whose token needs one may share the answer to somebody else's asking, also in
// the moment after it.
func (t *issuerTransport) away() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed && t.now().Before(t.nextAt)
}

// asked notes how asking for keys went.
func (t *issuerTransport) asked(forKeys, ok bool) {
	if !forKeys {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed, t.nextAt = !ok, t.now().Add(keysCooldown)
	if !ok {
		t.nextAt = t.now().Add(oidcRetry)
	}
}

// reset lets keys be asked for at once: those that were known are not used any more.
func (t *issuerTransport) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.nextAt, t.failed = time.Time{}, false
}

// boundedTransport asks an issuer for anything but its keys.
type boundedTransport struct{ by http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.by.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{body: answer.Body, left: maxIssuerAnswer, failed: func() {}}
	}
	return answer, err
}

// boundedBody is a body that is an error once it is too long.
type boundedBody struct {
	body   io.ReadCloser
	left   int64
	failed func() // is called when it is too long, or breaks off
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, fmt.Errorf("the answer of the issuer is longer than %d bytes", maxIssuerAnswer)
	}
	n, err := b.body.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 || err != nil && err != io.EOF {
		b.failed()
	}
	return n, err
}

func (b *boundedBody) Close() error { return b.body.Close() }
