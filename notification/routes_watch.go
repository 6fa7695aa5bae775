package notification

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const aboutWatches = "Of any resource that the caller may read: of Callboard, or of an application. Its watchers are those whom the events of it " +
	"notify that say {watchers}, and the recipients watchers:<type>:<id>. Another user than oneself needs the admin role or a service token."

// watchRoutes adds the routes of what users watch, of which those of episodes are a short form.
func (s *Service) watchRoutes(a huma.API) {
	route := func(id, method, summary string) httpapi.Route {
		return httpapi.Route{
			ID: id, Method: method, Path: "/api/v1/watches/{type}/{id}", Tag: tag, Access: httpapi.SignedIn,
			Summary: summary, Description: aboutWatches, Errors: []int{http.StatusNotFound},
		}
	}
	httpapi.Register(a, httpapi.Route{
		ID: "list-watches", Method: http.MethodGet, Path: "/api/v1/watches", Tag: tag, Access: httpapi.SignedIn,
		Summary: "List what a user watches, by type and ID",
		Description: "With deleted episodes, which can be restored. The episodes of a show that is watched are not in it. Another user than oneself needs " +
			"the admin role or a service token.",
	}, s.listWatches)
	httpapi.Register(a, route("get-watch", http.MethodGet, "Ask whether a user watches a resource"), s.getWatch)
	httpapi.Register(a, route("put-watch", http.MethodPut, "Watch a resource; no error if that is so already"), s.putWatch)
	httpapi.Register(a, route("delete-watch", http.MethodDelete, "Watch a resource no longer; no error if that is so already"), s.deleteWatch)
}

type watchInput struct {
	Type   string `path:"type" maxLength:"64" doc:"Type of the resource: one of Callboard's, or your own."`
	ID     string `path:"id" maxLength:"128" doc:"ID of the resource."`
	UserID string `query:"user_id" maxLength:"128" doc:"Default: the caller. An application has to name a user."`
}

func (in *watchInput) resource() callboard.Resource {
	return callboard.Resource{Type: in.Type, ID: in.ID}
}

type watchListInput struct {
	Type   string `query:"type" maxLength:"64" doc:"Only resources of this type: one of Callboard's, or your own."`
	UserID string `query:"user_id" maxLength:"128" doc:"Default: the caller. An application has to name a user."`
	httpapi.PageInput
}

type watchedView struct {
	Type string `json:"resource_type" doc:"Type of the resource."`
	ID   string `json:"resource_id" doc:"ID of the resource."`
}

func (s *Service) listWatches(ctx context.Context, in *watchListInput) (*httpapi.ListBody[watchedView], error) {
	userID, err := askedAbout(ctx, "user_id", in.UserID)
	if err != nil {
		return nil, err
	}
	list, err := s.Watches(ctx, userID, in.Type, in.Page())
	return httpapi.ListViews(list, err, in.Page(), func(res callboard.Resource) watchedView { return watchedView{res.Type, res.ID} })
}

type watchView struct {
	Watching bool `json:"watching" doc:"Whether the user watches the resource."`
}

func (s *Service) getWatch(ctx context.Context, in *watchInput) (*httpapi.Body[watchView], error) {
	userID, err := in.user(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.mayRead(ctx, in.resource()); err != nil {
		return nil, err
	}
	watching, err := s.Watching(ctx, userID, in.resource())
	return httpapi.OK(watchView{watching}), err
}

func (s *Service) putWatch(ctx context.Context, in *watchInput) (*struct{}, error) {
	userID, err := in.user(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.mayRead(ctx, in.resource()); err != nil {
		return nil, err
	}
	if err := s.known(ctx, userID); err != nil {
		return nil, err
	}
	return nil, s.Watch(ctx, userID, in.resource())
}

// deleteWatch asks for no right to read: who has lost it wants to hear no more.
func (s *Service) deleteWatch(ctx context.Context, in *watchInput) (*struct{}, error) {
	userID, err := in.user(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.Unwatch(ctx, userID, in.resource())
}

// user returns whose watch it is, once what was named can be.
func (in *watchInput) user(ctx context.Context) (string, error) {
	var v callboard.Validator
	v.Resource("", in.resource())
	if err := v.Err(); err != nil {
		return "", err
	}
	return askedAbout(ctx, "user_id", in.UserID)
}

// askedAbout returns who is asked about: the user who was named in the field, or else the caller. An application watches nothing and is
// told of nothing itself, nor is the user whose token it has.
func askedAbout(ctx context.Context, field, named string) (string, error) {
	actor := callboard.ActorFrom(ctx)
	var v callboard.Validator
	v.Check(named != "" || !actor.Service, field, "an application has to name the user")
	if named != "" {
		v.UserID(field, named)
	}
	if err := v.Err(); err != nil {
		return "", err
	}
	if named != "" && !actor.CanActFor(named) {
		return "", callboard.Errorf(callboard.CodeForbidden, "another user needs the admin role or a service token")
	}
	return cmp.Or(named, actor.ID), nil
}

func (s *Service) mayRead(ctx context.Context, res callboard.Resource) error {
	if s.cfg.Access == nil {
		return callboard.Errorf(callboard.CodeForbidden, "you may not read this resource")
	}
	return s.cfg.Access.CanRead(ctx, callboard.ActorFrom(ctx), res)
}

// known returns CodeInvalid for a user whom nobody knows. The caller is known: it is here.
func (s *Service) known(ctx context.Context, userID string) error {
	if userID == callboard.ActorFrom(ctx).ID {
		return nil
	}
	users, err := s.cfg.Users.Resolve(ctx, []string{userID})
	if err != nil {
		return fmt.Errorf("look up a user: %w", err)
	}
	user, found := users[userID]
	var v callboard.Validator
	v.Check(found && !user.Disabled, "user_id", "is not the ID of a user")
	return v.Err()
}
