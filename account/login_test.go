package account

import (
	"testing"

	"github.com/alexedwards/argon2id"

	"callboard"
	"callboard/outbox"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// A password is compared for tens of milliseconds. A login that was right when that began opens no session once the
// password is another one, or the user disabled: the change has ended all sessions there were, and this one would be left.
func TestLoginOvertakenByChange(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		s, err := New(Config{DB: db, Hashing: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}})
		if err != nil {
			t.Fatal(err)
		}
		ctx := callboard.WithActor(t.Context(), callboard.System("Test"))
		for name, change := range map[string]func(id string) (User, error){
			"password": func(id string) (User, error) { return s.SetPassword(ctx, id, "another one altogether") },
			"disabled": func(id string) (User, error) { return s.DisableUser(ctx, id) },
		} {
			user, err := s.CreateUser(ctx, NewUser{
				Email: name + "@example.org", Name: name, Role: callboard.RoleViewer, Password: "correct horse battery",
			})
			if err != nil {
				t.Fatal(err)
			}
			if secret, err := s.signIn(ctx, user, false); err != nil || secret == "" {
				t.Errorf("%s: before the change: %v", name, err)
			}
			if _, err := change(user.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := s.signIn(ctx, user, false); callboard.CodeOf(err) != callboard.CodeUnauthenticated {
				t.Errorf("%s: after the change: %v, want unauthenticated", name, err)
			}
			if n := sessionsOf(t, db, user.ID); n != 0 {
				t.Errorf("%s: %d sessions are left", name, n)
			}
		}
	}, Migrations(), outbox.Migrations())
}

func sessionsOf(t *testing.T, db *sqldb.DB, userID string) (n int) {
	t.Helper()
	err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM sessions WHERE user_id = $1`, userID).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
