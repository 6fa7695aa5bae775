package savedview

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const (
	tag     = "Saved views"
	apiPath = "/api/v1/saved-views"
)

// Routes adds the routes of saved views to a.
func (s *Service) Routes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-saved-views", Method: http.MethodGet, Path: apiPath, Tag: tag, Access: httpapi.SignedIn,
		Summary:     "List the saved views of the team and one's own",
		Description: "The team's first, each in their order: 100 of either at most, so there are no pages. An application has none of its own.",
	}, s.getList)
	httpapi.Register(a, httpapi.Route{
		ID: "create-saved-view", Method: http.MethodPost, Path: apiPath, Tag: tag, Access: httpapi.SignedIn,
		Message: "View saved successfully", Example: `{"name":"Waiting for approval","address":"/episodes?status=pending","team":true}`,
		Status: http.StatusCreated, Errors: []int{http.StatusForbidden, http.StatusConflict},
		Emits: []string{callboard.SavedViewCreated.Name}, Summary: "Save a view, behind those that there are",
		Description: "One of the team needs the editor role.",
	}, s.post)
	httpapi.Register(a, httpapi.Route{
		ID: "update-saved-view", Method: http.MethodPatch, Path: apiPath + "/{id}", Tag: tag, Access: httpapi.SignedIn,
		Message: "View updated successfully", Example: `{"name":"To be approved","position":0}`,
		Errors: []int{http.StatusForbidden}, Emits: []string{callboard.SavedViewUpdated.Name}, Summary: "Rename, redirect or move a saved view",
		Description: "One of the team needs the editor role. position is its new place; the others make room.",
	}, s.patch)
	httpapi.Register(a, httpapi.Route{
		ID: "delete-saved-view", Method: http.MethodDelete, Path: apiPath + "/{id}", Tag: tag, Access: httpapi.SignedIn,
		Errors: []int{http.StatusForbidden}, Emits: []string{callboard.SavedViewDeleted.Name}, Summary: "Delete a saved view",
		Description: "One of the team needs the editor role.",
	}, s.delete)
}

func (s *Service) getList(ctx context.Context, _ *struct{}) (*httpapi.Body[[]View], error) {
	views, err := s.List(ctx)
	if views == nil {
		views = []View{} // [] rather than null
	}
	return httpapi.OK(views), err
}

type postInput struct {
	Body struct {
		Name    string `json:"name" minLength:"1" maxLength:"100" doc:"What it is called."`
		Address string `json:"address" minLength:"1" maxLength:"2000" doc:"A list of the board with its query: /episodes, /activity, /inbox or /jobs, such as /episodes?status=pending."`
		Team    bool   `json:"team,omitempty" doc:"For everybody; else for oneself alone."`
	}
}

func (s *Service) post(ctx context.Context, in *postInput) (*httpapi.Body[View], error) {
	v, err := s.Create(ctx, Input(in.Body))
	return httpapi.OK(v), err
}

type patchInput struct {
	httpapi.IDInput
	Body struct {
		Name     callboard.Optional[string] `json:"name,omitempty" minLength:"1" maxLength:"100" doc:"What it is called."`
		Address  callboard.Optional[string] `json:"address,omitempty" minLength:"1" maxLength:"2000" doc:"Path and query within the board."`
		Position callboard.Optional[int]    `json:"position,omitempty" minimum:"0" maximum:"1000" doc:"Place among those of the team, or among one's own, from 0; what is beyond the last one is the last."`
	}
}

func (s *Service) patch(ctx context.Context, in *patchInput) (*httpapi.Body[View], error) {
	v, err := s.Update(ctx, in.ID, Patch(in.Body))
	return httpapi.OK(v), err
}

func (s *Service) delete(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
	return nil, s.Delete(ctx, in.ID)
}
