package account

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

type createUserInput struct {
	Body struct {
		Email    string         `json:"email" maxLength:"254" doc:"The address to sign in with; nobody else may have it."`
		Name     string         `json:"name" minLength:"1" maxLength:"100" doc:"Name for people."`
		Role     callboard.Role `json:"role" enum:"admin,editor,viewer" doc:"An editor may also change the production, and an admin everything."`
		Password string         `json:"password,omitempty" minLength:"10" maxLength:"256" doc:"Left out: cannot sign in with one."`
		TimeZone string         `json:"time_zone,omitempty" maxLength:"64" doc:"Name in the IANA time zone database; default: UTC."`
	}
}

type updateUserInput struct {
	httpapi.IDInput
	Body struct {
		Name     *string         `json:"name,omitempty" minLength:"1" maxLength:"100" doc:"Name for people."`
		Role     *callboard.Role `json:"role,omitempty" enum:"admin,editor,viewer" doc:"The new role."`
		Disabled *bool           `json:"disabled,omitempty" doc:"A disabled user cannot sign in; sessions are ended and tokens refused."`
		Password *string         `json:"password,omitempty" minLength:"10" maxLength:"256" doc:"The new password."`
		TimeZone *string         `json:"time_zone,omitempty" maxLength:"64" doc:"Name in the IANA time zone database."`
	}
}

type peopleInput struct {
	Q string `query:"q" maxLength:"100" doc:"Occurs in the name; case and accents make no difference. A page may be short then; go on while there is a next_cursor."`
	httpapi.PageInput
}

func (s *Service) userRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-people", Method: http.MethodGet, Path: "/api/v1/people", Access: httpapi.SignedIn, Tag: "Users",
		Summary:     "Who is on the board: name and role of the users, by ID",
		Description: "Of all who are not disabled: accounts, and users of applications. Their addresses are for admins, at /users.",
	}, func(ctx context.Context, in *peopleInput) (*httpapi.ListBody[Person], error) {
		list, err := s.People(ctx, in.Q, in.Page())
		return httpapi.ListOf(list, in.Page()), err
	})
	httpapi.Register(a, httpapi.Route{
		ID: "list-users", Method: http.MethodGet, Path: "/api/v1/users", Access: httpapi.Admin, Tag: "Users",
		Summary: "Users, in the order of their creation",
	}, func(ctx context.Context, in *httpapi.PageInput) (*httpapi.ListBody[User], error) {
		list, err := s.ListUsers(ctx, in.Page())
		return httpapi.ListOf(list, in.Page()), err
	})
	httpapi.Register(a, httpapi.Route{
		ID: "create-user", Method: http.MethodPost, Path: "/api/v1/users", Access: httpapi.Admin, Tag: "Users",
		Message: "User created successfully",
		Example: `{"email":"mira@example.org","name":"Mira Sand","role":"editor","password":"correct horse battery","time_zone":"Europe/Berlin"}`,
		Summary: "Create a user", Status: http.StatusCreated, Emits: []string{callboard.UserCreated.Name},
	}, func(ctx context.Context, in *createUserInput) (*httpapi.Body[User], error) {
		return answer(s.CreateUser(ctx, NewUser(in.Body)))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "get-user", Method: http.MethodGet, Path: "/api/v1/users/{id}", Access: httpapi.Admin, Tag: "Users",
		Summary: "One user",
	}, func(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[User], error) {
		return answer(s.User(ctx, in.ID))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "update-user", Method: http.MethodPatch, Path: "/api/v1/users/{id}", Access: httpapi.Admin, Tag: "Users",
		Message: "User updated successfully", Errors: []int{http.StatusConflict}, Example: `{"role":"editor"}`,
		Summary:     "Change a user",
		Description: "Fields that are left out stay. A new password and disabling end the user's sessions.",
		Emits:       []string{callboard.UserUpdated.Name, callboard.UserDisabled.Name},
	}, func(ctx context.Context, in *updateUserInput) (*httpapi.Body[User], error) {
		return answer(s.UpdateUser(ctx, in.ID, UserPatch(in.Body)))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "disable-user", Method: http.MethodDelete, Path: "/api/v1/users/{id}", Access: httpapi.Admin, Tag: "Users",
		Errors:  []int{http.StatusConflict},
		Summary: "Disable a user", Description: "Nothing is deleted: what the user did keeps its author. PATCH enables again.",
		Emits: []string{callboard.UserDisabled.Name},
	}, func(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
		_, err := s.DisableUser(ctx, in.ID)
		return &struct{}{}, err
	})
	httpapi.Register(a, httpapi.Route{
		ID: "unlink-user", Method: http.MethodDelete, Path: "/api/v1/users/{id}/identity", Access: httpapi.Admin, Tag: "Users",
		Summary: "Forget who a user is at the OpenID Connect provider", Description: "For who has another account there by now. Ends the user's sessions; the next sign-in " +
			"there links the account anew, by its verified e-mail address.",
		Emits: []string{callboard.UserUpdated.Name},
	}, func(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
		return &struct{}{}, s.Unlink(ctx, in.ID)
	})
}
