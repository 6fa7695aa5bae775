package account

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

// SignInMethods are the ways in which people can sign in.
type SignInMethods struct {
	Password bool            `json:"password" doc:"With e-mail address and password."`
	Provider *SignInProvider `json:"provider,omitempty" doc:"At an OpenID Connect provider; absent where that is not set up."`
}

// SignInProvider is an OpenID Connect provider as a page offers it.
type SignInProvider struct {
	Name string `json:"name" doc:"For people, such as on a button." example:"Keycloak"`
}

// Methods returns the ways in which people can sign in.
func (s *Service) Methods() SignInMethods {
	m := SignInMethods{Password: !s.noPassword}
	if s.signsIn() {
		m.Provider = &SignInProvider{Name: s.oidc.cfg.SignIn.ProviderName}
	}
	return m
}

// attempts are the cookies of a browser of the sign-ins under way, the oldest first.
type attempts struct {
	Origin
	cookies []*http.Cookie
}

// Resolve takes the cookies from the request.
func (a *attempts) Resolve(ctx huma.Context) []error {
	for _, c := range huma.ReadCookies(ctx) {
		if strings.HasPrefix(c.Name, attemptPrefix) {
			a.cookies = append(a.cookies, c)
		}
	}
	return a.Origin.Resolve(ctx)
}

type startInput struct {
	attempts
	ReturnTo string `query:"return_to" maxLength:"2000" doc:"Where to go on afterwards: a path of the board, such as /episodes?q=fog, without PATH_PREFIX. Default: /."`
}

type callbackInput struct {
	attempts
	State  string `query:"state" doc:"As the provider was given it."`
	Code   string `query:"code" doc:"Of the provider."`
	Issuer string `query:"iss" doc:"Who the provider says that it is (RFC 9207)."`
	Error  string `query:"error" doc:"Why the provider lets nobody in."`
}

type redirectOutput struct {
	SetCookie []string `header:"Set-Cookie"`
	Location  string   `header:"Location" doc:"Where to go on."`
	Referrer  string   `header:"Referrer-Policy" doc:"no-referrer: the addresses are secrets for a moment."`
}

func (s *Service) oidcRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "sign-in-methods", Method: http.MethodGet, Path: "/api/v1/auth/methods", Access: httpapi.Public, Tag: "Sign-in",
		Summary: "How people can sign in",
	}, func(context.Context, *struct{}) (*httpapi.Body[SignInMethods], error) {
		return httpapi.OK(s.Methods()), nil
	})
	httpapi.Register(a, httpapi.Route{
		ID: "start-oidc", Method: http.MethodGet, Path: pathOIDCStart, Access: httpapi.Public, Tag: "Sign-in",
		Status: http.StatusSeeOther, Errors: []int{http.StatusNotFound}, SecretAnswer: true,
		Summary: "Sign in at the OpenID Connect provider", Description: "For a browser to open: leads to the provider, by the authorization code flow with PKCE. What is " +
			"under way is in a cookie for ten minutes. When it cannot be begun, leads to /sign-in with an error, as the way back does. 404 where OIDC_SIGN_IN is off.",
	}, s.start)
	httpapi.Register(a, httpapi.Route{
		ID: "finish-oidc", Method: http.MethodGet, Path: pathOIDCCallback, Access: httpapi.Public, Tag: "Sign-in",
		Status: http.StatusSeeOther, Errors: []int{http.StatusNotFound}, SecretAnswer: true, ExtraQuery: true,
		Summary: "The way back from the OpenID Connect provider", Description: "The redirect URI to register there. Sets the cookies of a session and leads to where one was " +
			"going; or to /sign-in, with error: " + strings.Join(words(), ", ") + ". Each sign-in comes back once.",
		Emits: []string{callboard.SignedIn.Name, callboard.UserCreated.Name, callboard.UserUpdated.Name},
	}, s.finish)
}

func (s *Service) start(ctx context.Context, in *startInput) (*redirectOutput, error) {
	if !s.signsIn() {
		return nil, callboard.NotFound("identity provider")
	}
	to, ok := localPath(in.ReturnTo)
	var v callboard.Validator
	v.Check(ok, "query.return_to", "must be a path of the board, such as /episodes")
	if err := v.Err(); err != nil {
		return nil, err
	}
	a, cookie, location, err := s.startSignIn(ctx, to)
	if err != nil {
		return s.backToSignIn(s.noteRefusal(ctx, err), to), nil
	}
	out := redirect(location)
	for i := range max(0, len(in.cookies)-maxAttempts+1) {
		out.SetCookie = append(out.SetCookie, s.attemptCookie(in.Origin, in.cookies[i].Name, ""))
	}
	out.SetCookie = append(out.SetCookie, s.attemptCookie(in.Origin, attemptCookie(a.ID), cookie))
	return out, nil
}

func (s *Service) finish(ctx context.Context, in *callbackInput) (*redirectOutput, error) {
	if !s.signsIn() {
		return nil, callboard.NotFound("identity provider")
	}
	name, value := attemptCookie(in.State), ""
	for _, c := range in.cookies {
		if c.Name == name {
			value = c.Value
		}
	}
	a, err := s.readAttempt(value, in.State)
	if err != nil {
		return s.backToSignIn(s.noteRefusal(ctx, refuse(wordState, err)), "/"), nil
	}
	end := s.attemptCookie(in.Origin, name, "")
	user, secret, err := s.finishSignIn(ctx, a, comeback{in.Code, in.Issuer, in.Error}, in.device)
	var session *sessionOutput
	if err == nil {
		in.tls = in.tls || s.publicTLS()
		session, err = s.signedIn(in.Origin, user, secret, nil)
	}
	if err != nil {
		out := s.backToSignIn(s.noteRefusal(ctx, err), a.ReturnTo)
		out.SetCookie = []string{end}
		return out, nil
	}
	out := redirect(s.prefix() + a.ReturnTo)
	out.SetCookie = append(session.SetCookie, end)
	return out, nil
}

func redirect(to string) *redirectOutput {
	return &redirectOutput{Location: to, Referrer: "no-referrer"}
}

// backToSignIn leads to the sign-in page, which words the error.
func (s *Service) backToSignIn(w word, returnTo string) *redirectOutput {
	query := url.Values{"error": {string(w)}}
	if returnTo != "/" {
		query.Set("next", returnTo)
	}
	return redirect(s.prefix() + "/sign-in?" + query.Encode())
}

func (s *Service) prefix() string { return strings.TrimSuffix(s.cookiePath, "/") }

// publicTLS reports whether people reach the board by https: then no cookie of theirs goes without.
func (s *Service) publicTLS() bool { return strings.HasPrefix(s.oidc.cfg.SignIn.PublicURL, "https://") }

// attemptCookie returns the cookie of a sign-in under way. It comes along with the provider's redirect, for which it has to be Lax.
func (s *Service) attemptCookie(o Origin, name, value string) string {
	c := http.Cookie{
		Name: name, Value: value, Path: s.prefix() + pathOIDC, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: s.publicTLS() || o.tls || s.trustProxy && o.forwardedTLS, MaxAge: int(attemptLife.Seconds()),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c.String()
}
