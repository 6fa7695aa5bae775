package callboard

// The events of presence.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	ViewerJoined = Define[ViewerData](EventType{Name: "viewer_joined", Channels: []string{ownChannel}, Ephemeral: true,
		Summary: "A user began to look at the resource."})
	ViewerLeft = Define[ViewerData](EventType{Name: "viewer_left", Channels: []string{ownChannel}, Ephemeral: true,
		Summary: "A user no longer looks at the resource."})
	PresenceStatusChanged = Define[StatusData](EventType{Name: "presence_status_changed",
		Channels: []string{BroadcastChannel}, Ephemeral: true, Summary: "A user's online status or its text changed."})
)

// ViewerData is the payload of viewer_joined and viewer_left.
type ViewerData struct {
	UserID string `json:"user_id" doc:"ID of the user."`
	Name   string `json:"name" doc:"Name of the user."`
}

// StatusData is the payload of presence_status_changed.
type StatusData struct {
	UserID string `json:"user_id" doc:"ID of the user."`
	Name   string `json:"name" doc:"Name of the user."`
	Status string `json:"status" doc:"online, away, busy, dnd or offline."`
	Text   string `json:"text,omitempty" doc:"What the user says beside it."`
}
