package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/show"
)

// Login is how to sign in as a user of the demo.
type Login struct {
	Role     callboard.Role `json:"role"`
	Name     string         `json:"name"`
	Email    string         `json:"email"`
	Password string         `json:"password"`
}

// demoFile keeps the generated passwords of the demo within DATA_DIR, so that a second start can print them again.
const demoFile = "demo_logins.json"

// Demo fills a fresh data folder with a show, episodes, a user of each role and a little life, and returns how to sign
// in. Started again on the same folder, it only returns that. A database that has users of its own is CodeConflict.
func (a *App) Demo(ctx context.Context) ([]Login, error) {
	if a.cfg.DataDir == "" {
		return nil, callboard.Errorf(callboard.CodeInvalid, "the demo keeps its passwords in DATA_DIR, which is empty")
	}
	path := filepath.Join(a.cfg.DataDir, demoFile)
	ctx = callboard.WithActor(ctx, callboard.System("Demo"))
	if logins, err := readLogins(path); err == nil {
		_, err = a.Accounts.UserByEmail(ctx, logins[0].Email)
		if callboard.CodeOf(err) != callboard.CodeNotFound { // else they are those of a database that is gone
			return logins, err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	users, err := a.Accounts.ListUsers(ctx, callboard.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(users.Items) > 0 {
		return nil, callboard.Errorf(callboard.CodeConflict, "there are users already; give the demo a DATA_DIR of its own")
	}
	logins := demoLogins()
	actors, err := a.demoUsers(ctx, logins)
	if err != nil {
		return nil, err
	}
	if err := a.demoLife(ctx, actors); err != nil {
		return nil, err
	}
	return logins, writeLogins(path, logins)
}

// demoLogins makes up passwords: no secret is built in, not even here.
func demoLogins() []Login {
	return []Login{
		{Role: callboard.RoleAdmin, Name: "Ada Quill", Email: "ada@demo.callboard.test", Password: rand.Text()},
		{Role: callboard.RoleEditor, Name: "Ben Okafor", Email: "ben@demo.callboard.test", Password: rand.Text()},
		{Role: callboard.RoleEditor, Name: "Mira Lindqvist", Email: "mira@demo.callboard.test", Password: rand.Text()},
		{Role: callboard.RoleViewer, Name: "Tom Reyes", Email: "tom@demo.callboard.test", Password: rand.Text()},
	}
}

func (a *App) demoUsers(ctx context.Context, logins []Login) ([]callboard.Actor, error) {
	actors := make([]callboard.Actor, len(logins))
	for i, l := range logins {
		user, err := a.Accounts.CreateUser(ctx, account.NewUser{
			Email: l.Email, Name: l.Name, Role: l.Role, Password: l.Password,
		})
		if err != nil {
			return nil, fmt.Errorf("create demo user: %w", err)
		}
		actors[i] = user.Actor()
	}
	return actors, nil
}

// demoEpisodes are the episodes of the demo, with where the team has got to.
func demoEpisodes() []episode.Input {
	return []episode.Input{
		{Title: "The Lamp Room", Status: episode.Approved, AirDate: new("2026-09-04"), Categories: []string{"mystery"}},
		{Title: "Low Water", Status: episode.Approved, AirDate: new("2026-09-11"), Categories: []string{"mystery", "drama"}},
		{Title: "A Letter for Nobody", Status: episode.Approved, AirDate: new("2026-09-18")},
		{Title: "The Second Keeper", Status: episode.Pending, AirDate: new("2026-09-25")},
		{Title: "Fog Signal", Status: episode.Pending},
		{Title: "What the Gulls Saw", Status: episode.Draft},
		{Title: "Dead Reckoning", Status: episode.Draft},
		{Title: "The Long Dark", Status: episode.Draft, Description: new("Season finale; two parts or one is still open.")},
	}
}

// demoLife has the team work for a while, through the same services as everybody.
func (a *App) demoLife(ctx context.Context, actors []callboard.Actor) error {
	ada, ben, mira := callboard.WithActor(ctx, actors[0]), callboard.WithActor(ctx, actors[1]), callboard.WithActor(ctx, actors[2])
	lighthouse, err := a.Shows.Create(ada, show.Input{
		Title: "Lighthouse Nine", Description: new("A keeper disappears; the light goes on."),
	})
	if err != nil {
		return fmt.Errorf("create demo show: %w", err)
	}
	var episodes []episode.Episode
	for i, in := range demoEpisodes() {
		in.ShowID, in.SeasonNumber = &lighthouse.ID, new(1)
		e, err := a.Episodes.Create([]context.Context{ben, mira}[i%2], in)
		if err != nil {
			return fmt.Errorf("create demo episode: %w", err)
		}
		episodes = append(episodes, e)
	}
	changes := []struct {
		by    context.Context //nolint:containedctx // who does it, for the length of the loop
		id    string
		patch episode.Patch
	}{
		{ben, episodes[0].ID, episode.Patch{Status: callboard.Some(episode.Published)}},
		{mira, episodes[1].ID, episode.Patch{Description: callboard.Some(new("The tide takes the boat, and the log book."))}},
		{ada, episodes[1].ID, episode.Patch{Status: callboard.Some(episode.Published)}},
		{ben, episodes[3].ID, episode.Patch{Title: callboard.Some("The Other Keeper"), AirDate: callboard.Some(new("2026-10-02"))}},
		{ada, episodes[4].ID, episode.Patch{Status: callboard.Some(episode.Rejected)}},
		{mira, episodes[5].ID, episode.Patch{Status: callboard.Some(episode.Pending)}},
	}
	for _, c := range changes {
		if _, err := a.Episodes.Update(c.by, c.id, c.patch, 0); err != nil {
			return fmt.Errorf("change demo episode: %w", err)
		}
	}
	return a.demoJobs(ben, episodes)
}

func readLogins(path string) ([]Login, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var logins []Login
	if err := json.Unmarshal(b, &logins); err != nil || len(logins) == 0 {
		return nil, fmt.Errorf("%s cannot be read; delete the data folder to start the demo anew", path)
	}
	return logins, nil
}

func writeLogins(path string, logins []Login) error {
	b, err := json.MarshalIndent(logins, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}
