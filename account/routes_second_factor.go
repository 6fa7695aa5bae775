package account

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

type beginFactorInput struct {
	Body struct {
		Password string `json:"current_password" maxLength:"256" doc:"The password of the account."`
	}
}

type confirmFactorInput struct {
	Body struct {
		Code string `json:"code" maxLength:"64" doc:"The code that the app shows."`
	}
}

type proofInput struct {
	Body struct {
		Password string `json:"current_password,omitempty" maxLength:"256" doc:"The password of the account; or code."`
		Code     string `json:"code,omitempty" maxLength:"64" doc:"The code that the app shows, or a recovery code; or current_password."`
	}
}

// RecoveryCodes sign in in the place of a code, each once.
type RecoveryCodes struct {
	Codes []string `json:"recovery_codes" nullable:"false" doc:"Each does once in the place of a code. They are shown this once." example:"7KQM-T2XN-9HJ4-RWEC"`
}

func (s *Service) secondFactorRoutes(a huma.API) {
	const path = "/api/v1/auth/second-factor"
	emits := []string{callboard.UserUpdated.Name}
	refusals := []int{http.StatusConflict, http.StatusTooManyRequests}
	httpapi.Register(a, httpapi.Route{
		ID: "get-second-factor", Method: http.MethodGet, Path: path, Access: httpapi.SignedIn, Tag: "Sign-in",
		Summary: "Whether signing in asks the caller for a code, too",
	}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[SecondFactor], error) {
		return answer(s.SecondFactor(ctx))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "begin-second-factor", Method: http.MethodPost, Path: path, Access: httpapi.SignedIn, Tag: "Sign-in", Rate: 30,
		Message: "Second factor begun successfully", Errors: refusals, Example: `{"current_password":"correct horse battery"}`,
		Summary: "Begin a second factor", Status: http.StatusCreated, SecretAnswer: true,
		Description: "Makes a secret for an app that shows codes (RFC 6238: SHA-1, 6 digits, 30 seconds). Nothing asks for them until one has confirmed it, within the hour.",
	}, func(ctx context.Context, in *beginFactorInput) (*httpapi.Body[Enrolment], error) {
		return answer(s.BeginSecondFactor(ctx, in.Body.Password))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "confirm-second-factor", Method: http.MethodPost, Path: path + "/confirm", Access: httpapi.SignedIn, Tag: "Sign-in", Rate: 30,
		Message: "Second factor turned on successfully", Errors: refusals, Example: `{"code":"492039"}`,
		Summary: "Turn on the second factor that was begun", SecretAnswer: true,
		Description: "From then on signing in with the password asks for a code, too; at an OpenID Connect provider it does not. Ends the user's other sessions. API tokens stay.",
		Emits:       emits,
	}, func(ctx context.Context, in *confirmFactorInput) (*httpapi.Body[RecoveryCodes], error) {
		codes, err := s.ConfirmSecondFactor(ctx, in.Body.Code)
		return answer(RecoveryCodes{codes}, err)
	})
	httpapi.Register(a, httpapi.Route{
		ID: "create-recovery-codes", Method: http.MethodPost, Path: path + "/recovery-codes", Access: httpapi.SignedIn, Tag: "Sign-in", Rate: 30,
		Message: "Recovery codes created successfully", Errors: refusals, Example: `{"current_password":"correct horse battery"}`,
		Summary: "Replace the recovery codes", Status: http.StatusCreated, SecretAnswer: true,
		Description: "Those of before no longer do. Ends the user's other sessions.", Emits: emits,
	}, func(ctx context.Context, in *proofInput) (*httpapi.Body[RecoveryCodes], error) {
		codes, err := s.NewRecoveryCodes(ctx, Proof(in.Body))
		return answer(RecoveryCodes{codes}, err)
	})
	httpapi.Register(a, httpapi.Route{
		ID: "disable-second-factor", Method: http.MethodPost, Path: path + "/off", Access: httpapi.SignedIn, Tag: "Sign-in", Rate: 30,
		Errors: refusals, Example: `{"current_password":"correct horse battery"}`,
		Summary: "Turn off the second factor", Description: "The password alone signs in then. Ends the user's other sessions.", Emits: emits,
	}, func(ctx context.Context, in *proofInput) (*struct{}, error) {
		return &struct{}{}, s.DisableSecondFactor(ctx, Proof(in.Body))
	})
	httpapi.Register(a, httpapi.Route{
		ID: "reset-second-factor", Method: http.MethodDelete, Path: "/api/v1/users/{id}/second-factor", Access: httpapi.Admin, Tag: "Users",
		Errors:  []int{http.StatusConflict},
		Summary: "Turn off the second factor of another user", Description: "For who has lost it. Ends the user's sessions; the password alone signs in then.",
		Emits: emits,
	}, func(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
		return &struct{}{}, s.ResetSecondFactor(ctx, in.ID)
	})
}
