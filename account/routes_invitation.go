package account

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

// NewInvitation is an invitation with the secret of its link.
type NewInvitation struct {
	Invitation
	Secret string `json:"token" doc:"Of the link: /invite?token=… on the board. It is shown this once."`
}

type invitedInput struct {
	Body struct {
		Token string `json:"token" maxLength:"100" doc:"From the link."`
	}
}

type acceptInput struct {
	Origin
	Body struct {
		Token    string `json:"token" maxLength:"100" doc:"From the link."`
		Password string `json:"password" minLength:"10" maxLength:"256" doc:"The password to sign in with from now on."`
	}
}

func (s *Service) invitationRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-invitations", Method: http.MethodGet, Path: "/api/v1/invitations", Access: httpapi.Admin, Tag: "Users",
		Summary: "Open invitations, those of the newest accounts first",
	}, func(ctx context.Context, in *httpapi.PageInput) (*httpapi.ListBody[Invitation], error) {
		list, err := s.Invitations(ctx, in.Page())
		return httpapi.ListOf(list, in.Page()), err
	})
	httpapi.Register(a, httpapi.Route{
		ID: "invite-user", Method: http.MethodPost, Path: "/api/v1/users/{id}/invitation", Access: httpapi.Admin, Tag: "Users",
		Message: "Invitation created successfully", Errors: []int{http.StatusConflict}, Status: http.StatusCreated, SecretAnswer: true,
		Summary: "Make a link by which a user sets the first password", Description: "For an account that was created without one. It holds for seven days, once; one that " +
			"was made before no longer does. 409 where there is a password, or passwords are switched off.",
		Emits: []string{callboard.UserUpdated.Name},
	}, func(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[NewInvitation], error) {
		invitation, secret, err := s.Invite(ctx, in.ID)
		return httpapi.OK(NewInvitation{Invitation: invitation, Secret: secret}), err
	})
	httpapi.Register(a, httpapi.Route{
		ID: "revoke-invitation", Method: http.MethodDelete, Path: "/api/v1/users/{id}/invitation", Access: httpapi.Admin, Tag: "Users",
		Summary: "Take back the invitation of a user", Description: "The account stays, without a password. DELETE /api/v1/users/{id} disables it.",
		Emits: []string{callboard.UserUpdated.Name},
	}, func(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
		return &struct{}{}, s.RevokeInvitation(ctx, in.ID)
	})
	httpapi.Register(a, httpapi.Route{
		ID: "show-invitation", Method: http.MethodPost, Path: "/api/v1/auth/invitation", Access: httpapi.Public, Tag: "Sign-in", Rate: 60,
		Message: "Invitation found", Example: `{"token":"f4Jb1tK0nQx8-example"}`, MaxBody: maxPublicBody,
		Summary: "Whom a link invites", Description: "403 where it does not hold, or no longer.",
	}, func(ctx context.Context, in *invitedInput) (*httpapi.Body[Invitation], error) {
		return answer(s.Invited(ctx, in.Body.Token))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "accept-invitation", Method: http.MethodPost, Path: "/api/v1/auth/invitation/accept", Access: httpapi.Public, Tag: "Sign-in", Rate: 60,
		Message: "Invitation accepted successfully", Example: `{"token":"f4Jb1tK0nQx8-example","password":"correct horse battery"}`,
		Summary: "Set the first password by a link, and sign in", SecretAnswer: true, MaxBody: maxPublicBody,
		Emits: []string{callboard.UserUpdated.Name, callboard.SignedIn.Name},
	}, func(ctx context.Context, in *acceptInput) (*sessionOutput, error) {
		user, secret, err := s.AcceptInvitation(ctx, in.Body.Token, in.Body.Password)
		return s.signedIn(in.Origin, user, secret, err)
	})
}
