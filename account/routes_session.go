package account

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

type endSessionsInput struct {
	Origin
	Others bool `query:"others" doc:"Not the one that this request came with."`
}

func (s *Service) sessionRoutes(a huma.API) {
	emits := []string{callboard.CredentialRevoked.Name}
	httpapi.Register(a, httpapi.Route{
		ID: "list-sessions", Method: http.MethodGet, Path: "/api/v1/auth/sessions", Access: httpapi.SignedIn, Tag: "Sign-in",
		Summary: "The browsers in which the caller is signed in, newest first",
	}, func(ctx context.Context, in *httpapi.PageInput) (*httpapi.ListBody[Session], error) {
		list, err := s.ListSessions(ctx, in.Page())
		return httpapi.ListOf(list, in.Page()), err
	})
	httpapi.Register(a, httpapi.Route{
		ID: "end-session", Method: http.MethodDelete, Path: "/api/v1/auth/sessions/{id}", Access: httpapi.SignedIn, Tag: "Sign-in",
		Summary: "End one of the caller's sessions, with its sockets", Emits: emits,
	}, func(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
		return &struct{}{}, s.EndSession(ctx, in.ID)
	})
	httpapi.Register(a, httpapi.Route{
		ID: "end-sessions", Method: http.MethodDelete, Path: "/api/v1/auth/sessions", Access: httpapi.SignedIn, Tag: "Sign-in",
		Summary: "Sign the caller out everywhere", Description: "Ends all sessions, this one too unless others is true, with their sockets. API tokens stay.",
		Emits: emits,
	}, func(ctx context.Context, in *endSessionsInput) (*logoutOutput, error) {
		if in.Others {
			return &logoutOutput{}, s.EndOtherSessions(ctx)
		}
		return &logoutOutput{SetCookie: s.cookie(in.Origin, CookieName, "")}, s.EndSessions(ctx)
	})
}
