package account

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

// maxPublicBody bounds the bodies that strangers may send, in bytes.
const maxPublicBody = 64 << 10

// Routes registers the operations on users and credentials.
func (s *Service) Routes(a huma.API) {
	s.signInRoutes(a)
	s.oidcRoutes(a)
	s.secondFactorRoutes(a)
	s.sessionRoutes(a)
	s.tokenRoutes(a)
	s.userRoutes(a)
	s.invitationRoutes(a)
	s.setupRoutes(a)
}

// Origin is embedded by inputs of operations that set a cookie: whether the request came over https, and from a known device.
type Origin struct {
	tls, forwardedTLS bool
	device            string
}

// Resolve takes the scheme and the device from the request.
func (o *Origin) Resolve(ctx huma.Context) []error {
	o.tls = ctx.TLS() != nil
	o.forwardedTLS = ctx.Header("X-Forwarded-Proto") == "https"
	if c, err := huma.ReadCookie(ctx, DeviceCookieName); err == nil {
		o.device = c.Value
	}
	return nil
}

func (s *Service) cookie(o Origin, name, value string) string {
	c := http.Cookie{
		Name: name, Value: value, Path: s.cookiePath, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: o.tls || s.trustProxy && o.forwardedTLS, MaxAge: int(cookieLife.Seconds()),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c.String()
}

type sessionOutput struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      httpapi.Data[User]
}

// signedIn answers one who has just signed in, with the cookies of the session and of the device.
func (s *Service) signedIn(o Origin, user User, secret string, err error) (*sessionOutput, error) {
	if err != nil {
		return nil, err
	}
	device, err := s.DeviceToken(user.ID)
	if err != nil {
		return nil, err
	}
	cookies := []string{s.cookie(o, CookieName, secret), s.cookie(o, DeviceCookieName, device)}
	return &sessionOutput{SetCookie: cookies, Body: httpapi.Data[User]{Data: user}}, nil
}

type loginInput struct {
	Origin
	Body struct {
		Email    string `json:"email" maxLength:"254" doc:"The address of the account."`
		Password string `json:"password" maxLength:"256" doc:"Its password."`
		Code     string `json:"code,omitempty" maxLength:"64" doc:"Where the account has a second factor: the code that the app shows, or a recovery code."`
	}
}

type logoutInput struct{ Origin }

type logoutOutput struct {
	SetCookie string `header:"Set-Cookie"`
}

type passwordInput struct {
	Body struct {
		Current string `json:"current_password" maxLength:"256" doc:"The password so far."`
		New     string `json:"new_password" minLength:"10" maxLength:"256" doc:"The password from now on."`
	}
}

type profileInput struct {
	Body struct {
		Name     *string `json:"name,omitempty" minLength:"1" maxLength:"100" doc:"Name for people."`
		TimeZone *string `json:"time_zone,omitempty" maxLength:"64" doc:"Name in the IANA time zone database."`
	}
}

type settingsInput struct {
	Body struct {
		Settings Settings `json:"settings" doc:"The new value of each setting that changes."`
	}
}

