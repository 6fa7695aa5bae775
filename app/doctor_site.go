package app

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/callboard/callboard/realtime"
)

const (
	// How soon a certificate ends that should have been renewed: of one that is made for 90 days or more. Of those that are made for less, such
	// as Caddy's own for 12 hours, it is when a quarter and a twelfth of their time is left.
	tlsSoon = 21 * 24 * time.Hour
	tlsNow  = 7 * 24 * time.Hour
	// redirectTime is how long the port of plain http may take: where a firewall drops what comes, nobody is served there either.
	redirectTime = time.Second
	// leastStream is how long a stream must be waited for to say that nothing comes.
	leastStream = time.Second
)

// client returns what asks the address, and follows nothing.
func (d *doctor) client() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DialContext: d.options.Dial, TLSClientConfig: d.tls(), DisableKeepAlives: true, Proxy: http.ProxyFromEnvironment},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (d *doctor) tls() *tls.Config {
	return &tls.Config{RootCAs: d.options.Roots, MinVersion: tls.VersionTLS12}
}

// site looks at the address where people reach the board.
func (d *doctor) site(ctx context.Context, f *findings) {
	if d.options.URL == "" {
		return
	}
	base, err := url.Parse(strings.TrimRight(d.options.URL, "/"))
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		f.bad(checkSettings, "--url must be like https://board.example.org")
		return
	}
	if !d.answers(ctx, base, f) {
		return
	}
	if base.Scheme == "https" {
		d.redirects(ctx, base, f)
	} else if !isLocal(base.Hostname()) {
		f.bad(checkPlain, "%s is plain http", base)
	}
	ws, err := d.dialSocket(ctx, d.socketURL(base.String()), base.Scheme+"://"+base.Host)
	if err != nil {
		f.bad(checkSocket, "%v", err)
		return
	}
	_ = ws.Close() // it was only to be opened
	f.ok("sockets", "a WebSocket can be opened through %s", base)
	d.streams(ctx, base, f)
}

// answers asks the address who is there, and looks at all that comes with the answer. It reports whether that is a server of this installation.
func (d *doctor) answers(ctx context.Context, base *url.URL, f *findings) bool {
	asked := time.Now()
	answer, err := d.ask(ctx, base.String())
	if err != nil {
		check, part := checkURL, ""
		if why := certificateReason(err); why != "" {
			check, err = checkTLS, errors.New(why)
		}
		f.badOf(part, check, "%s: %v", base, netReason(err))
		return false
	}
	halfway := asked.Add(time.Since(asked) / 2)
	d.certificate(base, answer.tls, f)
	switch {
	case answer.status != http.StatusOK || answer.Installation == "":
		f.bad(checkOther, "%s/healthz answers %d, and not as Callboard does", base, answer.status)
		return false
	case !d.isOurs(ctx, answer.Installation):
		f.bad(checkOther, "%s is another installation than the one of this database", base)
		return false
	}
	f.ok("url", "%s answers, and is this installation", base)
	if date, err := http.ParseTime(answer.header.Get("Date")); err == nil {
		foundClock("the clock of "+base.String()+" is", date.Add(500*time.Millisecond).Sub(halfway), f) // it has whole seconds
	}
	d.headers(base, answer.header, f)
	return true
}

// isOurs reports whether an installation is the one of the data, as far as those can be opened.
func (d *doctor) isOurs(ctx context.Context, id string) bool {
	select {
	case <-d.opened:
	case <-ctx.Done():
	}
	select {
	case <-d.opened:
		return d.app == nil || d.app.id == id
	default:
		return true
	}
}

// sign is the answer of a server that was asked whether it is alive.
type sign struct {
	liveness // empty where it is none of Callboard's

	status int
	header http.Header
	tls    *tls.ConnectionState
}

// ask asks the server at an address whether it is alive.
func (d *doctor) ask(ctx context.Context, base string) (sign, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/healthz", nil)
	if err != nil {
		return sign{}, err
	}
	answer, err := d.client().Do(r)
	if err != nil {
		return sign{}, err
	}
	defer answer.Body.Close()
	s := sign{status: answer.StatusCode, header: answer.Header, tls: answer.TLS}
	_ = json.NewDecoder(io.LimitReader(answer.Body, 4<<10)).Decode(&s.liveness) // of something else
	return s, nil
}

