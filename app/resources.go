package app

import (
	"context"
	"fmt"

	"github.com/callboard/callboard"
)

// resources says who may read and edit what: the rule behind the channels of resources and the viewers of them.
type resources struct{ app *App }

// CanRead returns nil when actor may read res, and CodeNotFound or CodeForbidden when not. All who are signed in read the
// production; a job, and a file that belongs to no episode, is its owner's and the admins'; a user's own channel is the user's
// alone. Types that Callboard does not know belong to applications that build on it, which decide about their own things (Config.Access):
// else they are open to all who are signed in. Who has given such a thing a type of Callboard's is told to choose another.
func (r *resources) CanRead(ctx context.Context, actor callboard.Actor, res callboard.Resource) error {
	if actor.IsZero() {
		return callboard.Errorf(callboard.CodeUnauthenticated, "sign in first")
	}
	var err error
	switch {
	case res.Type == "episode":
		_, err = r.app.Episodes.Get(ctx, res.ID)
	case res.Type == "show":
		_, err = r.app.Shows.Get(ctx, res.ID)
	case res.Type == "file":
		_, err = r.app.Files.Get(callboard.WithActor(ctx, actor), res.ID)
	case res.Type == "job":
		_, err = r.app.Jobs.Get(callboard.WithActor(ctx, actor), res.ID)
	case res.Type == "saved_view":
		_, err = r.app.SavedViews.Get(callboard.WithActor(ctx, actor), res.ID)
	case res.Type == "user" && res.ID != actor.ID && actor.Role != callboard.RoleAdmin:
		err = callboard.Errorf(callboard.CodeForbidden, "that is another user's")
	case callboard.ReservedType(res.Type):
		return callboard.Errorf(callboard.CodeNotFound, "%[1]s is the name of a channel and no type of resource; for things of your own "+
			"use a type of your own, such as app.%[1]s", res.Type)
	case res.Type != "user" && r.app.cfg.Access != nil:
		return explained(r.app.cfg.Access.CanRead(ctx, actor, res), "it cannot be told now who may read this; try again")
	}
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return callboard.Wrap(err, callboard.CodeNotFound, fmt.Sprintf("no such %[1]s; the type %[1]s is for those that Callboard keeps: "+
			"for things of your own use a type of your own, such as app.%[1]s", res.Type))
	}
	return err
}

// CanEdit returns nil when actor may be said to edit res. What Callboard keeps is edited by editors and admins, and an account by its
// user and admins. Of the things of applications Callboard only knows who may read them.
func (r *resources) CanEdit(ctx context.Context, actor callboard.Actor, res callboard.Resource) error {
	if err := r.CanRead(ctx, actor, res); err != nil {
		return err
	}
	if callboard.KeptType(res.Type) && res.Type != "user" && !actor.Role.Includes(callboard.RoleEditor) {
		return callboard.Errorf(callboard.CodeForbidden, "to edit this the user needs the editor role")
	}
	return nil
}
