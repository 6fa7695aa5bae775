package app

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/episode"
)

// Times of the life in the demo: how long somebody looks before typing, types, and is elsewhere. Each is up to twice as long.
const (
	demoLooks = 2 * time.Second
	demoTypes = 2 * time.Second
	demoRests = 4 * time.Second
)

// demoColleagues are who works in the demo. Nobody is given their sign-in, so that no visitor meets a double.
func demoColleagues() []account.NewUser {
	return []account.NewUser{
		{Role: callboard.RoleEditor, Name: "Noor Haddad", Email: "noor@demo.callboard.test", Password: crand.Text()},
		{Role: callboard.RoleEditor, Name: "Sven Aalto", Email: "sven@demo.callboard.test", Password: crand.Text()},
	}
}

// LiveDemo has two colleagues go on working, so that the board shows what it is like when others do: they open an episode, change
// a field and leave, until ctx ends. They rest while nobody is connected: a demo that is left alone does not grow.
func (a *App) LiveDemo(ctx context.Context) {
	var colleagues sync.WaitGroup
	for _, c := range demoColleagues() {
		colleagues.Go(func() {
			user, err := a.demoColleague(callboard.WithActor(ctx, callboard.System("Demo")), c)
			if err != nil {
				a.log.Warn("life in the demo", "user", c.Name, "error", err)
				return
			}
			if !user.Disabled {
				a.liveAs(ctx, user.Actor())
			}
		})
	}
	colleagues.Wait()
}

// demoColleague finds a colleague, or makes the account at the first start.
func (a *App) demoColleague(ctx context.Context, c account.NewUser) (account.User, error) {
	user, err := a.Accounts.UserByEmail(ctx, c.Email)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return a.Accounts.CreateUser(ctx, c)
	}
	return user, err
}

// liveAs works as one of the team. What fails is tried no further: the next visit is another try.
func (a *App) liveAs(ctx context.Context, user callboard.Actor) {
	ctx = callboard.WithActor(ctx, user)
	for pause(ctx, demoRests) {
		stats, err := a.Realtime.Stats(ctx)
		if err == nil && stats.Connections > 0 {
			err = a.visit(ctx, user)
		}
		if err != nil && ctx.Err() == nil {
			a.log.Warn("life in the demo", "error", err)
		}
	}
}

// demoSession is the connection that the team would have.
const demoSession = "demo"

// visit opens an episode, changes it unless somebody else does, and leaves.
func (a *App) visit(ctx context.Context, user callboard.Actor) error {
	page, err := a.Episodes.List(ctx, episode.Filter{}, episode.ByShow, callboard.Page{Limit: callboard.MaxLimit})
	if err != nil || len(page.Items) == 0 {
		return err
	}
	e := page.Items[rand.IntN(len(page.Items))] //nolint:gosec // which one is no secret
	res := e.Resource()
	if err := a.Presence.Connected(ctx, user.Ref(), demoSession); err != nil {
		return err
	}
	if err := a.Presence.Join(ctx, res, user.Ref(), demoSession); err != nil {
		return err
	}
	defer func() { _ = a.Presence.Leave(context.WithoutCancel(ctx), res, user.Ref(), demoSession) }()
	field, patch := demoChange(e)
	if !pause(ctx, demoLooks) {
		return nil
	}
	if err := a.Presence.Edit(ctx, res, user.Ref(), field); err != nil {
		return err
	}
	defer func() { _ = a.Presence.Remove(context.WithoutCancel(ctx), user.ID, res) }()
	if !pause(ctx, demoTypes) {
		return nil
	}
	switch _, err := a.Episodes.Update(ctx, e.ID, patch, e.Version); callboard.CodeOf(err) {
	case callboard.CodeConflict, callboard.CodePreconditionFailed, callboard.CodeNotFound: // somebody else was faster
		return nil
	default:
		return err
	}
}

// demoChange returns what somebody would do next with an episode.
func demoChange(e episode.Episode) (field string, patch episode.Patch) {
	choice := rand.IntN(3)                     //nolint:gosec // what is no secret
	next := map[episode.Status]episode.Status{ // nothing is published, since that tells everybody
		episode.Draft: episode.Pending, episode.Pending: episode.Approved, episode.Approved: episode.Pending, episode.Rejected: episode.Draft,
	}
	if status, ok := next[e.Status]; ok && choice == 0 {
		return "status", episode.Patch{Status: callboard.Some(status)}
	}
	if ok := e.AirDate != nil && e.Status != episode.Published; ok && choice == 1 {
		if day, err := time.Parse(time.DateOnly, *e.AirDate); err == nil {
			later := day.AddDate(0, 0, []int{-7, 7}[rand.IntN(2)]).Format(time.DateOnly) //nolint:gosec // as above
			return "air_date", episode.Patch{AirDate: callboard.Some(&later)}
		}
	}
	words := fmt.Sprintf("Runs %d minutes in this cut; the last scene is still open.", 41+rand.IntN(12)) //nolint:gosec // as above
	return "description", episode.Patch{Description: callboard.Some(&words)}
}

// pause waits for a time up to twice as long, and reports whether ctx is still there.
func pause(ctx context.Context, at time.Duration) bool {
	timer := time.NewTimer(at + rand.N(at)) //nolint:gosec // how long is no secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
