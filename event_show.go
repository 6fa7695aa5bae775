package callboard

// The events of shows. Who corrects a title is no watcher for that: it would mean to be told of every episode.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	ShowCreated = Define[ShowData](EventType{Name: "show_created", Action: "created_show",
		Channels: []string{BroadcastChannel, ownChannel}, Watch: true, Summary: "A show was created."})
	ShowUpdated = Define[ShowData](EventType{Name: "show_updated", Action: "updated_show",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{ownWatchers},
		Message: "{actor} updated {resource}", Summary: "Fields of a show changed."})
	ShowDeleted = Define[ShowData](EventType{Name: "show_deleted", Action: "deleted_show",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{ownWatchers},
		Message: "{actor} deleted {resource}", Summary: "A show was deleted."})
)

// ShowData is the payload of the show events.
type ShowData struct {
	Title   string  `json:"title" doc:"Title of the show."`
	Version int64   `json:"version" doc:"Grows by one with each change."`
	Changes Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}
