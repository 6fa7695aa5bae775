package account

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// Person is a user as all others may see one.
type Person struct {
	ID   string         `json:"id" doc:"ID of the user."`
	Name string         `json:"name" doc:"Name for people."`
	Role callboard.Role `json:"role" enum:"admin,editor,viewer" doc:"An editor may also change the production, and an admin everything."`
}

// maxSearched bounds how many users are looked at for one page.
const maxSearched = 2_000

// People returns the users who are not disabled, accounts and users of applications, in the order of their IDs; with a text, those in
// whose names it occurs, whatever case and accents. Names are searched one by one, since those of an application are its own: a page
// for which many are looked at in vain ends early, and its NextCursor leads on.
func (s *Service) People(ctx context.Context, text string, page callboard.Page) (callboard.List[Person], error) {
	after, wanted, size := "", strings.TrimSpace(sqltext.Fold(text)), page.Size()
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &after); err != nil {
			return callboard.List[Person]{}, err
		}
	}
	chunk := size + 1
	if wanted != "" {
		chunk = idChunk
	}
	var found []Person
	for looked := 0; looked < maxSearched; looked += chunk {
		ids, err := s.Members(ctx, callboard.Audience{All: true}, after, chunk)
		if err != nil {
			return callboard.List[Person]{}, err
		}
		known, err := s.Resolve(ctx, ids)
		if err != nil {
			return callboard.List[Person]{}, err
		}
		for _, id := range ids {
			if user, ok := known[id]; ok && !user.Disabled && strings.Contains(sqltext.Fold(user.Name), wanted) {
				found = append(found, Person{id, user.Name, user.Actor(id).Role})
			}
		}
		if len(found) > size || len(ids) < chunk {
			return callboard.NewList(found, size, func(p Person) any { return p.ID }), nil
		}
		after = ids[len(ids)-1]
	}
	return callboard.List[Person]{Items: found, NextCursor: callboard.EncodeCursor(after)}, nil
}

const (
	namesFor      = time.Second // also bounds how long an old name is told where another process, or an application, has changed it
	maxNames      = 4096
	maxNamesBytes = 1 << 20
)

// Names returns the names of users and applications by the IDs that events and resources have of them, and leaves out whom nobody
// knows. Names only explain: trouble is logged, and leaves them out. What was found is trusted for a second: else reading an
// episode would cost a third more.
func (s *Service) Names(ctx context.Context, ids []string) map[string]string {
	names := map[string]string{}
	if actor := callboard.ActorFrom(ctx).Ref(); actor.ID != "" {
		names[actor.ID] = actor.Name // most often asked for, after a write
	}
	var users, tokens []string
	seen, now := map[string]int{}, s.now() // the generations under which what is read is kept
	for _, id := range ids {
		_, known := names[id]
		if _, asked := seen[id]; known || asked {
			continue
		}
		name, generation, ok := s.names.Get(id, now)
		if ok {
			names[id] = name
			continue
		}
		seen[id] = generation
		if token, is := callboard.ApplicationToken(id); is {
			tokens = append(tokens, token)
		} else {
			users = append(users, id)
		}
	}
	known, err := s.Resolve(ctx, users)
	for id, user := range known {
		names[id] = user.Name
	}
	if err == nil {
		err = s.nameApplications(ctx, tokens, names)
	}
	if err != nil {
		s.logger.WarnContext(ctx, "cannot find the names of users", "error", err)
	}
	for id, generation := range seen {
		if name, found := names[id]; found {
			s.names.Put(id, generation, name, now)
		}
	}
	return names
}

// nameApplications adds the names of the applications that have these tokens.
func (s *Service) nameApplications(ctx context.Context, tokens []string, names map[string]string) error {
	if len(tokens) == 0 {
		return nil
	}
	//nolint:rowserrcheck // Each does
	rows, err := s.db.QueryContext(ctx, `SELECT id, name FROM callboard_api_tokens WHERE id IN (`+
		sqltext.Placeholders(1, len(tokens))+`)`, anySlice(tokens)...)
	err = sqldb.Each(rows, err, "find applications", func(row sqldb.Scanner) error {
		var id, name string
		err := row.Scan(&id, &name)
		names[callboard.ApplicationID(id)] = name
		return err
	})
	if err != nil {
		return fmt.Errorf("name applications: %w", err)
	}
	return nil
}
