package app

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/callboard/callboard"
)

// authenticate finds out who sends a request: the application is asked first, then the accounts.
func (a *App) authenticate(r *http.Request) (callboard.Actor, error) {
	if a.cfg.Authenticate != nil {
		if actor, err := a.caller(r); err != nil || !actor.IsZero() {
			return actor, err
		}
	}
	return a.Accounts.Authenticate(r)
}

// caller asks the application who sends a request, and holds it to the rules.
func (a *App) caller(r *http.Request) (callboard.Actor, error) {
	actor, err := a.cfg.Authenticate(r)
	if err != nil {
		return callboard.Actor{}, explained(err, "it cannot be told now who you are; try again")
	}
	if actor.IsZero() {
		return callboard.Actor{}, nil
	}
	if actor.Role == "" {
		actor.Role = callboard.RoleViewer
	}
	if !callboard.ValidUserID(actor.ID) || !actor.Role.Valid() {
		return callboard.Actor{}, errors.New("the actor that Config.Authenticate returned has an ID or a role that cannot be used")
	}
	if actor.Service { // it is nobody who could be here
		return actor, nil
	}
	user := callboard.UserInfo{Name: cmp.Or(actor.Name, actor.ID), Role: actor.Role}
	return actor, a.Accounts.Remember(r.Context(), actor.ID, user)
}

// explained returns an error of the application's as one that can be answered: what has no code cannot be told now.
func explained(err error, message string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*callboard.Error](err); ok {
		return err
	}
	return callboard.Wrap(err, callboard.CodeUnavailable, message)
}
