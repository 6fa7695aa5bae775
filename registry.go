package callboard

import (
	"context"
	"reflect"
	"slices"
	"time"
)

// EventType is one line of the registry: all that follows from an event of this name.
type EventType struct {
	Name string
	// Action is the action of its activity entry; empty when it leaves none.
	Action string
	// Channels says who hears of it live. "{resource}" stands for the resource's own channel, "{type}:{id}", "{parent}" for
	// that of the resource it belongs to, and "{owner}" for the owner's own; the last two are left out where there is none.
	Channels []string
	// Notify says who is notified. "{watchers}" stands for the watchers of the resource, "{parent watchers}" for those of the
	// resource it belongs to, and "{owner}" for its owner. The actor never is.
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

// Around is what a resource belongs to. Both may be zero.
type Around struct {
	Parent Resource // the episode of a job
	Owner  string   // ID of a user
}

// New returns the event of this kind about res, by the actor of ctx.
func (k Kind[P]) New(ctx context.Context, res Resource, data P) Event {
	return k.NewAround(ctx, res, Around{}, data)
}

// NewAround is New for a resource that belongs to a user or to another resource.
func (k Kind[P]) NewAround(ctx context.Context, res Resource, around Around, data P) Event {
	e := NewEvent(ctx, k.Name, res, data)
	e.Channels = k.channelsOf(res, around)
	e.Audience = k.audienceOf(res, around)
	return e
}

const (
	ownChannel     = "{resource}"
	parentChannel  = "{parent}"
	owner          = "{owner}"
	ownWatchers    = "{watchers}"
	parentWatchers = "{parent watchers}"
)

func (t EventType) channelsOf(res Resource, around Around) []string {
	channels := make([]string, 0, len(t.Channels))
	for _, c := range t.Channels {
		switch c {
		case ownChannel:
			channels = append(channels, res.Channel())
		case parentChannel:
			if around.Parent.ID != "" {
				channels = append(channels, around.Parent.Channel())
			}
		case owner:
			if ValidID(around.Owner) {
				channels = append(channels, UserChannel(around.Owner))
			}
		default:
			channels = append(channels, c)
		}
	}
	return channels
}

func (t EventType) audienceOf(res Resource, around Around) []string {
	audience := make([]string, 0, len(t.Notify))
	for _, a := range t.Notify {
		switch a {
		case ownWatchers:
			audience = append(audience, AudienceWatchers(res))
		case parentWatchers:
			if around.Parent.ID != "" {
				audience = append(audience, AudienceWatchers(around.Parent))
			}
		case owner:
			if ValidID(around.Owner) {
				audience = append(audience, around.Owner)
			}
		default:
			audience = append(audience, a)
		}
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

// FileData is the payload of the file events: the file as it is after the change. That of a file which belongs to no episode
// tells neither its name nor what is in it.
type FileData struct {
	OwnerID     string  `json:"owner_id"`
	Name        string  `json:"name,omitempty"`
	Size        int64   `json:"size" doc:"In bytes."`
	ContentType string  `json:"content_type"`
	SHA256      string  `json:"sha256,omitempty" doc:"Of the content, in hexadecimal."`
	EpisodeID   *string `json:"episode_id,omitempty" doc:"Absent where only the owner and admins may read the file."`
	Changes     Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}

// JobData is the payload of the job events: the job as it is after the change. Its arguments and its result are not in it:
// they are for those who may read the job.
type JobData struct {
	Kind        string     `json:"kind"`
	Status      string     `json:"status"`
	OwnerID     string     `json:"owner_id"`
	EpisodeID   *string    `json:"episode_id,omitempty"`
	Attempt     int        `json:"attempt" doc:"Counts from 1; 0 while the job has not been started."`
	MaxAttempts int        `json:"max_attempts"`
	Error       string     `json:"error,omitempty" doc:"Why the attempt failed, for people."`
	NextRunAt   *time.Time `json:"next_run_at,omitempty" doc:"When it is tried again."`
	DurationMS  *int64     `json:"duration_ms,omitempty" doc:"How long the attempt ran."`
}

// ProgressData is the payload of job_progress.
type ProgressData struct {
	Kind         string     `json:"kind"`
	Attempt      int        `json:"attempt"`
	Progress     float64    `json:"progress" doc:"0 to 100."`
	Message      string     `json:"message,omitempty"`
	EstimatedEnd *time.Time `json:"estimated_end,omitempty" doc:"When it will be done if it goes on like this; absent while that cannot be told."`
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

	// Those of a file that belongs to no episode go to its owner's channel alone, and notify nobody.
	FileCreated = Kind[FileData]{EventType{Name: "file_created", Action: "created_file",
		Channels: []string{BroadcastChannel, ownChannel, parentChannel}, Notify: []string{parentWatchers}, Once: true,
		Message: "{actor} added {resource}", Summary: "A file was uploaded or made. One that belongs to no episode is told to its owner alone."}}
	FileUpdated = Kind[FileData]{EventType{Name: "file_updated", Action: "updated_file",
		Channels: []string{BroadcastChannel, ownChannel, parentChannel}, Notify: []string{parentWatchers},
		Message: "{actor} renamed {resource}", Summary: "The name of a file changed."}}
	FileDeleted = Kind[FileData]{EventType{Name: "file_deleted", Action: "deleted_file",
		Channels: []string{BroadcastChannel, ownChannel, parentChannel}, Notify: []string{parentWatchers}, Once: true,
		Message: "{actor} deleted {resource}", Summary: "A file was deleted, or its time was over."}}

	JobQueued = Kind[JobData]{EventType{Name: "job_queued", Action: "queued_job",
		Channels: []string{ownChannel, parentChannel, owner},
		Summary:  "A job waits for its turn, for the first time or because somebody retried it."}}
	JobStarted = Kind[JobData]{EventType{Name: "job_started", Action: "started_job",
		Channels: []string{BroadcastChannel, ownChannel}, Summary: "An attempt of a job began."}}
	JobProgress = Kind[ProgressData]{EventType{Name: "job_progress",
		Channels: []string{ownChannel, parentChannel}, Ephemeral: true, Summary: "How far a job has come, at most five times a second."}}
	JobCompleted = Kind[JobData]{EventType{Name: "job_completed", Action: "completed_job",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{owner},
		Message: "{resource} is done", Summary: "A job did what it was asked for."}}
	JobRetry = Kind[JobData]{EventType{Name: "job_retry", Action: "retried_job",
		Channels: []string{BroadcastChannel, ownChannel}, Summary: "An attempt of a job failed or was interrupted, and another one follows."}}
	JobFailed = Kind[JobData]{EventType{Name: "job_failed", Action: "failed_job",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{owner, AudienceRole(RoleAdmin)},
		Message: "{resource} failed", Summary: "A job failed for good."}}
	JobCancelled = Kind[JobData]{EventType{Name: "job_cancelled", Action: "cancelled_job",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{owner},
		Message: "{actor} cancelled {resource}", Summary: "Somebody called a job off. Nothing of it is committed after this."}}

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
		typeOf(FileCreated), typeOf(FileUpdated), typeOf(FileDeleted),
		typeOf(JobQueued), typeOf(JobStarted), typeOf(JobProgress), typeOf(JobCompleted), typeOf(JobRetry), typeOf(JobFailed),
		typeOf(JobCancelled),
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
