package callboard

// The events of saved views. They are no news of the production: the log has no entries of them, and nobody is notified. One of a
// user's own is told to that user alone.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	SavedViewCreated = Define[SavedViewData](EventType{Name: "saved_view_created", Channels: []string{BroadcastChannel},
		Summary: "A view was saved, for the team or for its owner alone, who alone is told then."})
	SavedViewUpdated = Define[SavedViewData](EventType{Name: "saved_view_updated", Channels: []string{BroadcastChannel},
		Summary: "Name, address or place of a saved view changed. One of a user's own is told to its owner alone."})
	SavedViewDeleted = Define[SavedViewData](EventType{Name: "saved_view_deleted", Channels: []string{BroadcastChannel},
		Summary: "A saved view was deleted. One of a user's own is told to its owner alone."})
)

// SavedViewData is the payload of the events of saved views: the view as it is after the change.
type SavedViewData struct {
	Name     string  `json:"name" doc:"What it is called."`
	Address  string  `json:"address" doc:"Path and query within the board."`
	Position int     `json:"position" doc:"Place among those of the team, or of its owner, from 0."`
	Team     bool    `json:"team" doc:"Everybody has it."`
	Changes  Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}
