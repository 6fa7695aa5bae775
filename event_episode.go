package callboard

// The events of episodes. A change that publishes or archives an episode emits that event alone, with all its changes. The show
// that an episode belongs to is its parent: who watches the show is told what happens to its episodes.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	EpisodeCreated = Define[EpisodeData](EventType{Name: "episode_created", Action: "created_episode",
		Channels: []string{BroadcastChannel, ownChannel},
		Notify:   []string{AudienceRole(RoleAdmin), AudienceRole(RoleEditor), parentWatchers}, Once: true, Watch: true,
		Message: "{actor} created {resource}", Summary: "An episode was created."})
	EpisodeUpdated = Define[EpisodeData](EventType{Name: "episode_updated", Action: "updated_episode",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{ownWatchers, parentWatchers}, Watch: true,
		Message: "{actor} updated {resource}", Summary: "Fields of an episode changed, and it was neither published nor archived."})
	EpisodePublished = Define[EpisodeData](EventType{Name: "episode_published", Action: "published_episode",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{AudienceAll}, Watch: true,
		Message: "{actor} published {resource}", Summary: "The status of an episode became published."})
	EpisodeArchived = Define[EpisodeData](EventType{Name: "episode_archived", Action: "archived_episode",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{ownWatchers, parentWatchers}, Watch: true,
		Message: "{actor} archived {resource}", Summary: "The status of an episode became archived."})
	EpisodeDeleted = Define[EpisodeData](EventType{Name: "episode_deleted", Action: "deleted_episode",
		Channels: []string{BroadcastChannel, ownChannel},
		Notify:   []string{AudienceRole(RoleAdmin), ownWatchers, parentWatchers},
		Message:  "{actor} deleted {resource}", Summary: "An episode was deleted. It can be restored."})
	EpisodeRestored = Define[EpisodeData](EventType{Name: "episode_restored", Action: "restored_episode",
		Channels: []string{BroadcastChannel, ownChannel}, Summary: "A deleted episode was restored."})
)

// EpisodeData is the payload of the episode events: the episode as it is after the change.
type EpisodeData struct {
	Title         string  `json:"title" doc:"Title of the episode."`
	Status        string  `json:"status" doc:"draft, pending, approved, rejected, published or archived."`
	ShowID        *string `json:"show_id,omitempty" doc:"The show that it belongs to."`
	SeasonNumber  *int    `json:"season_number,omitempty" doc:"Season within the show; 0 is for specials."`
	EpisodeNumber *int    `json:"episode_number,omitempty" doc:"Number within the season."`
	AirDate       *string `json:"air_date,omitempty" doc:"A date, such as 1963-11-23."`
	Version       int64   `json:"version" doc:"Grows by one with each change."`
	Changes       Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}
