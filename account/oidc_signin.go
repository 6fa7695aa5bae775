package account

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// OIDCSignIn lets people sign in at the issuer, by the authorization code flow with PKCE. The client ID is OIDCConfig.Audience.
type OIDCSignIn struct {
	// PublicURL is where people reach the board, with Config.PathPrefix: the issuer sends them back there. Empty: nobody signs in so.
	PublicURL    string
	ProviderName string // for people
	ClientSecret string // empty for a public client
	Scopes       []string
	// RoleClaim names a claim, such as realm_access.roles, by which users get their role at each sign-in. Empty: roles are
	// Callboard's own.
	RoleClaim string
	// Roles are what values of that claim give, such as "board-admins=admin"; the value * is any other, or none. The highest of several
	// counts, and who gets none is not let in.
	Roles []string
	// CreateUsers makes an account for who has none. EmailDomains, when there are any, are those that its address may have.
	CreateUsers  bool
	EmailDomains []string
}

// The paths of signing in at the provider. The second is what is registered there.
const (
	pathOIDC         = "/api/v1/auth/oidc"
	pathOIDCStart    = pathOIDC + "/start"
	pathOIDCCallback = pathOIDC + "/callback"
)

const (
	maxSubject  = 255             // bytes, of OpenID Connect
	maxAhead    = 5 * time.Minute // of the issuer's clock
	maxAuthCode = 8 << 10         // bytes
)

// metadata is what discovery tells beyond what go-oidc reads.
type metadata struct {
	AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
	NamesIssuer bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207
}

// word says why a sign-in at the provider came to nothing, to the sign-in page.
type word string

// The words.
const (
	wordDenied    word = "denied"     // the provider, or the user there, says no
	wordState     word = "state"      // none that this browser began, or too late, or once more
	wordAway      word = "away"       // the provider does not answer
	wordProvider  word = "provider"   // it answers with what cannot be used
	wordClock     word = "clock"      // its clock is another one
	wordNoEmail   word = "no_email"   // no verified address, and no account that is linked
	wordNoAccount word = "no_account" // and none is created
	wordTaken     word = "taken"      // the account is linked to another subject
	wordDisabled  word = "disabled"
	wordNoRole    word = "no_role"
	wordLastAdmin word = "last_admin" // who would get another role
	wordTooMany   word = "too_many"
	wordFailed    word = "failed" // Callboard itself
)

func words() (all []string) {
	for _, w := range []word{
		wordDenied, wordState, wordAway, wordProvider, wordClock, wordNoEmail, wordNoAccount, wordTaken, wordDisabled, wordNoRole, wordLastAdmin,
		wordTooMany, wordFailed,
	} {
		all = append(all, string(w))
	}
	return all
}

// refusal is the error of a sign-in at the provider. It does not leave this package.
type refusal struct {
	word word
	err  error
	user User // where somebody is refused whom the provider knows: the account, or the zero User for none
	who  bool
}

func (r *refusal) Error() string { return fmt.Sprintf("%s: %v", r.word, r.err) }
func (r *refusal) Unwrap() error { return r.err }

func refuse(w word, cause error) error { return &refusal{word: w, err: cause} }

func refuseUser(w word, user User, cause error) error {
	return &refusal{word: w, err: cause, user: user, who: true}
}

// signsIn reports whether people can sign in at the provider.
func (s *Service) signsIn() bool { return s.oidc != nil && s.oidc.cfg.SignIn.PublicURL != "" }

// client returns the client that Callboard is at the provider. Without a secret it says who it is in the body, else as the provider
// wants it: a code that was shown in the wrong way may be used up.
func (v *oidcVerifier) client(d *discovery) *oauth2.Config {
	in := v.cfg.SignIn
	endpoint := d.provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	methods := d.metadata.AuthMethods
	if in.ClientSecret == "" || slices.Contains(methods, "client_secret_post") && !slices.Contains(methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: v.cfg.Audience, ClientSecret: in.ClientSecret, Endpoint: endpoint, Scopes: in.Scopes, RedirectURL: in.PublicURL + pathOIDCCallback,
	}
}

func signInRules(ctx context.Context) []limitRule {
	return []limitRule{{key: keyOf("oidc", callboard.RequestFrom(ctx).Network()), free: limitNetwork, shared: true}}
}

