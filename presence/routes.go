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
		Description: "Those who edit it first, then those who have been there longest, at most 1,000, without those who chose to be offline; " +
			"total tells how many there are.",
		Access: httpapi.SignedIn,
	}, s.routeViewers)
	httpapi.Register(a, httpapi.Route{
		ID: "list-viewers-of-many", Method: http.MethodGet, Path: "/api/v1/presence/resource-viewers/{type}", Tag: tag,
		Summary: "See who looks at each of up to 100 resources of a type",
		Description: "In the order of the IDs, each once, with 20 viewers at most. Resources that are not there, and those that the caller may not " +
			"read, are left out.",
		Access: httpapi.SignedIn,
	}, s.routeViewersOfMany)
	httpapi.Register(a, httpapi.Route{
		ID: "track-viewer", Method: http.MethodPost, Path: "/api/v1/presence/viewers", Tag: tag,
		Message: "Viewer tracked successfully", Errors: []int{http.StatusNotFound, http.StatusTooManyRequests}, Example: `{"resource_type":"cut","resource_id":"v3"}`,
		Summary: "Note that a user looks at a resource",
		Description: "Repeats only refresh. Without one, the user leaves after the TTL, and with the last socket that follows the " +
			"viewers, a few seconds after it. Another user than oneself needs the admin role or a service token. " +
			"With editing the user also edits that field, which all see who see the viewers: say so again every few seconds while " +
			"somebody types, for it lapses after six, and end it with DELETE. It is a hint and no lock. The user has to be one who " +
			"may edit: an editor or admin, for things of Callboard's; for those of an application, whoever may read them. " +
			"A user who looks at 1,000 things gets 429 for more. The types episode, show, file and job are Callboard's own: for " +
			"things of an application choose a type of its own.",
		Access: httpapi.SignedIn, Emits: []string{callboard.ViewerJoined.Name},
	}, s.routeTrack)
	httpapi.Register(a, httpapi.Route{
		ID: "remove-viewer", Method: http.MethodDelete, Path: "/api/v1/presence/viewers", Tag: tag,
		Errors:  []int{http.StatusNotFound},
		Summary: "Note that a user no longer looks at a resource",
		Description: "Ends what requests have noted, and sockets that have just dropped. A user with a live socket on the " +
			"resource stays a viewer. With editing it ends nothing but that.",
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

type viewersOfManyInput struct {
	Type string   `path:"type" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]*$" patternDescription:"letters, digits, _ - or ., beginning with a letter or digit" doc:"Type of the resources."`
	IDs  []string `query:"id,explode" required:"true" minItems:"1" maxItems:"100" maxLength:"128" doc:"IDs of the resources, each as a parameter of its own."`
}

// resourceViewers is who looks at one of many.
type resourceViewers struct {
	ResourceID string `json:"resource_id" doc:"ID of the resource."`
	ViewerList
}

func (s *Service) routeViewersOfMany(ctx context.Context, in *viewersOfManyInput) (*httpapi.Body[[]resourceViewers], error) {
	var v callboard.Validator
	for i, id := range in.IDs {
		v.Resource(fmt.Sprintf("id[%d].", i), callboard.Resource{Type: in.Type, ID: id})
	}
	if err := v.Err(); err != nil {
		return nil, err
	}
	list, seen := []resourceViewers{}, map[string]bool{}
	for _, id := range in.IDs {
		if seen[id] {
			continue
		}
		seen[id] = true
		res := callboard.Resource{Type: in.Type, ID: id}
		err := s.mayRead(ctx, res)
		if code := callboard.CodeOf(err); code == callboard.CodeForbidden || code == callboard.CodeNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		viewers, total, err := s.store.Viewers(ctx, res, Viewer{}, MaxListedEach)
		if err != nil {
			return nil, err
		}
		list = append(list, resourceViewers{id, ViewerList{viewers, total}})
	}
	return httpapi.OK(list), nil
}

type viewerBody struct {
	ResourceType string `json:"resource_type" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]*$" patternDescription:"letters, digits, _ - or ., beginning with a letter or digit" doc:"Type of the resource: one of Callboard's, or your own."`
	ResourceID   string `json:"resource_id" maxLength:"128" doc:"ID of the resource."`
	UserID       string `json:"user_id,omitempty" maxLength:"128" doc:"Default: the caller. An application has to name a user."`
	Editing      string `json:"editing,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]*$" patternDescription:"letters, digits, _ - or ., beginning with a letter or digit" doc:"The field that the user edits now, for six seconds. Left out, what the user edits stays as it is."`
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
	if in.Body.Editing == "" {
		err = s.Track(ctx, res, user.Ref())
	} else if err = s.mayEdit(ctx, res, user); err == nil {
		err = s.Edit(ctx, res, user.Ref(), in.Body.Editing)
	}
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, res)
}

type removeInput struct {
	ResourceType string `query:"resource_type" required:"true" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]*$" patternDescription:"letters, digits, _ - or ., beginning with a letter or digit" doc:"Type of the resource."`
	ResourceID   string `query:"resource_id" required:"true" maxLength:"128" doc:"ID of the resource."`
	UserID       string `query:"user_id" maxLength:"128" doc:"Default: the caller. An application has to name a user."`
	Editing      string `query:"editing" maxLength:"64" doc:"The user no longer edits this field, and stays a viewer."`
}

func (s *Service) routeRemove(ctx context.Context, in *removeInput) (*struct{}, error) {
	userID, err := callerOr(callboard.ActorFrom(ctx), in.UserID)
	if err != nil {
		return nil, err
	}
	res := callboard.Resource{Type: in.ResourceType, ID: in.ResourceID}
	if in.Editing != "" {
		return nil, s.EndEdit(ctx, userID, res, in.Editing)
	}
	return nil, s.Remove(ctx, userID, res)
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
	return httpapi.OK(choice), s.SetStatus(ctx, user.Ref(), choice)
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

// mayEdit lets nobody seem to edit what they may not.
func (s *Service) mayEdit(ctx context.Context, res callboard.Resource, user callboard.Actor) error {
	if s.cfg.EditAccess == nil {
		return callboard.Errorf(callboard.CodeForbidden, "the user may not edit this resource")
	}
	return s.cfg.EditAccess.CanEdit(ctx, user, res)
}

// userFor returns the user that a call is about: the caller, or the one it may act for.
func (s *Service) userFor(ctx context.Context, userID string) (callboard.Actor, error) {
	actor := callboard.ActorFrom(ctx)
	id, err := callerOr(actor, userID)
	switch {
	case err != nil:
		return callboard.Actor{}, err
	case id == actor.ID:
		return callboard.Actor{ID: id, Name: actor.Name, Role: actor.Role}, nil
	case s.cfg.Users == nil:
		return callboard.Actor{ID: id}, nil
	}
	known, err := s.cfg.Users.Resolve(ctx, []string{id})
	if err != nil {
		return callboard.Actor{}, fmt.Errorf("look up a user: %w", err)
	}
	user, ok := known[id]
	if !ok || user.Disabled {
		var v callboard.Validator
		v.Add("user_id", "no such user")
		return callboard.Actor{}, v.Err()
	}
	return callboard.Actor{ID: id, Name: user.Name, Role: user.Actor(id).Role}, nil
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
