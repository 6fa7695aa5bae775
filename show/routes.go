package show

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const (
	tag  = "Shows"
	path = "/api/v1/shows"
)

// Routes adds the routes of shows to a.
func (s *Service) Routes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-shows", Method: http.MethodGet, Path: path, Tag: tag, Access: httpapi.SignedIn,
		Summary: "List shows by title",
	}, s.getList)
	httpapi.Register(a, httpapi.Route{
		ID: "create-show", Method: http.MethodPost, Path: path, Tag: tag, Access: httpapi.Editor,
		Message: "Show created successfully", Example: `{"title":"Lighthouse Nine","description":"Six keepers, one lamp."}`,
		Status: http.StatusCreated, Emits: []string{callboard.ShowCreated.Name}, Summary: "Create a show",
	}, s.post)
	httpapi.Register(a, httpapi.Route{
		ID: "get-show", Method: http.MethodGet, Path: path + "/{id}", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Get a show",
	}, s.getOne)
	httpapi.Register(a, httpapi.Route{
		ID: "replace-show", Method: http.MethodPut, Path: path + "/{id}", Tag: tag, Access: httpapi.Editor,
		Message: "Show updated successfully", Example: `{"title":"Lighthouse Nine","description":"Six keepers, one lamp."}`,
		Emits: []string{callboard.ShowUpdated.Name}, Summary: "Replace a show",
		Description: "A field that is left out is cleared.",
	}, s.put)
	httpapi.Register(a, httpapi.Route{
		ID: "update-show", Method: http.MethodPatch, Path: path + "/{id}", Tag: tag, Access: httpapi.Editor,
		Message: "Show updated successfully", Example: `{"title":"Lighthouse Ten"}`,
		Emits: []string{callboard.ShowUpdated.Name}, Summary: "Change some fields of a show",
	}, s.patch)
	httpapi.Register(a, httpapi.Route{
		ID: "delete-show", Method: http.MethodDelete, Path: path + "/{id}", Tag: tag, Access: httpapi.Editor,
		Errors: []int{http.StatusConflict},
		Emits:  []string{callboard.ShowDeleted.Name}, Summary: "Delete a show that has no episodes",
	}, s.delete)
	s.watchRoutes(a)
}

const aboutWatching = "Who watches a show is notified of its changes, and of what happens to its episodes: that one was created, updated, archived or " +
	"deleted, or has come from another show or left for one. Of files only those hear who watch the episode itself. No error if that is so already."

func (s *Service) watchRoutes(a huma.API) {
	if s.watches == nil {
		a = httpapi.Off(a, "notifications are switched off, and watching with them")
	}
	httpapi.Register(a, httpapi.Route{
		ID: "watch-show", Method: http.MethodPut, Path: path + "/{id}/watch", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Be notified of changes of a show and its episodes", Description: aboutWatching,
	}, s.putWatch)
	httpapi.Register(a, httpapi.Route{
		ID: "unwatch-show", Method: http.MethodDelete, Path: path + "/{id}/watch", Tag: tag, Access: httpapi.SignedIn,
		Summary: "No longer be notified of changes of a show and its episodes", Description: aboutWatching,
	}, s.deleteWatch)
}

// view is a show on the wire.
type view struct {
	ID           string    `json:"id" doc:"ID of the show."`
	Title        string    `json:"title" doc:"What it is called." example:"Lighthouse Nine"`
	Description  *string   `json:"description" doc:"What it is about."`
	ThumbnailURL *string   `json:"thumbnail_url" doc:"http or https, or the path of a file of this server."`
	Version      int64     `json:"version" doc:"Grows by one with each change; the ETag holds it."`
	CreatedBy    string    `json:"created_by" doc:"A user's ID, or that of an application (app-…)."`
	CreatedAt    time.Time `json:"created_at" doc:"When it was created."`
	UpdatedAt    time.Time `json:"updated_at" doc:"When it was changed last."`

	CreatedByName *string `json:"created_by_name" doc:"What that user or application is called now; null where nobody knows it."`
}