// startSignIn begins a sign-in at the provider. It returns where that is, and what the browser keeps until it comes back.
func (s *Service) startSignIn(ctx context.Context, returnTo string) (a attempt, cookie, location string, err error) {
	d, err := s.oidc.discovered(ctx)
	if err != nil {
		return a, "", "", refuse(wordAway, err)
	}
	now := s.now()
	a = attempt{
		RegisteredClaims: jwt.RegisteredClaims{
			ID: newSecret(""), Audience: jwt.ClaimStrings{audienceAttempt}, IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(attemptLife)),
		},
		Nonce: newSecret(""), Verifier: oauth2.GenerateVerifier(), ReturnTo: returnTo,
	}
	cookie, err = s.sign(&a)
	if err != nil {
		return a, "", "", refuse(wordFailed, err)
	}
	return a, cookie, s.oidc.client(d).AuthCodeURL(a.ID, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), nil
}

// comeback is what the provider sends the browser back with.
type comeback struct{ code, iss, failed string }

// finishSignIn ends a sign-in that has come back from the provider: it opens a session.
func (s *Service) finishSignIn(ctx context.Context, a attempt, back comeback, device string) (user User, secret string, err error) {
	if err := s.limit.take(signInRules(ctx)); err != nil {
		return User{}, "", refuse(wordTooMany, err)
	}
	if err := s.useAttempt(ctx, a); callboard.CodeOf(err) == callboard.CodeConflict {
		return User{}, "", refuse(wordState, err)
	} else if err != nil {
		return User{}, "", refuse(wordFailed, err)
	}
	d, err := s.oidc.discovered(ctx)
	if err != nil {
		return User{}, "", refuse(wordAway, err)
	}
	switch {
	case back.iss != "" && back.iss != s.oidc.cfg.Issuer, back.iss == "" && d.metadata.NamesIssuer:
		return User{}, "", refuse(wordProvider, errors.New("the answer is of another issuer"))
	case back.failed == "access_denied":
		return User{}, "", refuse(wordDenied, errors.New("access_denied"))
	case back.failed == "temporarily_unavailable", back.failed == "server_error":
		return User{}, "", refuse(wordAway, errors.New(back.failed))
	case back.failed != "":
		return User{}, "", refuse(wordProvider, errors.New(knownError(back.failed)))
	case back.code == "" || len(back.code) > maxAuthCode:
		return User{}, "", refuse(wordProvider, errors.New("there is no code"))
	}
	p, err := s.identify(ctx, d, a, back.code)
	if err != nil {
		return User{}, "", err
	}
	for range 2 { // two tabs at the first sign-in: the second finds what the first has made
		if user, secret, err = s.admit(ctx, p, device); callboard.CodeOf(err) != callboard.CodeConflict {
			break
		}
	}
	if err == nil {
		s.limit.forgive(signInRules(ctx))
	}
	return user, secret, err
}

// knownError returns an error of the provider as it can be logged: one that OAuth or OpenID Connect have, since anybody can make an
// address with another one.
func knownError(failed string) string {
	if slices.Contains([]string{
		"invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope", "interaction_required", "login_required",
		"account_selection_required", "consent_required", "invalid_client", "invalid_grant", "unsupported_grant_type",
	}, failed) {
		return failed
	}
	return "an error that is in no standard"
}

// person is who has signed in at the provider.
type person struct {
	subject string
	email   string         // verified, or ""
	name    string         // may be ""
	role    callboard.Role // "" where the claims give none, or nobody asks them
}

