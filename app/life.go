package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/sqldb"
)

// life is what Start has begun and Stop ends.
type life struct {
	mu         sync.Mutex
	running    bool
	over       bool
	stopOnce   sync.Once
	stopErr    error
	parts      sync.WaitGroup
	stopParts  context.CancelFunc
	link       sync.WaitGroup // to the other nodes: it ends last, since all parts say good-bye by it
	stopLink   context.CancelFunc
	jobs       sync.WaitGroup
	stopJobs   context.CancelFunc
	unregister func() // of the figures, from the application's registry; may be nil
}

// Start begins all work in the background: what follows from events, jobs, presence, sweeps. It returns once that has begun. Of ctx it
// keeps the values and not the end: Stop ends the work. A server starts once; CodeConflict after that.
func (a *App) Start(ctx context.Context) error {
	a.life.mu.Lock()
	defer a.life.mu.Unlock()
	if err := a.startable(); err != nil {
		return err
	}
	a.life.running = true
	if !a.cfg.DisablePresence {
		a.logExit("viewers of the last run", a.Presence.Restore(ctx))
	}
	background, stopParts := context.WithCancel(context.WithoutCancel(ctx))
	a.life.stopParts = stopParts
	parts := &a.life.parts
	link, stopLink := context.WithCancel(context.WithoutCancel(ctx))
	a.life.stopLink = stopLink
	if a.Notices != nil {
		a.life.link.Go(func() { a.logExit("notices", a.Notices.Run(link)) })
		parts.Go(func() { a.logExit("secrets", a.watchSecrets(background)) })
	}
	if err := a.Outbox.Begin(ctx); err != nil {
		a.log.Warn("the newest position could not be read; it is tried again", "error", err)
	}
	parts.Go(func() { a.logExit("outbox", a.Outbox.Run(background)) })
	parts.Go(func() { a.logExit("presence", a.Presence.Run(background, socketsHere{a.Realtime})) })
	parts.Go(func() { a.logExit("accounts", a.Accounts.Run(background)) })
	parts.Go(func() { a.logExit("files", a.Files.Run(background)) })
	parts.Go(func() { a.sweepLoop(background) })
	parts.Go(func() { a.logExit("checkpoints", a.Activity.RunCheckpoints(background, a.Outbox.Leading)) })
	parts.Go(func() { a.probeLoop(background) })
	jobs, stopJobs := context.WithCancel(background)
	a.life.stopJobs = stopJobs
	a.life.jobs.Go(func() { a.workOnJobs(jobs) })
	return nil
}

func (a *App) mayStart() error {
	a.life.mu.Lock()
	defer a.life.mu.Unlock()
	return a.startable()
}

// startable needs the lock of life.
func (a *App) startable() error {
	switch {
	case a.unlock == nil:
		return callboard.Errorf(callboard.CodeConflict, "app.Open is for commands beside a server; make one with app.New")
	case a.life.over:
		return callboard.Errorf(callboard.CodeConflict, "the server was stopped; make another one with app.New")
	case a.life.running:
		return callboard.Errorf(callboard.CodeConflict, "the server has been started already")
	}
	return nil
}

// Stop ends what New opened and Start began: it refuses new requests with a 503, waits for those under way and for jobs, which get
// JobStopGrace, has the consumers take what has just been written, sends the clients of sockets elsewhere, and closes the database.
// Where other nodes can take the sockets, those go first, and the consumers are the other nodes' at once.
// Whatever was acknowledged is durable; what the consumers did not come to waits in the log.
//
// Where ctx has a deadline, jobs get half of the time until then at most, even if JobStopGrace is longer: the rest is for putting them
// back in the queue, and for what else has to end. When ctx ends before all has, what is still under way is cut off, as by a crash,
// and the error is that of ctx. Repeated, it does nothing.
func (a *App) Stop(ctx context.Context) error {
	return a.stop(ctx, func() func() { return func() {} })
}

// Close is Stop for commands, which have nothing under way.
func (a *App) Close() error { return a.Stop(context.Background()) }

// stop is Stop. closeIntake is called when no more requests are to be taken; what it returns is called when the sockets have been told
// to end, and returns when their connections have.
func (a *App) stop(ctx context.Context, closeIntake func() (disconnected func())) error {
	a.life.stopOnce.Do(func() { a.life.stopErr = a.end(ctx, closeIntake) })
	return a.life.stopErr
}

