package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/callboard/callboard"
)

// answerTime bounds how long the application may take to say who somebody is, or who may read what. A transaction may be open
// meanwhile, for which on SQLite all that write wait.
const answerTime = 5 * time.Second

// guard calls code of the application. A panic there is an error here: sockets and consumers have goroutines of their own, where it
// would end the whole process.
type guard struct{ log *slog.Logger }

// contain makes a panic an error.
func (g guard) contain(where string, err *error) {
	if p := recover(); p != nil {
		g.log.Error("the application panicked", "in", where, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		*err = fmt.Errorf("%s panicked: %v", where, p)
	}
}

// ask calls fn with answerTime. That it takes longer is CodeUnavailable.
func (g guard) ask(ctx context.Context, where string, fn func(ctx context.Context) error) (err error) {
	limited, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	defer g.contain(where, &err)
	if err = fn(limited); err != nil && limited.Err() != nil && ctx.Err() == nil {
		err = callboard.Wrap(fmt.Errorf("%s did not answer in %s: %w", where, answerTime, err), callboard.CodeUnavailable,
			"the application does not answer now; try again")
	}
	return err
}

// guarded returns cfg with the functions of the application behind a guard.
func (c Config) guarded(log *slog.Logger) Config {
	g := guard{log}
	if authenticate := c.Authenticate; authenticate != nil {
		c.Authenticate = func(r *http.Request) (actor callboard.Actor, err error) {
			defer g.contain("Config.Authenticate", &err)
			return authenticate(r)
		}
	}
	if c.Access != nil {
		c.Access = guardedAccess{g, c.Access}
	}
	if c.Users != nil {
		users := guardedUsers{g, c.Users}
		if lister, ok := c.Users.(callboard.UserLister); ok {
			c.Users = guardedLister{users, lister}
		} else {
			c.Users = users
		}
	}
	return c
}

type guardedAccess struct {
	guard
	access callboard.Access
}

// CanRead implements callboard.Access.
func (g guardedAccess) CanRead(ctx context.Context, actor callboard.Actor, res callboard.Resource) error {
	return g.ask(ctx, "Config.Access", func(ctx context.Context) error { return g.access.CanRead(ctx, actor, res) })
}

type guardedUsers struct {
	guard
	users callboard.Users
}

// Resolve implements callboard.Users.
func (g guardedUsers) Resolve(ctx context.Context, ids []string) (known map[string]callboard.UserInfo, err error) {
	err = g.ask(ctx, "Config.Users", func(ctx context.Context) error {
		known, err = g.users.Resolve(ctx, ids)
		return err
	})
	return known, err
}

type guardedLister struct {
	guardedUsers
	lister callboard.UserLister
}

// Members implements callboard.UserLister.
func (g guardedLister) Members(ctx context.Context, a callboard.Audience, after string, limit int) (ids []string, err error) {
	err = g.ask(ctx, "Config.Users", func(ctx context.Context) error {
		ids, err = g.lister.Members(ctx, a, after, limit)
		return err
	})
	return ids, err
}
