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
	UserID   string         `json:"user_id" doc:"Who did it, in the word of the application."`
	UserName string         `json:"user_name,omitempty" doc:"Name of who did it."`
	Action   string         `json:"action" doc:"What was done."`
	Metadata map[string]any `json:"metadata,omitempty" doc:"What the application added."`
}
