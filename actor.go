package callboard

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Role is what a user may do in general. Each role includes the ones below it: admin, editor, viewer.
type Role string

// The roles, from the most to the least powerful.
const (
	RoleAdmin  Role = "admin"  // everything
	RoleEditor Role = "editor" // writes the domain: shows, episodes, files, jobs
	RoleViewer Role = "viewer" // reads, watches, and manages its own inbox
)

// Roles lists all roles, the most powerful first.
func Roles() []Role { return []Role{RoleAdmin, RoleEditor, RoleViewer} }

// Valid reports whether r is one of the known roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Includes reports whether r may do all that other may do. An unknown role includes nothing.
func (r Role) Includes(other Role) bool {
	mine, theirs := slices.Index(Roles(), r), slices.Index(Roles(), other)
	return mine >= 0 && theirs >= 0 && mine <= theirs
}

// SystemID is the ID of the actor that stands for Callboard itself: imports without a named user, sweeps, set-up.
// It is not that of a user: see ValidUserID.
const SystemID = "system"

// Actor is who does something. The zero Actor is nobody and may do nothing.
type Actor struct {
	ID   string
	Name string
	Role Role
	// Service is set when the actor is an application that came with a service token. It acts for others: it may name
	// another user as the author of an entry, send notifications and use the socket calls. ID, Name and Role are those of
	// the user whose token it is: that is whose rights it has, but not who acts; see Ref.
	Service bool
	// Application is the name of the application where Service is set.
	Application string
	// Credential is the ID of the session or token that proved who this is; empty for JWTs and for the system. It lets a
	// connection be ended when that one credential is revoked.
	Credential string
	// Session is set when the credential is a browser's session: the user is here in person, having signed in on a page.
	Session bool
	// Scopes are what the credential is limited to, of what the role allows.
	Scopes Scopes
	// Expires is until when that credential holds; the zero time means until it is revoked. Nothing that is made with it holds longer.
	Expires time.Time
}

// System returns the actor that stands for Callboard itself, under the given name.
func System(name string) Actor { return Actor{ID: SystemID, Name: name, Role: RoleAdmin} }

// applicationID begins the IDs of applications, "app-…". No user has such a one: see ValidUserID.
const applicationID = "app"

// Ref returns who acts, as events and the log name it: the user, or the application, never the user whose token that has.
func (a Actor) Ref() UserRef {
	if !a.Service {
		return UserRef{ID: a.ID, Name: a.Name}
	}
	ref := UserRef{ID: applicationID, Name: cmp.Or(a.Application, "An application")}
	if a.Credential != "" {
		ref.ID = ApplicationID(a.Credential)
	}
	return ref
}

// ApplicationID returns the ID of the application that has the token with the given ID.
func ApplicationID(token string) string { return applicationID + "-" + token }

// ApplicationToken returns the ID of the token that an application has, and false for an ID that is not of one.
func ApplicationToken(id string) (token string, ok bool) {
	return strings.CutPrefix(id, applicationID+"-")
}

// IsZero reports whether nobody is signed in.
func (a Actor) IsZero() bool { return a.ID == "" }

// CanActFor reports whether a may act in the name of the user with the given ID: its own, or anybody's for an admin or
// a service token.
func (a Actor) CanActFor(userID string) bool {
	return !a.IsZero() && (a.ID == userID || a.CanSpeakForAll())
}

// CanSpeakForAll reports whether a may address other users: send notifications and socket messages, name other authors.
func (a Actor) CanSpeakForAll() bool { return a.Role == RoleAdmin || a.Service }

// Viewer is a user who looks at a resource.
type Viewer struct {
	UserID string    `json:"user_id" doc:"ID of the user."`
	Name   string    `json:"name" doc:"Name of the user."`
	Since  time.Time `json:"since" doc:"When the user came."`
	// Editing is shared by all lists that name the viewer: it must not be changed.
	Editing []string `json:"editing,omitempty" nullable:"false" doc:"Fields that the user edits at this moment: a hint, and no lock. Absent when there are none."`
}

// Access answers whether an actor may read a resource; nil means yes. app fills it for those who serve resources of others.
type Access interface {
	CanRead(ctx context.Context, actor Actor, res Resource) error
}

// Request is what is known of the request that a change came with. Activity entries keep IP and UserAgent.
type Request struct {
	ID        string
	IP        string
	UserAgent string
	Trace     string // traceparent, where the request is traced; its events hand it on to what follows from them
}

// Network returns the part of the address that one caller can hold: all of an IPv4 address, 64 bits of an IPv6 one.
func (r Request) Network() string {
	addr, err := netip.ParseAddr(r.IP)
	if err != nil {
		return r.IP
	}
	if addr = addr.Unmap(); addr.Is4() {
		return addr.String()
	}
	prefix, _ := addr.WithZone("").Prefix(64) // fails only for more bits than an address has
	return prefix.String()
}

type contextKey int

const (
	actorKey contextKey = iota
	requestKey
)

// WithActor returns a context that carries a.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey, a)
}

// ActorFrom returns the actor that ctx carries, or the zero Actor.
func ActorFrom(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey).(Actor)
	return a
}

// Acting returns the actor that ctx carries. It is CodeForbidden where that is nobody: what is written says who did it.
func Acting(ctx context.Context) (Actor, error) {
	a := ActorFrom(ctx)
	if a.IsZero() {
		return Actor{}, errNobody()
	}
	return a, nil
}

func errNobody() error {
	return Errorf(CodeForbidden, "the context says nobody who acts: pass one of callboard.WithActor")
}

// WithRequest returns a context that carries r.
func WithRequest(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey, r)
}

// RequestFrom returns the request that ctx carries, or the zero Request.
func RequestFrom(ctx context.Context) Request {
	r, _ := ctx.Value(requestKey).(Request)
	return r
}
