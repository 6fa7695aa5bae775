package httpapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/callboard/callboard"
)

// recheckEvery is how often it is asked whether the caller of a request that lasts may still make it, unless Config says otherwise.
const recheckEvery = 5 * time.Second

// watch breaks a request off once its caller has lost the rights that it began with: a download, an export or an upload may take
// hours. Neither reading nor writing goes on then, and the context of the request that it returns ends. stop ends the watch.
func (e *endpoint) watch(w http.ResponseWriter, r *http.Request) (_ *http.Request, stop func()) {
	ctx, cancel := context.WithCancel(r.Context())
	var watching sync.WaitGroup
	watching.Go(func() {
		ticker := time.NewTicker(e.api.cfg.RecheckEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if e.hasLostRights(r.WithContext(ctx)) {
				cancel()
				control, now := http.NewResponseController(w), time.Now()
				_ = control.SetReadDeadline(now) // a writer of a test has none
				_ = control.SetWriteDeadline(now)
				return
			}
		}
	})
	return r.WithContext(ctx), func() {
		cancel()
		watching.Wait() // or the next request on the connection would get the deadlines
	}
}

// hasLostRights reports whether the caller is no longer who it was. That it cannot be told now is no reason to think so.
func (e *endpoint) hasLostRights(r *http.Request) bool {
	had := callboard.ActorFrom(r.Context())
	now, err := e.api.cfg.Authenticate(r)
	if err != nil {
		return callboard.CodeOf(err) == callboard.CodeUnauthenticated
	}
	return now.ID != had.ID || !now.Role.Includes(had.Role) || had.Service && !now.Service
}
