package account

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

type setupInput struct {
	Origin
	Body struct {
		Token    string `json:"token" maxLength:"100" doc:"From the link that the first start prints."`
		Email    string `json:"email" maxLength:"254" doc:"The address to sign in with."`
		Name     string `json:"name" minLength:"1" maxLength:"100" doc:"Name for people."`
		Password string `json:"password" minLength:"10" maxLength:"256" doc:"The password to sign in with."`
	}
}

func (s *Service) setupRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "setup", Method: http.MethodPost, Path: "/api/v1/auth/setup", Access: httpapi.Public, Tag: "Sign-in", Rate: 60,
		Message: "Setup completed successfully", Errors: []int{http.StatusConflict, http.StatusTooManyRequests},
		Example: `{"token":"f4Jb1tK0nQx8-example","email":"ada@example.org","name":"Ada Quill","password":"correct horse battery"}`,
		Summary: "Create the first admin and sign in", Status: http.StatusCreated, SecretAnswer: true, MaxBody: maxPublicBody,
		Emits: []string{callboard.UserCreated.Name, callboard.SignedIn.Name},
	}, func(ctx context.Context, in *setupInput) (*sessionOutput, error) {
		user, secret, err := s.Setup(ctx, in.Body.Token,
			NewUser{Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password})
		return s.signedIn(in.Origin, user, secret, err)
	})
}
