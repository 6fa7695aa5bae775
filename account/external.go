package account

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

const (
	seenEvery    = 24 * time.Hour       // how often it is written that a user of an application was here
	keepExternal = 365 * 24 * time.Hour // how long one who is not seen any more is known
	maxLabels    = 100                  // roles, or groups, that are taken from a token

	rememberedFor      = 10 * time.Minute // how long a process trusts that it has written what is known of a user
	maxRemembered      = 10_000           // users
	maxRememberedBytes = 8 << 20
)

// profile is what a token says of a user who has no account.
type profile struct {
	Name   texts `json:"name,omitempty"`
	Role   texts `json:"role,omitempty"`
	Roles  texts `json:"roles,omitempty"`
	Groups texts `json:"groups,omitempty"`
}

// texts is a claim: a text or an array of texts. What else is in it is passed over: a claim that is not meant for us makes no token
// invalid.
type texts []string

// UnmarshalJSON implements json.Unmarshaler.
func (t *texts) UnmarshalJSON(b []byte) error {
	var claim any
	if err := json.Unmarshal(b, &claim); err != nil {
		return err
	}
	list, ok := claim.([]any)
	if !ok {
		list = []any{claim}
	}
	*t = nil
	for _, item := range list {
		if text, ok := item.(string); ok {
			*t = append(*t, text)
		}
	}
	return nil
}

// info returns what of the profile can be kept. The role is one of Callboard's, and else the least.
func (p profile) info(id string) callboard.UserInfo {
	name := strings.TrimSpace(strings.Join(p.Name, " "))
	if !soundName(name) || callboard.Blank(name) || utf8.RuneCountInString(name) > maxUserName {
		name = id
	}
	user := callboard.UserInfo{Name: name, Role: callboard.RoleViewer}
	for _, role := range callboard.Roles() {
		if len(p.Role) == 1 && p.Role[0] == string(role) {
			user.Role = role
		}
	}
	user.Roles = labels(append(slices.Clone(p.Role), p.Roles...), func(name string) string { return callboard.AudienceRole(callboard.Role(name)) })
	user.Groups = labels(p.Groups, callboard.AudienceGroup)
	return user
}

// labels returns the names, each once, that can be addressed as an audience.
func labels(names []string, audience func(string) string) []string {
	kept := []string{}
	for _, name := range names {
		if _, err := callboard.ParseAudience(audience(name)); err == nil && !slices.Contains(kept, name) && len(kept) < maxLabels {
			kept = append(kept, name)
		}
	}
	return kept
}

// subject returns who a JWT of ours, or of who shares our secret, is about: a user of the application where Config.Users knows the ID,
// else an account when the ID is a UUID, and a user of an application when it is not.
func (s *Service) subject(ctx context.Context, id string, p profile, remember bool) (callboard.Actor, error) {
	actor, err := s.externalActor(ctx, id, p, remember)
	switch {
	case callboard.CodeOf(err) != callboard.CodeNotFound:
		return actor, err
	case isAccountID(id):
		return activeActor(findUser(ctx, s.db, "id", id, ""))
	}
	return callboard.Actor{}, invalidCredential(err)
}

// externalActor returns the actor for a user of an application, or an error with CodeNotFound for an ID that is none of theirs. What a
// token says of the user counts where Config.Users is not there to say it, and is remembered where it comes from the application.
func (s *Service) externalActor(ctx context.Context, id string, p profile, remember bool) (callboard.Actor, error) {
	known := map[string]callboard.UserInfo{}
	if err := s.resolveOwn(ctx, []string{id}, known); err != nil {
		return callboard.Actor{}, err
	}
	user, ok := known[id]
	switch {
	case !ok && (s.users != nil || isAccountID(id)):
		return callboard.Actor{}, callboard.NotFound("user")
	case !ok:
		user = p.info(id)
	case user.Disabled:
		return callboard.Actor{}, invalidCredential(errors.New("the user is disabled"))
	}
	if remember {
		if err := s.Remember(ctx, id, user); err != nil {
			return callboard.Actor{}, err
		}
	}
	return user.Actor(id), nil
}

// externalUser is a user of an application, as the database knows it.
type externalUser struct {
	callboard.UserInfo
	id            string
	created, seen time.Time
}

const externalColumns = `id, name, role, roles, member_of, created_at, seen_at`

func scanExternal(row sqldb.Scanner) (e externalUser, err error) {
	var (
		roles, groups string
		created, seen sqldb.Time
	)
	err = row.Scan(&e.id, &e.Name, &e.Role, &roles, &groups, &created, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return externalUser{}, callboard.NotFound("user")
	}
	if err != nil {
		return externalUser{}, fmt.Errorf("read a user of an application: %w", err)
	}
	e.created, e.seen = created.Time, seen.Time
	return e, errors.Join(json.Unmarshal([]byte(roles), &e.Roles), json.Unmarshal([]byte(groups), &e.Groups))
}