// identify has the provider say who has signed in.
func (s *Service) identify(ctx context.Context, d *discovery, a attempt, code string) (person, error) {
	ctx = oidc.ClientContext(ctx, s.oidc.channel)
	tokens, err := s.oidc.client(d).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return person{}, refusedExchange(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := d.fresh.Verify(ctx, raw)
	switch {
	case err != nil && s.oidc.issuer.away(): // its key could not be asked for
		return person{}, refuse(wordAway, err)
	case err != nil:
		return person{}, refuse(wordProvider, unverified(err))
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(a.Nonce)) == 0:
		return person{}, refuse(wordProvider, errors.New("the ID token is of another sign-in: its nonce is wrong"))
	}
	if now := s.now(); now.After(token.Expiry.Add(clockSkew)) || token.IssuedAt.After(now.Add(maxAhead)) {
		return person{}, refuse(wordClock, errors.New("the ID token has expired, or is from the future"))
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(tokens.AccessToken); err != nil {
			return person{}, refuse(wordProvider, err)
		}
	}
	c, err := s.readIDToken(raw, token)
	if err == nil && (token.Subject == "" || len(token.Subject) > maxSubject || !soundText(token.Subject)) {
		err = errors.New("the subject cannot be used")
	}
	if err != nil {
		return person{}, refuse(wordProvider, err)
	}
	if err := s.askUserInfo(ctx, d, tokens, token.Subject, c.all); err != nil {
		return person{}, err
	}
	return s.personOf(token.Subject, c.all), nil
}

// unverified says why an ID token was not taken, without what stands in it.
func unverified(err error) error {
	for _, part := range []string{"signature", "audience", "issued by a different provider", "malformed"} {
		if strings.Contains(err.Error(), part) {
			return errors.New("the ID token cannot be verified: " + part)
		}
	}
	return errors.New("the ID token cannot be verified")
}

// refusedExchange tells a provider that is away from one that says no. What it answers is not logged: it may repeat what it was sent.
func refusedExchange(err error) error {
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok && answer.Response != nil {
		if answer.Response.StatusCode >= http.StatusInternalServerError {
			return refuse(wordAway, fmt.Errorf("the token endpoint answers %d", answer.Response.StatusCode))
		}
		return refuse(wordProvider, fmt.Errorf("the token endpoint answers %d: %s", answer.Response.StatusCode, knownError(answer.ErrorCode)))
	}
	if _, ok := errors.AsType[*url.Error](err); ok || errors.Is(err, context.DeadlineExceeded) {
		return refuse(wordAway, errors.New("the token endpoint does not answer"))
	}
	return refuse(wordProvider, errors.New("the answer of the token endpoint cannot be read"))
}

// askUserInfo adds claims that providers may keep for their userinfo endpoint. Those of the ID token, which is signed, go first. An address
// and whether it is verified are from the same place.
func (s *Service) askUserInfo(ctx context.Context, d *discovery, tokens *oauth2.Token, subject string, claims map[string]any) error {
	hasEmail := claims["email"] != nil
	hasRole := s.oidc.cfg.SignIn.RoleClaim == "" || claimAt(claims, s.oidc.cfg.SignIn.RoleClaim) != nil
	if d.provider.UserInfoEndpoint() == "" || hasEmail && hasRole {
		return nil
	}
	info, err := d.provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return refuse(wordAway, errors.New("the userinfo endpoint does not answer as it should"))
	}
	var more map[string]any
	if err := info.Claims(&more); err != nil || info.Subject != subject {
		return refuse(wordProvider, errors.New("the userinfo endpoint answers for another subject"))
	}
	if hasEmail {
		delete(more, "email")
		delete(more, s.oidc.cfg.VerifiedClaim)
	} else {
		delete(claims, s.oidc.cfg.VerifiedClaim)
	}
	for name, claim := range more {
		if claims[name] == nil {
			claims[name] = claim
		}
	}
	return nil
}

// personOf returns who the claims tell of.
func (s *Service) personOf(subject string, claims map[string]any) person {
	p := person{subject: subject, email: s.oidc.verifiedEmail(claims)}
	for _, claim := range []string{"name", "preferred_username"} {
		text, _ := claims[claim].(string)
		text = strings.TrimSpace(text)
		if p.name == "" && soundName(text) && !callboard.Blank(text) && utf8.RuneCountInString(text) <= maxUserName {
			p.name = text
		}
	}
	if s.oidc.cfg.SignIn.RoleClaim != "" {
		p.role = s.oidc.roles.of(claimAt(claims, s.oidc.cfg.SignIn.RoleClaim))
	}
	return p
}