// certificate looks at how long the certificates hold that came with an answer.
func (d *doctor) certificate(base *url.URL, state *tls.ConnectionState, f *findings) {
	if state == nil || len(state.VerifiedChains) == 0 {
		return
	}
	first := state.VerifiedChains[0][0]
	for _, c := range state.VerifiedChains[0] {
		if c.NotAfter.Before(first.NotAfter) {
			first = c
		}
	}
	left, whole := time.Until(first.NotAfter), first.NotAfter.Sub(first.NotBefore)
	told := fmt.Sprintf("%d days", int(left/(24*time.Hour)))
	if left < 2*24*time.Hour {
		told = left.Round(time.Minute).String()
	}
	switch {
	case left < min(tlsNow, whole/12):
		f.bad(checkTLSNow, "that of %s ends in %s", base.Host, told)
	case left < min(tlsSoon, whole/4):
		f.bad(checkTLSSoon, "that of %s ends in %s", base.Host, told)
	default:
		f.ok("tls", "the certificate of %s holds for %s more", base.Host, told)
	}
}

// headers looks at whether what browsers are told arrives, and whether the server knows of https.
func (d *doctor) headers(base *url.URL, h http.Header, f *findings) {
	var missing []string
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"} {
		if h.Get(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		f.bad(checkHeaders, "%s answers without %s", base, strings.Join(missing, ", "))
	}
	if base.Scheme == "https" && h.Get("Strict-Transport-Security") == "" {
		f.bad(checkForwarded, "%s answers without Strict-Transport-Security", base)
	}
}

// redirects looks at where plain http of the same host leads.
func (d *doctor) redirects(ctx context.Context, base *url.URL, f *findings) {
	ctx, cancel := context.WithTimeout(ctx, redirectTime)
	defer cancel()
	plain := url.URL{Scheme: "http", Host: base.Hostname(), Path: base.Path + "/"}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, plain.String(), nil)
	if err != nil {
		return // the address is one, so this is, too
	}
	answer, err := d.client().Do(r)
	if err != nil {
		f.ok("url", "nothing answers at %s", &plain)
		return
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 3 || !strings.HasPrefix(answer.Header.Get("Location"), "https://") {
		f.bad(checkRedirect, "%s answers %d, and leads nowhere", &plain, answer.StatusCode)
		return
	}
	f.ok("url", "%s leads to https", &plain)
}

// socketURL returns where the sockets of an address are.
func (d *doctor) socketURL(base string) string {
	if d.cfg.SocketURL != "" && base == strings.TrimRight(d.options.URL, "/") {
		base = strings.TrimRight(d.cfg.SocketURL, "/")
		if u, err := url.Parse(base); err == nil && strings.Trim(u.Path, "/") != "" {
			return base
		}
	}
	return "ws" + strings.TrimPrefix(strings.TrimPrefix(base, "http"), "ws") + realtime.PathWebSocket
}

// dialSocket opens a WebSocket as a page of origin does.
func (d *doctor) dialSocket(ctx context.Context, address, origin string) (*websocket.Conn, error) {
	dialer := websocket.Dialer{NetDialContext: d.options.Dial, TLSClientConfig: d.tls(), Proxy: http.ProxyFromEnvironment}
	ws, answer, err := dialer.DialContext(ctx, address, http.Header{"Origin": {origin}})
	if answer != nil {
		_ = answer.Body.Close()
	}
	switch {
	case err == nil:
		return ws, nil
	case answer != nil:
		return nil, fmt.Errorf("%s answers %d, and not 101, when a WebSocket is to be opened", address, answer.StatusCode)
	}
	return nil, fmt.Errorf("%s: no WebSocket can be opened: %w", address, netReason(err))
}

// streams looks at whether what is streamed arrives while the stream goes on.
func (d *doctor) streams(ctx context.Context, base *url.URL, f *findings) {
	select {
	case <-d.opened:
	case <-ctx.Done():
		return
	}
	if d.app == nil || !d.app.signs || d.cfg.SocketURL != "" {
		return // nobody could sign in
	}
	token, err := d.app.canaryToken(ctx)
	if err != nil {
		return // that of the canary says so
	}
	if ends, _ := ctx.Deadline(); time.Until(ends) < leastStream {
		return // other parts have used up the time
	}
	connect, _ := json.Marshal(map[string]any{"id": 1, "connect": map[string]any{"token": token}}) // of strings
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base.String()+realtime.PathSSE+"?cf_connect="+url.QueryEscape(string(connect)), nil)
	if err != nil {
		return
	}
	answer, err := d.client().Do(r)
	if err == nil {
		defer answer.Body.Close()
		_, err = bufio.NewReader(answer.Body).ReadString('\n')
	}
	if err != nil {
		f.bad(checkBuffered, "of a stream through %s nothing arrives", base)
		return
	}
	f.ok("sockets", "what is streamed through %s arrives at once", base)
}

// certificateReason says what is wrong with a certificate, "" where that is not the error.
func certificateReason(err error) string {
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the certificate is for " + cmp.Or(strings.Join(e.Certificate.DNSNames, ", "), "no name")
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return e.Err.Error()
	}
	return ""
}

// netReason returns an error of the network without the address, which may hold a password.
func netReason(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Err != nil {
		return e.Err
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return errors.New("it took too long")
	}
	return err
}
