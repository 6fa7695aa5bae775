package presence

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const tag = "Presence"

// Routes adds the routes of presence to a.
func (s *Service) Routes(a huma.API) {
	s.viewerRoutes(a)
	s.statusRoutes(a)
}

func (s *Service) viewerRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-viewers", Method: http.MethodGet, Path: "/api/v1/presence/resource-viewers/{type}/{id}", Tag: tag,
		Summary: "See who looks at a resource",
		Description: "Those who have been there longest first, at most 1,000, without those who chose to be offline; total tells " +
			"how many there are.",
		Access: httpapi.SignedIn,
	}, s.routeViewers)
	httpapi.Register(a, httpapi.Route{
		ID: "track-viewer", Method: http.MethodPost, Path: "/api/v1/presence/viewers", Tag: tag,
		Message: "Viewer tracked successfully", Errors: []int{http.StatusNotFound, http.StatusTooManyRequests}, Example: `{"resource_type":"cut","resource_id":"v3"}`,
		Summary: "Note that a user looks at a resource",
		Description: "Repeats only refresh. Without one, the user leaves after the TTL, and with the last socket that follows the " +
			"viewers, a few seconds after it. Another user than oneself needs the admin role or a service token. " +
			"A user who looks at 1,000 things gets 429 for more. The types episode, show, file and job are Callboard's own: for " +
			"things of an application choose a type of its own.",
		Access: httpapi.SignedIn, Emits: []string{callboard.ViewerJoined.Name},
	}, s.routeTrack)
	httpapi.Register(a, httpapi.Route{
		ID: "remove-viewer", Method: http.MethodDelete, Path: "/api/v1/presence/viewers", Tag: tag,
		Errors:  []int{http.StatusNotFound},
		Summary: "Note that a user no longer looks at a resource",
		Description: "Ends what requests have noted, and sockets that have just dropped. A user with a live socket on the " +
			"resource stays a viewer.",
		Access: httpapi.SignedIn, Emits: []string{callboard.ViewerLeft.Name},
	}, s.routeRemove)
	httpapi.Register(a, httpapi.Route{
		ID: "presence-stats", Method: http.MethodGet, Path: "/api/v1/presence/stats", Tag: tag,
		Summary: "Count viewers and online users", Access: httpapi.Admin,
	}, s.routeStats)
}

func (s *Service) statusRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-online-users", Method: http.MethodGet, Path: "/api/v1/presence/online-users", Tag: tag,
		Summary:     "See who is online",
		Description: "Users with an open socket, those who came first first. Who chose to be offline is not among them.",
		Access:      httpapi.SignedIn,
	}, s.routeOnline)
	httpapi.Register(a, httpapi.Route{
		ID: "get-status", Method: http.MethodGet, Path: "/api/v1/presence/status", Tag: tag,
		Summary: "Get one's own chosen status", Access: httpapi.SignedIn,
	}, s.routeStatus)
	httpapi.Register(a, httpapi.Route{
		ID: "set-status", Method: http.MethodPost, Path: "/api/v1/presence/status", Tag: tag,
		Message: "Status updated successfully", Example: `{"status":"busy","text":"in the edit suite"}`,
		Summary: "Choose a status",
		Description: "It is kept for a day and seen while the user is online; offline means invisible. Another user than " +
			"oneself needs the admin role or a service token.",
		Access: httpapi.SignedIn, Emits: []string{callboard.PresenceStatusChanged.Name},
	}, s.routeSetStatus)
}

type viewersInput struct {
	Type string `path:"type" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]*$" patternDescription:"letters, digits, _ - or ., beginning with a letter or digit" doc:"Type of the resource."`
	ID   string `path:"id" maxLength:"128" doc:"ID of the resource."`
	// CacheTTL is accepted and has no effect: answers are current, so none is older than allowed.
	CacheTTL int `query:"cache_ttl" minimum:"0" maximum:"3600000" doc:"How old the answer may be, in milliseconds."`
}

func (s *Service) routeViewers(ctx context.Context, in *viewersInput) (*httpapi.Body[ViewerList], error) {
	res := callboard.Resource{Type: in.Type, ID: in.ID}
	if err := s.mayRead(ctx, res); err != nil {
		return nil, err
	}
	return s.answer(ctx, res)
}

func (s *Service) answer(ctx context.Context, res callboard.Resource) (*httpapi.Body[ViewerList], error) {
	viewers, total, err := s.Viewers(ctx, res)
	return httpapi.OK(ViewerList{Viewers: viewers, Total: total}), err
}

type viewerBody struct {
	ResourceType string `json:"resource_type" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]*$" patternDescription:"letters, digits, _ - or ., beginning with a letter or digit" doc:"Type of the resource: one of Callboard's, or your own."`
	ResourceID   string `json:"resource_id" maxLength:"128" doc:"ID of the resource."`
	UserID       string `json:"user_id,omitempty" maxLength:"128" doc:"Default: the caller. An application has to name a user."`
}

