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
	"time"

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

// Demo fills a fresh data folder with shows, episodes, users of each role and a little life, and returns how to sign
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

// demoShow is a show of the demo, with where the team has got to.
type demoShow struct {
	show.Input
	episodes []episode.Input
}

// demoShows returns the shows of the demo. They air on Fridays around today, so that the demo is never years old.
func demoShows(today time.Time) []demoShow {
	friday := today.AddDate(0, 0, int(time.Friday-today.Weekday()))
	airs := func(weeks int) *string { return new(friday.AddDate(0, 0, 7*weeks).Format(time.DateOnly)) }
	return []demoShow{
		{show.Input{Title: "Lighthouse Nine", Description: new("A keeper disappears; the light goes on.")}, []episode.Input{
			{Title: "The Lamp Room", Status: episode.Approved, AirDate: airs(-3), Categories: []string{"mystery"}},
			{Title: "Low Water", Status: episode.Approved, AirDate: airs(-2), Categories: []string{"mystery", "drama"}},
			{Title: "A Letter for Nobody", Status: episode.Approved, AirDate: airs(-1)},
			{Title: "The Second Keeper", Status: episode.Pending, AirDate: airs(0)},
			{Title: "Fog Signal", Status: episode.Pending},
			{Title: "What the Gulls Saw", Status: episode.Draft},
			{Title: "Dead Reckoning", Status: episode.Draft},
			{Title: "The Long Dark", Status: episode.Draft, Description: new("Season finale; two parts or one is still open.")},
		}},
		{show.Input{Title: "Night Ferry", Description: new("A podcast: one crossing an episode, one passenger who should not be on board.")}, []episode.Input{
			{Title: "Cast Off", Status: episode.Published, AirDate: airs(-4), Categories: []string{"podcast"}},
			{Title: "The Purser's List", Status: episode.Published, AirDate: airs(-2), Categories: []string{"podcast"}},
			{Title: "Cabin 218", Status: episode.Approved, AirDate: airs(0), Categories: []string{"podcast", "mystery"}},
			{Title: "Engine Room Blues", Status: episode.Pending, AirDate: airs(2), Categories: []string{"podcast"}},
			{Title: "The Man in the Car Deck", Status: episode.Draft, AirDate: airs(4)},
			{Title: "Landfall, Twice", Status: episode.Draft},
		}},
		{show.Input{Title: "Second Unit", Description: new("A web series about those who film what nobody looks at.")}, []episode.Input{
			{Title: "Golden Hour", Status: episode.Approved, AirDate: airs(-1), Categories: []string{"comedy"}},
			{Title: "Pick-ups", Status: episode.Pending, AirDate: airs(1), Categories: []string{"comedy"}},
			{Title: "Room Tone", Status: episode.Rejected, AirDate: airs(2), Categories: []string{"comedy"}},
			{Title: "Martini Shot", Status: episode.Draft},
		}},
	}
}

// demoLife has the team work for a while, through the same services as everybody.
func (a *App) demoLife(ctx context.Context, actors []callboard.Actor) error {
	ada, ben, mira := callboard.WithActor(ctx, actors[0]), callboard.WithActor(ctx, actors[1]), callboard.WithActor(ctx, actors[2])
	var episodes []episode.Episode
	for _, d := range demoShows(time.Now()) {
		created, err := a.Shows.Create(ada, d.Input)
		if err != nil {
			return fmt.Errorf("create demo show: %w", err)
		}
		for i, in := range d.episodes {
			in.ShowID, in.SeasonNumber = &created.ID, new(1)
			e, err := a.Episodes.Create([]context.Context{ben, mira}[i%2], in)
			if err != nil {
				return fmt.Errorf("create demo episode: %w", err)
			}
			episodes = append(episodes, e)
		}
	}
	changes := []struct {
		by    context.Context //nolint:containedctx // who does it, for the length of the loop
		id    string
		patch episode.Patch
	}{
		{ben, episodes[0].ID, episode.Patch{Status: callboard.Some(episode.Published)}},
		{mira, episodes[1].ID, episode.Patch{Description: callboard.Some(new("The tide takes the boat, and the log book."))}},
		{ada, episodes[1].ID, episode.Patch{Status: callboard.Some(episode.Published)}},
		{ben, episodes[3].ID, episode.Patch{Title: callboard.Some("The Other Keeper"), AirDate: callboard.Some(new(time.Now().AddDate(0, 0, 9).Format(time.DateOnly)))}},
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