func findExternal(ctx context.Context, q sqldb.Querier, id string) (externalUser, error) {
	return scanExternal(q.QueryRowContext(ctx, `SELECT `+externalColumns+` FROM callboard_external_users WHERE id = $1`, id))
}

// Remember notes what is known of a user of an application who is here: for the name in the log, for audiences, and for the rights of
// jobs that run later. It writes when something of that has changed, and else once a day; most of the time it asks nothing. An ID that
// is none of an application's is passed over.
func (s *Service) Remember(ctx context.Context, id string, user callboard.UserInfo) error {
	if !callboard.ValidUserID(id) || s.users == nil && isAccountID(id) {
		return nil
	}
	now := s.now()
	last, generation, ok := s.remembered.Get(id, now)
	if ok && sameUser(last, user) {
		return nil
	}
	known, err := findExternal(ctx, s.db, id)
	if err != nil && callboard.CodeOf(err) != callboard.CodeNotFound {
		return err
	}
	if err != nil || now.Sub(known.seen) >= seenEvery || !sameUser(known.UserInfo, user) {
		if err := s.writeExternal(ctx, id, user, now); err != nil {
			return err
		}
	}
	s.remembered.Put(id, generation, user, now)
	return nil
}

// userSize returns about how many bytes u takes.
func userSize(u callboard.UserInfo) int {
	size := 128 + len(u.Name)
	for _, label := range slices.Concat(u.Roles, u.Groups) {
		size += 16 + len(label)
	}
	return size
}

func sameUser(a, b callboard.UserInfo) bool {
	return a.Name == b.Name && a.Role == b.Role && slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Groups, b.Groups)
}

func (s *Service) writeExternal(ctx context.Context, id string, user callboard.UserInfo, now time.Time) error {
	roles, err1 := json.Marshal(orEmpty(user.Roles))
	groups, err2 := json.Marshal(orEmpty(user.Groups))
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_external_users (`+externalColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $6)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, roles = excluded.roles,
			member_of = excluded.member_of, seen_at = excluded.seen_at`,
			id, user.Name, user.Role, string(roles), string(groups), sqldb.Time{Time: now})
		if err != nil {
			return fmt.Errorf("note a user of an application: %w", err)
		}
		return nil
	})
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// resolveExternal finds users of applications. One who was never here has the least role, and an ID for a name.
func (s *Service) resolveExternal(ctx context.Context, ids []string, known map[string]callboard.UserInfo) error {
	if len(ids) == 0 {
		return nil
	}
	for _, id := range ids {
		known[id] = profile{}.info(id)
	}
	//nolint:rowserrcheck // Each does
	rows, err := s.db.Within(ctx).QueryContext(ctx, `SELECT `+externalColumns+` FROM callboard_external_users WHERE id IN (`+
		sqltext.Placeholders(1, len(ids))+`)`, anySlice(ids)...)
	return sqldb.Each(rows, err, "find users of applications", func(row sqldb.Scanner) error {
		e, err := scanExternal(row)
		known[e.id] = e.UserInfo
		return err
	})
}

// externalIn returns the next users of applications who belong to an audience, of those who have been here. It reads them in pages
// until it has found enough: an application with many users, few of whom are in an audience, better lists them itself.
func (s *Service) externalIn(ctx context.Context, a callboard.Audience, after string, limit int) ([]string, error) {
	var found []string
	for {
		rows, err := s.db.Within(ctx).QueryContext(ctx, `SELECT `+externalColumns+` FROM callboard_external_users WHERE id > $1 ORDER BY id LIMIT $2`,
			after, idChunk)
		page, err := sqldb.Collect(rows, err, "list users of applications", scanExternal)
		if err != nil {
			return nil, err
		}
		members, err := s.membersAmong(ctx, page, a)
		if err != nil {
			return nil, err
		}
		if found = append(found, members...); len(page) < idChunk || len(found) >= limit {
			return found[:min(limit, len(found))], nil
		}
		after = page[len(page)-1].id
	}
}

// membersAmong returns those who belong to an audience now: the application may say otherwise than when they were here.
func (s *Service) membersAmong(ctx context.Context, page []externalUser, a callboard.Audience) ([]string, error) {
	current := make(map[string]callboard.UserInfo, len(page))
	ids := make([]string, len(page))
	for i, e := range page {
		ids[i], current[e.id] = e.id, e.UserInfo
	}
	if s.users != nil && len(ids) > 0 {
		var err error
		if current, err = s.users.Resolve(ctx, ids); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(ids, func(id string) bool {
		user, ok := current[id]
		return !ok || user.Disabled || !user.In(a)
	}), nil
}