// admit opens a session for who has signed in at the provider, in one transaction with the account, its link and its role.
func (s *Service) admit(ctx context.Context, p person, device string) (user User, secret string, err error) {
	err = s.db.Write(callboard.WithActor(ctx, callboard.System("Sign-in")), func(ctx context.Context, tx *sqldb.Tx) error {
		var linked bool
		user, linked, err = s.accountOf(ctx, tx, p)
		if err != nil {
			return err
		}
		// The role first: it locks the admins, before any other row of users.
		if p.role != "" && p.role != user.Role && !user.Disabled {
			_, err := s.update(ctx, tx, user.ID, UserPatch{Role: &p.role}, "")
			if callboard.CodeOf(err) == callboard.CodeConflict {
				return refuseUser(wordLastAdmin, user, err)
			} else if err != nil {
				return err
			}
		}
		user, err = findUser(ctx, tx, "id", user.ID, sqldb.ForUpdate(tx))
		switch {
		case err != nil:
			return err
		case user.Disabled:
			return refuseUser(wordDisabled, user, errors.New("the user is disabled"))
		}
		if !linked {
			if err := s.link(ctx, tx, user, p.subject); err != nil {
				return err
			}
			if err := s.emit(ctx, tx, callboard.UserUpdated, user, identityChanges()); err != nil {
				return err
			}
		}
		data := callboard.SignInData{KnownDevice: s.knownDevice(device, user.ID) != "", Method: callboard.SignInOIDC}
		secret, err = s.openSession(callboard.WithActor(ctx, user.Actor()), tx, user, data)
		return err
	})
	return user, secret, err
}

// accountOf returns the account of a person, and whether it is linked. One that there is not is created where that is allowed.
func (s *Service) accountOf(ctx context.Context, tx *sqldb.Tx, p person) (User, bool, error) {
	user, linked, err := s.findIdentified(ctx, tx, p.subject, p.email)
	switch {
	case callboard.CodeOf(err) == callboard.CodeConflict:
		return User{}, false, refuseUser(wordTaken, user, err)
	case err != nil && callboard.CodeOf(err) != callboard.CodeNotFound:
		return User{}, false, err
	case p.role == "" && s.oidc.cfg.SignIn.RoleClaim != "":
		return User{}, false, refuseUser(wordNoRole, user, errors.New("the claim gives no role"))
	case err == nil:
		return user, linked, err
	case p.email == "":
		return User{}, false, refuseUser(wordNoEmail, User{}, err)
	case !s.mayBeCreated(p.email):
		return User{}, false, refuseUser(wordNoAccount, User{}, err)
	}
	local, _, _ := strings.Cut(p.email, "@")
	user, err = s.newUser(ctx, NewUser{Email: p.email, Name: cmp.Or(p.name, local), Role: cmp.Or(p.role, callboard.RoleViewer)})
	if err != nil {
		return User{}, false, refuse(wordProvider, errors.New("no account can be made of the claims"))
	}
	user, err = s.create(ctx, tx, user)
	return user, false, err
}

// mayBeCreated reports whether an account may be made for an address.
func (s *Service) mayBeCreated(email string) bool {
	in := s.oidc.cfg.SignIn
	domain := email[strings.LastIndexByte(email, '@')+1:]
	return in.CreateUsers && (len(in.EmailDomains) == 0 ||
		slices.ContainsFunc(in.EmailDomains, func(allowed string) bool { return strings.EqualFold(allowed, domain) }))
}

// noteRefusal logs why a sign-in at the provider came to nothing, and returns its word for the page. What the provider knows of somebody
// who is refused is nowhere.
func (s *Service) noteRefusal(ctx context.Context, err error) word {
	r, ok := errors.AsType[*refusal](err)
	if !ok {
		r = &refusal{word: wordFailed, err: err}
	}
	request := callboard.RequestFrom(ctx)
	if r.word == wordFailed {
		s.logger.ErrorContext(ctx, "account", "event", "sign_in_broken", "error", r.err, "request_id", request.ID)
		return r.word
	}
	if s.limit.take(refusedRules(request.IP)) == nil { // what is refused costs little to repeat, and could fill the log
		s.logger.WarnContext(ctx, "account", "event", "sign_in_refused", "reason", r.word, "error", r.err, "user_id", r.user.ID,
			"ip", request.IP, "request_id", request.ID)
	}
	if r.who {
		if err := s.noteFailed(ctx, r.user, callboard.SignInData{Method: callboard.SignInOIDC}); err != nil {
			s.logger.ErrorContext(ctx, "a sign-in that failed could not be noted", "error", err, "request_id", request.ID)
		}
	}
	return r.word
}
