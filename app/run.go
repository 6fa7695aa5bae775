package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/sqldb"
)

// Times that a server is patient.
const (
	stopTimeout       = 10 * time.Second // for each part, when stopping
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
)

// Run serves until ctx ends, on listeners of its own, and returns when all is stopped: for DrainDelay /readyz alone says so, then the
// intake of requests ends, then the rest as Stop does it. A server that has been started, or was stopped, is CodeConflict and left alone.
func (a *App) Run(ctx context.Context) error {
	if err := a.mayStart(); err != nil {
		return err
	}
	servers, err := a.listen(ctx)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	url := "http://" + reachable(servers[0].listener.Addr()) + a.cfg.PathPrefix
	a.url.Store(&url)
	if err := a.Start(ctx); err != nil {
		for _, s := range servers {
			_ = s.listener.Close() // the first error says what is wrong
		}
		return err // somebody else has started it
	}
	failed := a.serve(servers)
	if a.cfg.Ready != nil {
		a.cfg.Ready(url)
	}
	select {
	case <-ctx.Done():
		a.log.Info("stopping")
		err = a.leave(failed)
	case err = <-failed:
	}
	return errors.Join(err, a.stop(context.WithoutCancel(ctx), func() func() { return a.stopIntake(servers) }))
}

// reachable returns the address under which a person on this machine finds a listener.
func reachable(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

// server is an HTTP server and where it listens.
type server struct {
	*http.Server
	listener net.Listener
}

// listen opens the ports: one for all, or one for the API and one for the sockets.
func (a *App) listen(ctx context.Context) ([]server, error) {
	main, err := a.listenOn(ctx, "HTTP_ADDR", a.cfg.HTTPAddr, a.handler(a.cfg.SocketPort == 0, true))
	if err != nil || a.cfg.SocketPort == 0 {
		return []server{main}, err
	}
	host, _, err := net.SplitHostPort(a.cfg.HTTPAddr)
	if err != nil {
		return nil, fmt.Errorf("HTTP_ADDR: %w", err)
	}
	sockets, err := a.listenOn(ctx, "SOCKET_PORT", net.JoinHostPort(host, strconv.Itoa(a.cfg.SocketPort)), a.handler(true, false))
	if err != nil {
		_ = main.listener.Close()
		return nil, err
	}
	return []server{main, sockets}, nil
}

func (a *App) listenOn(ctx context.Context, setting, addr string, handler http.Handler) (server, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return server{}, explainListen(setting, addr, err)
	}
	limits := httpapi.ConnLimits{
		WriteTimeout: httpapi.WriteTimeout, PerAddress: max(0, a.cfg.MaxConnectionsPerAddress), Exempt: netip.Addr.IsLoopback, Logger: a.log,
	}
	if a.cfg.TrustProxy { // all connections are the proxy's, which has to limit its clients
		limits.PerAddress = 0
	}
	return server{listener: httpapi.LimitConns(listener, limits), Server: &http.Server{
		Handler: httpapi.StrictTransport(a.cfg.TrustProxy, handler), ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(a.serverErrors, slog.LevelWarn),
	}}, nil
}

// explainListen says which setting to change when a port cannot be had.
func explainListen(setting, addr string, err error) error {
	var v callboard.Validator
	dns, wrongName := errors.AsType[*net.DNSError](err)
	syntax, wrongSyntax := errors.AsType[*net.AddrError](err)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		v.Add(setting, "another program listens on %s; stop it, or choose another port", addr)
	case errors.Is(err, syscall.EACCES):
		v.Add(setting, "this user may not listen on %s; choose a port above 1023", addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		v.Add(setting, "%s is no address of this machine", addr)
	case wrongName:
		v.Add(setting, "the host of %s is not known (%s)", addr, dns.Err)
	case wrongSyntax:
		v.Add(setting, "must look like 127.0.0.1:8080 or :8080 (%s)", syntax.Err)
	default:
		return fmt.Errorf("%s: listen on %s: %w", setting, addr, err)
	}
	return v.Err()
}

// serve starts all servers. A server that fails sends its error.
func (a *App) serve(servers []server) <-chan error {
	a.logStart(servers)
	failed := make(chan error, len(servers))
	for _, s := range servers {
		go func() {
			if err := s.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("serve: %w", err)
			}
		}()
	}
	return failed
}

// logStart says in one line what runs, where, and on which data.
func (a *App) logStart(servers []server) {
	var on, off []string
	for _, part := range []struct {
		name string
		on   bool
	}{
		{"activity", !a.cfg.DisableActivity}, {"notifications", !a.cfg.DisableNotifications}, {"presence", !a.cfg.DisablePresence},
		{"oidc", a.cfg.OIDCIssuer != ""}, {"trust_proxy", a.cfg.TrustProxy},
	} {
		if part.on {
			on = append(on, part.name)
		} else {
			off = append(off, part.name)
		}
	}
	folder, err := filepath.Abs(a.cfg.DataDir)
	if err != nil || a.cfg.DataDir == "" {
		folder = a.cfg.DataDir
	}
	a.log.Info("listening", "addr", servers[0].listener.Addr().String(),
		"socket_addr", servers[len(servers)-1].listener.Addr().String(), "version", a.cfg.Version,
		"database", a.DB.String(), "data_dir", folder, "files", cmp.Or(a.Files.Folder(), "bucket"),
		"on", strings.Join(on, ","), "off", strings.Join(off, ","))
}

// stopIntake closes the ports and returns when the requests on their way have their answers. Connections of sockets may
// live on; the function that it returns waits for those too.
func (a *App) stopIntake(servers []server) (closed func()) {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	var shutdowns sync.WaitGroup
	for _, s := range servers {
		shutdowns.Go(func() {
			if err := s.Shutdown(ctx); err != nil {
				a.log.Warn("connections did not end in time", "error", err)
				_ = s.Close() // cuts them off
			}
		})
	}
	a.requests.wait(ctx)
	return func() {
		shutdowns.Wait()
		cancel()
	}
}

const lockPatience = time.Second

// lockDatabase keeps two servers from serving one SQLite file: each would lead the consumers and give the same positions.
// Commands beside a running server only append, so they take no lock. PostgreSQL has its own, see outbox.
// A command may look for a moment whether it is free, so that is waited for.
func lockDatabase(ctx context.Context, db *sqldb.DB) (unlock func(), err error) {
	if db.Dialect() == sqldb.Postgres {
		return func() {}, nil
	}
	path := db.Path() + ".lock"
	lock := flock.New(path)
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	held, err := lock.TryLockContext(ctx, lockPatience/20)
	if err != nil && ctx.Err() == nil {
		return nil, callboard.Wrap(err, callboard.CodeUnavailable, "the file "+path+" cannot be locked; this user must be able to write it")
	}
	if !held {
		return nil, callboard.Errorf(callboard.CodeConflict,
			"another server is running on this database, %s; stop it, or give this one a DATA_DIR of its own", db)
	}
	return func() { _ = lock.Unlock() }, nil // the process ends soon, and the lock with it
}
