package callboard

import "time"

// The event of a notification that an application sends.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	NotificationCreated = Define[NotificationData](EventType{Name: "notification_created",
		Summary: "An application sent a notification. Its recipients hear of it on their own channel."})
)

// NotificationData is the payload of notification_created: a notification that an application sent.
type NotificationData struct {
	Type     string         `json:"type" doc:"The sender's own type."`
	Message  string         `json:"message" doc:"The text for people."`
	Priority string         `json:"priority,omitempty" doc:"low, normal, high or urgent; absent means normal."`
	Data     map[string]any `json:"data,omitempty" doc:"What the sender added."`
	// ExpiresAt is when the notification is no longer of interest; nil when it never is.
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"When the notification is no longer of interest; absent when it never is."`
}