// views returns shows with the names of who made them.
func (s *Service) views(ctx context.Context, shows ...Show) []view {
	names := map[string]string{}
	if s.names != nil {
		ids := make([]string, len(shows))
		for i, show := range shows {
			ids[i] = show.CreatedBy
		}
		names = s.names.Names(ctx, ids)
	}
	views := make([]view, len(shows))
	for i, show := range shows {
		views[i] = view{
			ID: show.ID, Title: show.Title, Description: show.Description, ThumbnailURL: show.ThumbnailURL, Version: show.Version,
			CreatedBy: show.CreatedBy, CreatedAt: show.CreatedAt, UpdatedAt: show.UpdatedAt,
		}
		if name, known := names[show.CreatedBy]; known {
			views[i].CreatedByName = &name
		}
	}
	return views
}

// answer is one show, with its version as ETag.
type answer struct {
	ETag string `header:"ETag"`
	Body httpapi.Data[view]
}

func (s *Service) answerOf(ctx context.Context, show Show, err error) (*answer, error) {
	if err != nil {
		return nil, err
	}
	return &answer{ETag: httpapi.ETag(show.Version), Body: httpapi.Data[view]{Data: s.views(ctx, show)[0]}}, nil
}

func (s *Service) getList(ctx context.Context, in *httpapi.PageInput) (*httpapi.ListBody[view], error) {
	list, err := s.List(ctx, in.Page())
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(callboard.List[view]{Items: s.views(ctx, list.Items...), NextCursor: list.NextCursor}, in.Page()), nil
}

type body struct {
	Title        string  `json:"title" minLength:"1" maxLength:"255" doc:"What it is called."`
	Description  *string `json:"description,omitempty" maxLength:"10000" doc:"What it is about."`
	ThumbnailURL *string `json:"thumbnail_url,omitempty" maxLength:"2048" doc:"http or https, or the path of a file of this server."`
}

func (s *Service) post(ctx context.Context, in *struct{ Body body }) (*answer, error) {
	show, err := s.Create(ctx, Input(in.Body))
	return s.answerOf(ctx, show, err)
}

// lookAnswer is one show, and whether the caller watches it.
type lookAnswer struct {
	ETag string `header:"ETag"`
	Body struct {
		Data     view `json:"data" doc:"The show."`
		Watching bool `json:"watching" doc:"Whether the caller watches it. False for an application, and while notifications are switched off. The ETag does not tell of it."`
	}
}

func (s *Service) getOne(ctx context.Context, in *httpapi.IDInput) (*lookAnswer, error) {
	show, err := s.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &lookAnswer{ETag: httpapi.ETag(show.Version)}
	out.Body.Data, out.Body.Watching = s.views(ctx, show)[0], s.Watching(ctx, show)
	return out, nil
}

type putInput struct {
	httpapi.IDInput
	httpapi.IfMatchInput
	Body body
}

func (s *Service) put(ctx context.Context, in *putInput) (*answer, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	show, err := s.Replace(ctx, in.ID, Input(in.Body), version)
	return s.answerOf(ctx, show, err)
}

type patchInput struct {
	httpapi.IDInput
	httpapi.IfMatchInput
	Body struct {
		Title        callboard.Optional[string]  `json:"title,omitempty" minLength:"1" maxLength:"255" doc:"What it is called."`
		Description  callboard.Optional[*string] `json:"description,omitempty" maxLength:"10000" doc:"What it is about."`
		ThumbnailURL callboard.Optional[*string] `json:"thumbnail_url,omitempty" maxLength:"2048" doc:"http or https, or the path of a file of this server."`
	}
}

func (s *Service) patch(ctx context.Context, in *patchInput) (*answer, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	show, err := s.Update(ctx, in.ID, Patch(in.Body), version)
	return s.answerOf(ctx, show, err)
}

type deleteInput struct {
	httpapi.IDInput
	httpapi.IfMatchInput
}

func (s *Service) delete(ctx context.Context, in *deleteInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return nil, s.Delete(ctx, in.ID, version)
}

func (s *Service) putWatch(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
	return nil, s.Watch(ctx, in.ID, true)
}

func (s *Service) deleteWatch(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
	return nil, s.Watch(ctx, in.ID, false)
}
