package callboard

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"
)

// EventType is one line of the registry: all that follows from an event of this name.
type EventType struct {
	Name string
	// Action is the action of its activity entry; empty when it leaves none.
	Action string
	// Channels says who hears of it live. "{resource}" stands for the resource's own channel, "{type}:{id}".
	Channels []string
	// Notify says who is notified. "{watchers}" stands for the watchers of the resource. The actor never is.
	Notify []string
	// Message is the text of the notification; {actor} and {resource} stand for their names.
	Message string
	// Once is set when the event happens to a resource once at most, so that there can be no earlier notification to join.
	Once bool
	// Watch is set when the event makes its actor a watcher of the resource.
	Watch bool
	// Ephemeral events go straight to the sockets: no position, no history, no catching up.
	Ephemeral bool
	// Summary tells people what happened.
	Summary string
	// Payload is the zero value of the type of its data, for the catalog.
	Payload any
}

// Kind is an event type that knows the Go type of its payload.
type Kind[P any] struct{ EventType }

// New returns the event of this kind about res, by the actor of ctx.
func (k Kind[P]) New(ctx context.Context, res Resource, data P) Event {
	e := NewEvent(ctx, k.Name, res, data)
	e.Channels = k.channelsOf(res)
	e.Audience = k.audienceOf(res)
	return e
}

const (
	ownChannel  = "{resource}"
	ownWatchers = "{watchers}"
)

func (t EventType) channelsOf(res Resource) []string {
	channels := make([]string, len(t.Channels))
	for i, c := range t.Channels {
		channels[i] = strings.Replace(c, ownChannel, res.Channel(), 1)
	}
	return channels
}

func (t EventType) audienceOf(res Resource) []string {
	audience := make([]string, len(t.Notify))
	for i, a := range t.Notify {
		audience[i] = strings.Replace(a, ownWatchers, AudienceWatchers(res), 1)
	}
	return audience
}

// Change is the old and the new value of one field.
type Change struct {
	Old any `json:"old"`
	New any `json:"new"`
}

// Changes maps the names of the fields that differ to their old and new values.
type Changes map[string]Change

// Compare notes field when old and new differ. Pointers are compared by what they point at.
func (c Changes) Compare(field string, old, new any) {
	if !reflect.DeepEqual(old, new) {
		c[field] = Change{Old: old, New: new}
	}
}

// EpisodeData is the payload of the episode events: the episode as it is after the change.
type EpisodeData struct {
	Title         string  `json:"title"`
	Status        string  `json:"status"`
	ShowID        *string `json:"show_id,omitempty"`
	SeasonNumber  *int    `json:"season_number,omitempty"`
	EpisodeNumber *int    `json:"episode_number,omitempty"`
	AirDate       *string `json:"air_date,omitempty"`
	Version       int64   `json:"version"`
	Changes       Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}

// ShowData is the payload of the show events.
type ShowData struct {
	Title   string  `json:"title"`
	Version int64   `json:"version"`
	Changes Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}

// UserData is the payload of the user events. It holds no secret and no address.
type UserData struct {
	Name     string  `json:"name"`
	Role     Role    `json:"role"`
	Disabled bool    `json:"disabled"`
	Changes  Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}

// ViewerData is the payload of viewer_joined and viewer_left.
type ViewerData struct {
	UserID string `json:"user_id"`
	Name   string `json:"name"`
}

