package account

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

type listTokensInput struct {
	httpapi.PageInput
	UserID string `query:"user_id" format:"uuid" doc:"Whose tokens; the caller's when left out. Others' need the admin role."`
}

type createTokenInput struct {
	Body struct {
		Name      string     `json:"name" minLength:"1" maxLength:"100" doc:"That of a service token is the name of the application, which all see in the log."`
		Service   bool       `json:"service,omitempty" doc:"For an application that acts for others. Needs the admin role."`
		Scopes    []string   `json:"scopes,omitempty" nullable:"false" maxItems:"30" doc:"What it is limited to: read, write (all but sign-in and users), or for one tag of this document in lower case, episodes:read, episodes:write. Left out: all that its user may do, or what the token may that it is made with."`
		ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"Left out: never, or as late as the credential that it is made with."`
		UserID    string     `json:"user_id,omitempty" format:"uuid" doc:"Whose rights it has. Others' need the admin role."`
	}
}

// CreatedToken is a new API token with its secret.
type CreatedToken struct {
	Token
	Secret string `json:"token" doc:"The token itself. It is shown this once."`
}

func (s *Service) tokenRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-tokens", Method: http.MethodGet, Path: "/api/v1/auth/tokens", Access: httpapi.SignedIn, Tag: "Sign-in",
		Summary: "API tokens, newest first, with who made them",
	}, func(ctx context.Context, in *listTokensInput) (*httpapi.ListBody[Token], error) {
		list, err := s.ListTokens(ctx, cmp.Or(in.UserID, callboard.ActorFrom(ctx).ID), in.Page())
		return httpapi.ListOf(list, in.Page()), err
	})
	httpapi.Register(a, httpapi.Route{
		ID: "create-token", Method: http.MethodPost, Path: "/api/v1/auth/tokens", Access: httpapi.SignedIn, Tag: "Sign-in", Rate: 300,
		Message: "Token created successfully", Errors: []int{http.StatusNotFound}, Example: `{"name":"nightly export","expires_at":"2099-01-01T00:00:00Z"}`,
		Summary: "Create an API token", Status: http.StatusCreated, SecretAnswer: true, Emits: []string{callboard.TokenCreated.Name},
		Description: "One that is made with another token or a JWT holds no longer than that, may do no more, and is revoked with it. One for another user, and a " +
			"service token, is revoked when its creator is disabled or no longer an admin.",
	}, func(ctx context.Context, in *createTokenInput) (*httpapi.Body[CreatedToken], error) {
		token, secret, err := s.CreateToken(ctx, NewToken(in.Body))
		return httpapi.OK(CreatedToken{Token: token, Secret: secret}), err
	})
	httpapi.Register(a, httpapi.Route{
		ID: "revoke-token", Method: http.MethodDelete, Path: "/api/v1/auth/tokens/{id}", Access: httpapi.SignedIn, Tag: "Sign-in",
		Summary: "Revoke an API token", Description: "With all tokens that were made with it.", Emits: []string{callboard.CredentialRevoked.Name},
	}, func(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
		_, err := s.RevokeToken(ctx, in.ID)
		return &struct{}{}, err
	})
}