func (a *App) end(ctx context.Context, closeIntake func() (disconnected func())) error {
	a.life.mu.Lock()
	running := a.life.running
	a.life.over = true
	a.life.mu.Unlock()
	a.requests.leaving.Store(true)
	alone := a.Notices == nil || a.Notices.Alone()
	var moved sync.WaitGroup
	if running && !alone { // else nobody could take them, and they go last
		moved.Go(func() { a.Realtime.Leave(ctx) })
	}
	disconnected := closeIntake()
	a.requests.close()
	a.requests.wait(ctx)
	if running {
		a.awaitJobs(ctx)
		await(ctx, &moved)
		if alone {
			a.drainOutbox(ctx)
		}
		if a.Outbox.Leading() {
			a.logExit("the signing of the activity log", a.Activity.SignCheckpoint(ctx))
		}
		a.life.stopParts()
		await(ctx, &a.life.parts)
		a.forgetNode(ctx)
	}
	a.closeSockets(ctx)
	if running {
		a.life.stopLink()
		await(ctx, &a.life.link)
	}
	disconnected()
	a.Jobs.Close()
	if a.life.unregister != nil {
		a.life.unregister()
	}
	err := errors.Join(a.Files.Close(), a.closeDB())
	if ctx.Err() != nil {
		err = errors.Join(fmt.Errorf("stop: %w", ctx.Err()), err)
	}
	return err
}

// leave waits until whoever asks /readyz, which says that this server stops, sends it nobody any more. Everything else goes on as before,
// unless a listener has failed, of which it returns the error.
func (a *App) leave(failed <-chan error) error {
	a.requests.leaving.Store(true)
	if a.cfg.DrainDelay == 0 {
		return nil
	}
	a.log.Info("leaving: /readyz answers 503, requests are still taken", "for", a.cfg.DrainDelay)
	select {
	case <-time.After(a.cfg.DrainDelay):
		return nil
	case err := <-failed:
		return err
	}
}

// awaitJobs stops the jobs. Those that still run after half of the time that ctx leaves are interrupted.
func (a *App) awaitJobs(ctx context.Context) {
	a.life.stopJobs()
	half := ctx
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		half, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	await(half, &a.life.jobs)
	a.Jobs.EndGrace()
	await(ctx, &a.life.jobs)
}

// await returns when all of group have ended, or when ctx ends.
func await(ctx context.Context, group *sync.WaitGroup) {
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// workOnJobs runs jobs until ctx ends, and starts again after an error.
func (a *App) workOnJobs(ctx context.Context) {
	for ctx.Err() == nil {
		if err := a.Jobs.Run(ctx, a.Outbox.Leading); err != nil {
			a.log.Error("jobs stopped; they are started again", "error", err)
			sqldb.Wait(ctx, time.Second)
		}
	}
}

// drainTimeout bounds how long a server that stops waits for live messages of the last changes to leave.
const drainTimeout = 2 * time.Second

func (a *App) drainOutbox(ctx context.Context) {
	if !a.Outbox.Leading() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	if err := a.Outbox.Drain(ctx); err != nil {
		a.log.Info("events are left for the next start", "reason", err)
	}
}

// closeSockets ends the sockets, with a code that has their clients connect again, to whoever serves next.
func (a *App) closeSockets(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if err := a.Notifications.Close(ctx); err != nil {
		a.log.Warn("live messages did not leave in time", "error", err)
	}
	if err := a.Realtime.Shutdown(ctx); err != nil {
		a.log.Warn("sockets did not close in time", "error", err)
	}
}

func (a *App) closeDB() error {
	err := a.DB.Close()
	if a.unlock != nil {
		a.unlock()
	}
	return err
}

func (a *App) logExit(part string, err error) {
	if err != nil {
		a.log.Error("part stopped", "part", part, "error", err)
	}
}

// intake counts the API requests that are being answered, and refuses more once it is closed. http.Server.Shutdown alone cannot tell
// them from event streams, which end only when the sockets are closed.
type intake struct {
	n       atomic.Int64
	leaving atomic.Bool // no more should come
	closed  atomic.Bool // no more are answered
}

// idlePoll is how often wait looks, as http.Server.Shutdown does.
const idlePoll = 5 * time.Millisecond

func (i *intake) through(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.n.Add(1)
		defer i.n.Add(-1)
		if i.leaving.Load() { // a connection that its client keeps must not end while it sends the next request
			w.Header().Set("Connection", "close")
		}
		if i.closed.Load() {
			w.Header().Set("Connection", "close")
			httpapi.WriteProblem(w, r, &callboard.Error{
				Code: callboard.CodeUnavailable, Message: "the server is stopping; try again", RetryAfter: time.Second,
			})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (i *intake) close() { i.closed.Store(true) }

// wait returns when no request is being answered, or when ctx ends.
func (i *intake) wait(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	for i.n.Load() > 0 && ctx.Err() == nil {
		sqldb.Wait(ctx, idlePoll)
	}
}
