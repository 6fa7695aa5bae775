package apptest

import (
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
)

// User is a user and how to act as it. It has no password, since hashing one is slow on purpose.
type User struct {
	ID    string
	Name  string
	Email string
	Role  callboard.Role
	Token string // an API token
}

// Users are a user of each role, and an application.
type Users struct {
	Admin, Editor, Viewer User
	Service               string // a service token, of the admin
}

func newUsers(t testing.TB, accounts *account.Service) Users {
	t.Helper()
	users := Users{
		Admin:  newUser(t, accounts, "Ada", callboard.RoleAdmin),
		Editor: newUser(t, accounts, "Ben", callboard.RoleEditor),
		Viewer: newUser(t, accounts, "Vera", callboard.RoleViewer),
	}
	users.Service = newToken(t, accounts, account.NewToken{UserID: users.Admin.ID, Name: "application", Service: true})
	return users
}

func newUser(t testing.TB, accounts *account.Service, name string, role callboard.Role) User {
	t.Helper()
	ctx := callboard.WithActor(t.Context(), callboard.System("Test"))
	u := User{Name: name, Email: string(role) + "@example.org", Role: role}
	created, err := accounts.CreateUser(ctx, account.NewUser{Email: u.Email, Name: name, Role: role})
	if err != nil {
		t.Fatalf("create a user: %v", err)
	}
	u.ID = created.ID
	u.Token = newToken(t, accounts, account.NewToken{UserID: u.ID, Name: "test"})
	return u
}

// NewToken returns another token of a user, for an application or for the user.
func (s *Server) NewToken(userID string, service bool) string {
	s.t.Helper()
	return newToken(s.t, s.App.Accounts, account.NewToken{UserID: userID, Name: "another", Service: service})
}

func newToken(t testing.TB, accounts *account.Service, in account.NewToken) string {
	t.Helper()
	ctx := callboard.WithActor(t.Context(), callboard.System("Test"))
	_, secret, err := accounts.CreateToken(ctx, in)
	if err != nil {
		t.Fatalf("create a token: %v", err)
	}
	return secret
}