func (s *Service) signInRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "login", Method: http.MethodPost, Path: "/api/v1/auth/login", Access: httpapi.Public, Tag: "Sign-in",
		Message: "Signed in successfully", Errors: []int{http.StatusUnauthorized, http.StatusTooManyRequests}, Example: `{"email":"ada@example.org","password":"correct horse battery"}`,
		Summary: "Sign in", Description: "Sets the session cookie, and one by which the browser is known from then on. 429 after ten failures within 15 " +
			"minutes for one e-mail address from one network; after ten from any, with a delay that doubles up to 15 minutes; and after " +
			"1,000 from one network. Wrong codes count like wrong passwords. A browser that the user has signed in from before has its own ten, and all of those together thirty before the delay. 403 where passwords are switched off. " +
			"Where the account has a second factor, the right password without a right code is a 401 of the type urn:callboard:problem:second_factor_required.",
		SecretAnswer: true, MaxBody: maxPublicBody, Emits: []string{callboard.SignedIn.Name},
	}, func(ctx context.Context, in *loginInput) (*sessionOutput, error) {
		user, secret, err := s.Login(ctx, Credentials{Email: in.Body.Email, Password: in.Body.Password, Code: in.Body.Code, Device: in.device})
		return s.signedIn(in.Origin, user, secret, err)
	})
	httpapi.Register(a, httpapi.Route{
		ID: "logout", Method: http.MethodPost, Path: "/api/v1/auth/logout", Access: httpapi.SignedIn, Tag: "Sign-in",
		Errors:  []int{http.StatusConflict},
		Summary: "End this session", Emits: []string{callboard.CredentialRevoked.Name},
	}, func(ctx context.Context, in *logoutInput) (*logoutOutput, error) {
		return &logoutOutput{SetCookie: s.cookie(in.Origin, CookieName, "")}, s.Logout(ctx)
	})
	httpapi.Register(a, httpapi.Route{
		ID: "me", Method: http.MethodGet, Path: "/api/v1/auth/me", Access: httpapi.SignedIn, Tag: "Sign-in",
		Summary: "Who is signed in", AnyScope: true,
	}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[Me], error) {
		me, err := s.me(ctx)
		return httpapi.OK(me), err
	})
	httpapi.Register(a, httpapi.Route{
		ID: "update-me", Method: http.MethodPatch, Path: "/api/v1/auth/me", Access: httpapi.SignedIn, Tag: "Sign-in",
		Message: "Profile updated successfully", Example: `{"name":"Ada Quill","time_zone":"Europe/Berlin"}`,
		Summary: "Change the own name or time zone", Emits: []string{callboard.UserUpdated.Name},
	}, func(ctx context.Context, in *profileInput) (*httpapi.Body[User], error) {
		return answer(s.UpdateProfile(ctx, in.Body.Name, in.Body.TimeZone))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "get-settings", Method: http.MethodGet, Path: "/api/v1/auth/me/settings", Access: httpapi.SignedIn, Tag: "Sign-in",
		Summary: "What pages keep of their own for the caller, such as the theme",
	}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[Settings], error) {
		return answer(s.Settings(ctx))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "update-settings", Method: http.MethodPatch, Path: "/api/v1/auth/me/settings", Access: httpapi.SignedIn, Tag: "Sign-in",
		Message: "Settings updated successfully", Example: `{"settings":{"theme":"dark","hints":null}}`,
		Summary: "Change settings of the caller", Description: "Those that are named; null takes one away. All of a user's devices read the same. At most 200, " +
			"and 32 KB of JSON; the names and values are the page's own. An application has none.",
	}, func(ctx context.Context, in *settingsInput) (*httpapi.Body[Settings], error) {
		return answer(s.UpdateSettings(ctx, in.Body.Settings))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "change-password", Method: http.MethodPut, Path: "/api/v1/auth/password", Access: httpapi.SignedIn, Tag: "Sign-in", Rate: 30,
		Errors:  []int{http.StatusConflict, http.StatusTooManyRequests},
		Example: `{"current_password":"correct horse battery","new_password":"staple correct horse"}`,
		Summary: "Change the own password", Description: "Ends the user's other sessions. API tokens stay.",
		Emits: []string{callboard.UserUpdated.Name},
	}, func(ctx context.Context, in *passwordInput) (*struct{}, error) {
		return &struct{}{}, s.ChangePassword(ctx, in.Body.Current, in.Body.New)
	})
}

// Me is the caller: the user, and whether an application speaks for it.
type Me struct {
	User
	Service  bool `json:"service" doc:"Signed in with a service token."`
	External bool `json:"external" doc:"A user of an application, who has no account: email and time_zone are empty."`
}

func (s *Service) me(ctx context.Context) (Me, error) {
	actor := callboard.ActorFrom(ctx)
	user, err := s.User(ctx, actor.ID)
	if callboard.CodeOf(err) != callboard.CodeNotFound {
		return Me{User: user, Service: actor.Service}, err
	}
	known, err := findExternal(ctx, s.db, actor.ID)
	if callboard.CodeOf(err) == callboard.CodeNotFound { // let in otherwise than with a token
		known.created, known.seen, err = s.now(), s.now(), nil
	}
	return Me{External: true, User: User{
		ID: actor.ID, Name: actor.Name, Role: actor.Role, CreatedAt: known.created, UpdatedAt: known.seen,
	}}, err
}

func answer[T any](v T, err error) (*httpapi.Body[T], error) { return httpapi.OK(v), err }
