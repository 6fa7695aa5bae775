package callboard

import "time"

// The events of accounts.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	UserCreated = Define[UserData](EventType{Name: "user_created", Action: "created_user",
		Channels: []string{ownChannel}, Summary: "An account was created."})
	UserUpdated = Define[UserData](EventType{Name: "user_updated", Action: "updated_user",
		Channels: []string{ownChannel}, Summary: "Name, role, password, second factor or identity at the OpenID Connect provider of an account changed, or it was enabled again."})
	UserDisabled = Define[UserData](EventType{Name: "user_disabled", Action: "disabled_user",
		Channels: []string{ownChannel}, Summary: "An account was disabled. Its sessions and tokens no longer work."})
	CredentialRevoked = Define[UserData](EventType{Name: "credential_revoked", Action: "revoked_credential", Private: true,
		Channels: []string{ownChannel}, Summary: "A session or an API token of a user was ended."})
	ConnectionsEnded = Define[ConnectionsData](EventType{Name: "connections_ended", Action: "ended_connections", Private: true,
		Channels: []string{ownChannel}, Summary: "An admin ended the sockets of a user, which revokes nothing."})
	TokenCreated = Define[TokenData](EventType{Name: "token_created", Action: "created_token", Private: true,
		Channels: []string{ownChannel}, Summary: "An API token of a user was created, perhaps by an admin."})
	SignedIn = Define[SignInData](EventType{Name: "signed_in", Action: "signed_in", Private: true,
		Channels: []string{ownChannel}, Summary: "A user signed in, with a password or at the OpenID Connect provider."})
	SignInFailed = Define[SignInData](EventType{Name: "sign_in_failed", Action: "failed_sign_in", Private: true,
		Channels: []string{ownChannel}, Summary: "A password or code was wrong, the user is disabled, or whom the OpenID Connect provider knows may not sign in here. Without a resource: there is no such user."})
)

// UserData is the payload of the user events. It holds no secret and no address.
type UserData struct {
	Name     string  `json:"name" doc:"Name of the user."`
	Role     Role    `json:"role" doc:"admin, editor or viewer."`
	Disabled bool    `json:"disabled" doc:"The user cannot sign in."`
	Changes  Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}

// TokenData is the payload of token_created. The token itself is nowhere.
type TokenData struct {
	TokenID   string     `json:"token_id" doc:"ID of the token."`
	Name      string     `json:"name" doc:"What it was named."`
	Service   bool       `json:"service" doc:"It stands for an application."`
	Scopes    []string   `json:"scopes,omitempty" nullable:"false" doc:"What it is limited to; absent when it is not limited."`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"Absent when it never expires."`
}

// ConnectionsData is the payload of connections_ended.
type ConnectionsData struct {
	UserID string `json:"user_id" doc:"Whose they were."`
}

// SignInData is the payload of signed_in and sign_in_failed. What was typed in is nowhere.
type SignInData struct {
	KnownDevice bool   `json:"known_device" doc:"The user has signed in from this browser before."`
	Method      string `json:"method,omitempty" doc:"How: password, or oidc for the OpenID Connect provider. Absent in events from before 0.2."`
	// SecondFactor of a sign-in that failed says what was wrong after a right password.
	SecondFactor string `json:"second_factor,omitempty" doc:"What was shown beside the password: code, or recovery_code. If the sign-in failed, it was wrong."`
}

// The methods of signing in.
const (
	SignInPassword = "password"
	SignInOIDC     = "oidc"
)

// The second factors.
const (
	FactorCode         = "code" // of an app
	FactorRecoveryCode = "recovery_code"
)
