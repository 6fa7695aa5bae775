package callboard

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxUserID is how many characters the ID of a user may have.
const MaxUserID = 128

// userIDRule says in words what ValidUserID asks for.
const userIDRule = "must be a user ID: 1 to %d characters that can be seen, with spaces only between them; not all, app, system, . or .., " +
	"nor beginning with app-, role:, group: or watchers:"

// ValidUserID reports whether s can be the ID of a user: that of an account of Callboard, which is a UUID, or an opaque one of an
// application, such as "42", "auth0|abc" or an e-mail address. It has 1–128 characters that can be seen, with spaces between them
// only. What names an audience, an application or Callboard itself is not the ID of a user; nor are "." and "..", which cannot stand
// in a path.
//
// IDs are compared byte by byte: "Ada" is not "ada", and an accent that is a character of its own is not one that is part of
// another.
func ValidUserID(s string) bool {
	if !validLabel(s) || slices.Contains([]string{AudienceAll, SystemID, applicationID, ".", ".."}, s) {
		return false
	}
	return !slices.ContainsFunc([]string{applicationID + "-", audienceRolePrefix, audienceGroupPrefix, audienceWatchersPrefix},
		func(prefix string) bool { return strings.HasPrefix(s, prefix) })
}

// validLabel reports whether s is 1–128 characters that can be seen, with spaces only between them.
func validLabel(s string) bool {
	if Blank(s) || s != strings.TrimSpace(s) || !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxUserID {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) })
}

// UserID checks the ID of a user; see ValidUserID.
func (v *Validator) UserID(field, id string) { v.Check(ValidUserID(id), field, userIDRule, MaxUserID) }

// UserInfo is what is known of a user.
type UserInfo struct {
	Name string
	// Role is what the user may do in Callboard, and belongs to the audience of that role. All but admin and editor is viewer.
	Role Role
	// Roles and Groups are the application's own, for audiences alone: a role of the name of one of Callboard's gives nothing.
	Roles, Groups []string
	// Disabled users keep their name in what they did, and are neither let in nor notified.
	Disabled bool
}

// Actor returns the user as one who acts. Without a name it is called by its ID.
func (u UserInfo) Actor(id string) Actor {
	if !u.Role.Valid() {
		u.Role = RoleViewer
	}
	return Actor{ID: id, Name: cmp.Or(u.Name, id), Role: u.Role}
}

// In reports whether the user belongs to an audience that is everybody, a role or a group.
func (u UserInfo) In(a Audience) bool {
	switch {
	case a.Role.Valid():
		return a.Role == u.Actor("").Role
	case a.Role != "":
		return slices.Contains(u.Roles, string(a.Role))
	case a.Group != "":
		return slices.Contains(u.Groups, a.Group)
	}
	return a.All
}

// Users tells who somebody is. account.Service answers for the accounts of Callboard; an application answers for its own table.
type Users interface {
	// Resolve returns what is known of the users with the given IDs, by ID, and leaves out an ID that nobody has. Any string may
	// come, such as the UUID of an account: where keys are integers, what is none, or is written otherwise ("07"), is left out before a
	// query could fail on it. As app.Config.Users it is asked for 500 at most at a time. An error means that it could not be found out now: what depends on it
	// is tried again. A transaction of Callboard's may be open meanwhile, so it only reads, or uses another database. As app.Config.Users
	// it has 5 s, after which ctx ends.
	Resolve(ctx context.Context, ids []string) (map[string]UserInfo, error)
}

// UserLister is what Users may implement as well, so that everybody, a role or a group can be notified. Without it such an audience
// reaches those of its users who have been here.
type UserLister interface {
	// Members returns the IDs of the users of an audience, which is everybody, a role (of Callboard's, or the application's own) or
	// a group, in the order of their bytes: at most limit of those that come after the ID after. Those who are disabled are left out.
	Members(ctx context.Context, a Audience, after string, limit int) ([]string, error)
}