func (s *Service) routeTrack(ctx context.Context, in *struct{ Body viewerBody }) (*httpapi.Body[ViewerList], error) {
	res := callboard.Resource{Type: in.Body.ResourceType, ID: in.Body.ResourceID}
	user, err := s.userFor(ctx, in.Body.UserID)
	if err != nil {
		return nil, err
	}
	if err := s.mayRead(ctx, res); err != nil {
		return nil, err
	}
	if err := s.Track(ctx, res, user); err != nil {
		return nil, err
	}
	return s.answer(ctx, res)
}

type removeInput struct {
	ResourceType string `query:"resource_type" required:"true" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]*$" patternDescription:"letters, digits, _ - or ., beginning with a letter or digit" doc:"Type of the resource."`
	ResourceID   string `query:"resource_id" required:"true" maxLength:"128" doc:"ID of the resource."`
	UserID       string `query:"user_id" maxLength:"128" doc:"Default: the caller. An application has to name a user."`
}

func (s *Service) routeRemove(ctx context.Context, in *removeInput) (*struct{}, error) {
	userID, err := callerOr(callboard.ActorFrom(ctx), in.UserID)
	if err != nil {
		return nil, err
	}
	return nil, s.Remove(ctx, userID, callboard.Resource{Type: in.ResourceType, ID: in.ResourceID})
}

func (s *Service) routeStats(ctx context.Context, _ *struct{}) (*httpapi.Body[Stats], error) {
	st, err := s.Stats(ctx)
	return httpapi.OK(st), err
}

func (s *Service) routeOnline(ctx context.Context, in *httpapi.PageInput) (*httpapi.ListBody[OnlineUser], error) {
	list, err := s.OnlineUsers(ctx, in.Page())
	return httpapi.ListOf(list, in.Page()), err
}

func (s *Service) routeStatus(ctx context.Context, _ *struct{}) (*httpapi.Body[StatusChoice], error) {
	choice, err := s.Status(ctx, callboard.ActorFrom(ctx).ID)
	return httpapi.OK(choice), err
}

type statusBody struct {
	Status Status `json:"status" enum:"online,away,busy,dnd,offline" doc:"Offline means invisible."`
	Text   string `json:"text,omitempty" maxLength:"140" doc:"What to say beside it."`
	UserID string `json:"user_id,omitempty" maxLength:"128" doc:"Default: the caller. An application has to name a user."`
}

func (s *Service) routeSetStatus(ctx context.Context, in *struct{ Body statusBody }) (*httpapi.Body[StatusChoice], error) {
	user, err := s.userFor(ctx, in.Body.UserID)
	if err != nil {
		return nil, err
	}
	choice := StatusChoice{Status: in.Body.Status, Text: in.Body.Text}
	return httpapi.OK(choice), s.SetStatus(ctx, user, choice)
}

// mayRead lets those who may not read a resource neither see nor join its viewers.
func (s *Service) mayRead(ctx context.Context, res callboard.Resource) error {
	if err := checkViewer(res, callboard.UserRef{ID: callboard.ActorFrom(ctx).ID}); err != nil {
		return err
	}
	if s.cfg.Access == nil {
		return callboard.Errorf(callboard.CodeForbidden, "you may not read this resource")
	}
	return s.cfg.Access.CanRead(ctx, callboard.ActorFrom(ctx), res)
}

// userFor returns the user that a call is about: the caller, or the one it may act for.
func (s *Service) userFor(ctx context.Context, userID string) (callboard.UserRef, error) {
	actor := callboard.ActorFrom(ctx)
	id, err := callerOr(actor, userID)
	switch {
	case err != nil:
		return callboard.UserRef{}, err
	case id == actor.ID:
		return callboard.UserRef{ID: id, Name: actor.Name}, nil
	case s.cfg.Users == nil:
		return callboard.UserRef{ID: id}, nil
	}
	known, err := s.cfg.Users.Resolve(ctx, []string{id})
	if err != nil {
		return callboard.UserRef{}, fmt.Errorf("look up a user: %w", err)
	}
	user, ok := known[id]
	if !ok || user.Disabled {
		var v callboard.Validator
		v.Add("user_id", "no such user")
		return callboard.UserRef{}, v.Err()
	}
	return callboard.UserRef{ID: id, Name: user.Name}, nil
}

// callerOr returns the user that a call is about. An application is not there itself, nor is the user whose token it has.
func callerOr(actor callboard.Actor, userID string) (string, error) {
	var v callboard.Validator
	v.Check(userID != "" || !actor.Service, "user_id", "an application has to name the user")
	if err := v.Err(); err != nil {
		return "", err
	}
	if userID != "" && !actor.CanActFor(userID) {
		return "", callboard.Errorf(callboard.CodeForbidden, "another user needs the admin role or a service token")
	}
	return cmp.Or(userID, actor.ID), nil
}