// StatusData is the payload of presence_status_changed.
type StatusData struct {
	UserID string `json:"user_id"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Text   string `json:"text,omitempty"`
}

// ActivityData is the payload of activity_logged: an entry that an application wrote.
type ActivityData struct {
	UserID   string         `json:"user_id"`
	UserName string         `json:"user_name,omitempty"`
	Action   string         `json:"action"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// NotificationData is the payload of notification_created: a notification that an application sent.
type NotificationData struct {
	Type     string         `json:"type"`
	Message  string         `json:"message"`
	Priority string         `json:"priority,omitempty"`
	Data     map[string]any `json:"data,omitempty"`
	// ExpiresAt is when the notification is no longer of interest; nil when it never is.
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
}

// The event types. A change that publishes or archives an episode emits that event alone, with all its changes.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	ShowCreated = Kind[ShowData]{EventType{Name: "show_created", Action: "created_show",
		Channels: []string{BroadcastChannel, ownChannel}, Watch: true, Summary: "A show was created."}}
	ShowUpdated = Kind[ShowData]{EventType{Name: "show_updated", Action: "updated_show",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{ownWatchers}, Watch: true,
		Message: "{actor} updated {resource}", Summary: "Fields of a show changed."}}
	ShowDeleted = Kind[ShowData]{EventType{Name: "show_deleted", Action: "deleted_show",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{ownWatchers},
		Message: "{actor} deleted {resource}", Summary: "A show was deleted."}}

	EpisodeCreated = Kind[EpisodeData]{EventType{Name: "episode_created", Action: "created_episode",
		Channels: []string{BroadcastChannel, ownChannel},
		Notify:   []string{AudienceRole(RoleAdmin), AudienceRole(RoleEditor)}, Once: true, Watch: true,
		Message: "{actor} created {resource}", Summary: "An episode was created."}}
	EpisodeUpdated = Kind[EpisodeData]{EventType{Name: "episode_updated", Action: "updated_episode",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{ownWatchers}, Watch: true,
		Message: "{actor} updated {resource}", Summary: "Fields of an episode changed, and it was neither published nor archived."}}
	EpisodePublished = Kind[EpisodeData]{EventType{Name: "episode_published", Action: "published_episode",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{AudienceAll}, Watch: true,
		Message: "{actor} published {resource}", Summary: "The status of an episode became published."}}
	EpisodeArchived = Kind[EpisodeData]{EventType{Name: "episode_archived", Action: "archived_episode",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{ownWatchers}, Watch: true,
		Message: "{actor} archived {resource}", Summary: "The status of an episode became archived."}}
	EpisodeDeleted = Kind[EpisodeData]{EventType{Name: "episode_deleted", Action: "deleted_episode",
		Channels: []string{BroadcastChannel, ownChannel},
		Notify:   []string{AudienceRole(RoleAdmin), ownWatchers},
		Message:  "{actor} deleted {resource}", Summary: "An episode was deleted. It can be restored."}}
	EpisodeRestored = Kind[EpisodeData]{EventType{Name: "episode_restored", Action: "restored_episode",
		Channels: []string{BroadcastChannel, ownChannel}, Summary: "A deleted episode was restored."}}

	UserCreated = Kind[UserData]{EventType{Name: "user_created", Action: "created_user",
		Channels: []string{ownChannel}, Summary: "An account was created."}}
	UserUpdated = Kind[UserData]{EventType{Name: "user_updated", Action: "updated_user",
		Channels: []string{ownChannel}, Summary: "Name, role or password of an account changed, or it was enabled again."}}
	UserDisabled = Kind[UserData]{EventType{Name: "user_disabled", Action: "disabled_user",
		Channels: []string{ownChannel}, Summary: "An account was disabled. Its sessions and tokens no longer work."}}
	CredentialRevoked = Kind[UserData]{EventType{Name: "credential_revoked", Action: "revoked_credential",
		Channels: []string{ownChannel}, Summary: "A session or an API token of a user was ended."}}

	ActivityLogged = Kind[ActivityData]{EventType{Name: "activity_logged",
		Channels: []string{ownChannel}, Summary: "An application logged an activity; the entry's action is its own."}}
	NotificationCreated = Kind[NotificationData]{EventType{Name: "notification_created",
		Summary: "An application sent a notification. Its recipients hear of it on their own channel."}}

	ViewerJoined = Kind[ViewerData]{EventType{Name: "viewer_joined", Channels: []string{ownChannel}, Ephemeral: true,
		Summary: "A user began to look at the resource."}}
	ViewerLeft = Kind[ViewerData]{EventType{Name: "viewer_left", Channels: []string{ownChannel}, Ephemeral: true,
		Summary: "A user no longer looks at the resource."}}
	PresenceStatusChanged = Kind[StatusData]{EventType{Name: "presence_status_changed",
		Channels: []string{BroadcastChannel}, Ephemeral: true, Summary: "A user's online status or its text changed."}}
)

// Catalog returns every event type, in the order of the registry.
func Catalog() []EventType {
	return []EventType{
		typeOf(ShowCreated), typeOf(ShowUpdated), typeOf(ShowDeleted),
		typeOf(EpisodeCreated), typeOf(EpisodeUpdated), typeOf(EpisodePublished), typeOf(EpisodeArchived),
		typeOf(EpisodeDeleted), typeOf(EpisodeRestored),
		typeOf(UserCreated), typeOf(UserUpdated), typeOf(UserDisabled), typeOf(CredentialRevoked),
		typeOf(ActivityLogged), typeOf(NotificationCreated),
		typeOf(ViewerJoined), typeOf(ViewerLeft), typeOf(PresenceStatusChanged),
	}
}

func typeOf[P any](k Kind[P]) EventType {
	var zero P
	k.Payload = zero
	return k.EventType
}

//nolint:gochecknoglobals // an index over the registry
var byName = func() map[string]EventType {
	index := map[string]EventType{}
	for _, t := range Catalog() {
		index[t.Name] = t
	}
	return index
}()

// LookupEvent returns the event type with the given name, and whether there is one. Events with a caller's own name
// have none: they leave no activity and no notification.
func LookupEvent(name string) (EventType, bool) {
	t, ok := byName[name]
	return t, ok
}

// ReservedEvent reports whether name belongs to the registry, so that a caller may not use it for a message of its own.
func ReservedEvent(name string) bool {
	return slices.Contains([]string{"notification", "unread_count"}, name) || byName[name].Name != ""
}
