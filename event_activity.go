package callboard

// The event of an entry that an application writes into the log.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	ActivityLogged = Define[ActivityData](EventType{Name: "activity_logged",
		Channels: []string{ownChannel}, Summary: "An application logged an activity; the entry's action is its own."})
)

// ActivityData is the payload of activity_logged: an entry that an application wrote.
type ActivityData struct {
	UserID   string         `json:"user_id"`
	UserName string         `json:"user_name,omitempty"`
	Action   string         `json:"action"`
	Metadata map[string]any `json:"metadata,omitempty"`
}
