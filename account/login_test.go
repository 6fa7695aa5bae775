package account

import (
	"testing"
	"testing/synctest"

	"github.com/alexedwards/argon2id"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
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
			if secret, err := s.signIn(ctx, user, false, ""); err != nil || secret == "" {
				t.Errorf("%s: before the change: %v", name, err)
			}
			if _, err := change(user.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := s.signIn(ctx, user, false, ""); callboard.CodeOf(err) != callboard.CodeUnauthenticated {
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
	err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM callboard_sessions WHERE user_id = $1`, userID).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestGuessesHoldUpNobodyElse has one place guess while another signs in: comparing takes a core for tens of milliseconds.
func TestGuessesHoldUpNobodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := New(Config{Hashing: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}})
		if err != nil {
			t.Fatal(err)
		}
		s.passwords.slots = make(chan struct{}, 1)
		guess := func(ip, email string) callboard.Code {
			ctx := callboard.WithRequest(t.Context(), callboard.Request{IP: ip})
			_, err := s.guess(ctx, email, "", "a wrong password", "")
			return callboard.CodeOf(err)
		}
		unlock, err := s.passwords.places.Lock(t.Context(), "192.0.2.1") // a guess of that place is compared
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan callboard.Code, limitPair)
		for range cap(ended) {
			go func() { ended <- guess("192.0.2.1", "ada") }()
		}
		synctest.Wait()
		if code := guess("192.0.2.2", "bob"); code != callboard.CodeUnauthenticated {
			t.Errorf("from elsewhere: %s", code)
		}
		if len(ended) > 0 {
			t.Error("two guesses of one place are compared at once")
		}
		unlock()
		for range cap(ended) {
			if code := <-ended; code != callboard.CodeUnauthenticated {
				t.Errorf("a guess: %s", code)
			}
		}
		s.passwords.slots <- struct{}{}
		if code := guess("192.0.2.1", "ada"); code != callboard.CodeRateLimited {
			t.Errorf("one guess too many waits for its turn: %s", code)
		}
	})
}
