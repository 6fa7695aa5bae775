package account

import (
	"context"
	"embed"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

// setupFiles is the page where the first admin is created. Its script sends the form as JSON.
//
//go:embed setup
var setupFiles embed.FS

const setupPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type setupInput struct {
	Origin
	Body struct {
		Token    string `json:"token" maxLength:"100" doc:"From the link that the first start prints."`
		Email    string `json:"email" maxLength:"254" doc:"The address to sign in with."`
		Name     string `json:"name" minLength:"1" maxLength:"100" doc:"Name for people."`
		Password string `json:"password" minLength:"10" maxLength:"256" doc:"The password to sign in with."`
	}
}

func (s *Service) setupRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "setup", Method: http.MethodPost, Path: "/api/v1/auth/setup", Access: httpapi.Public, Tag: "Sign-in",
		Message: "Setup completed successfully", Errors: []int{http.StatusConflict, http.StatusTooManyRequests},
		Example: `{"token":"f4Jb1tK0nQx8-example","email":"ada@example.org","name":"Ada Quill","password":"correct horse battery"}`,
		Summary: "Create the first admin and sign in", Status: http.StatusCreated, SecretAnswer: true, MaxBody: maxPublicBody,
		Emits: []string{callboard.UserCreated.Name, callboard.SignedIn.Name},
	}, func(ctx context.Context, in *setupInput) (*sessionOutput, error) {
		user, secret, err := s.Setup(ctx, in.Body.Token,
			NewUser{Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password})
		return s.signedIn(in.Origin, user, secret, err)
	})
	for path, page := range map[string]struct{ file, media string }{
		"/setup":           {"setup/index.html", "text/html; charset=utf-8"},
		"/setup/setup.js":  {"setup/setup.js", "text/javascript; charset=utf-8"},
		"/setup/setup.css": {"setup/setup.css", "text/css; charset=utf-8"},
	} {
		body, err := setupFiles.ReadFile(page.file)
		if err != nil {
			panic("account: " + err.Error()) // embedded above
		}
		httpapi.Raw(a, httpapi.Route{
			ID: page.file, Method: http.MethodGet, Path: path, Access: httpapi.Public, Hidden: true,
		}, servePage(page.media, body))
	}
}

// servePage keeps the page, whose address holds a token, out of caches and referrers.
func servePage(media string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", media)
		h.Set("Content-Security-Policy", setupPolicy)
		h.Set("Referrer-Policy", "no-referrer")
		_, _ = w.Write(body) // a caller that went away cannot be told
	}
}
