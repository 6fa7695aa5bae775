package callboard

// The events of accounts.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	UserCreated = define[UserData](EventType{Name: "user_created", Action: "created_user",
		Channels: []string{ownChannel}, Summary: "An account was created."})
	UserUpdated = define[UserData](EventType{Name: "user_updated", Action: "updated_user",
		Channels: []string{ownChannel}, Summary: "Name, role or password of an account changed, or it was enabled again."})
	UserDisabled = define[UserData](EventType{Name: "user_disabled", Action: "disabled_user",
		Channels: []string{ownChannel}, Summary: "An account was disabled. Its sessions and tokens no longer work."})
	CredentialRevoked = define[UserData](EventType{Name: "credential_revoked", Action: "revoked_credential",
		Channels: []string{ownChannel}, Summary: "A session or an API token of a user was ended."})
)

// UserData is the payload of the user events. It holds no secret and no address.
type UserData struct {
	Name     string  `json:"name"`
	Role     Role    `json:"role"`
	Disabled bool    `json:"disabled"`
	Changes  Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}
