package httpapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
)

// statusClientGone answers nobody: the caller went away. It stands in logs and metrics.
const statusClientGone = 499

// codeMethodNotAllowed is the one kind of problem that no service has.
const codeMethodNotAllowed callboard.Code = "method_not_allowed"

// problemType is the media type of every error answer.
const problemType = "application/problem+json"

// problem is an RFC 9457 document. It never repeats a submitted value and never names internals.
type problem struct {
	Type      string         `json:"type" doc:"Names the kind of problem; stable. Others may be added."`
	Title     string         `json:"title" doc:"The text of the HTTP status."`
	Status    int            `json:"status" doc:"The HTTP status."`
	Detail    string         `json:"detail" doc:"What is wrong with this request, for people."`
	ErrorText string         `json:"error" doc:"Same as detail, for simple clients."`
	Errors    []problemField `json:"errors,omitempty" doc:"Each field that breaks a rule."`

	retryAfter time.Duration
}

type problemField struct {
	Field    string `json:"field,omitempty" doc:"Path of the field: categories[2]."`
	Location string `json:"location,omitempty" doc:"The same, after where it stood: body, query, path or header."`
	Message  string `json:"message" doc:"The rule that it breaks."`
}

const problemPrefix = "urn:callboard:problem:"

// TransformSchema lists the kinds of problems.
func (p *problem) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	for _, code := range append(callboard.Codes(), codeMethodNotAllowed) {
		s.Properties["type"].Enum = append(s.Properties["type"].Enum, problemPrefix+string(code))
	}
	return s
}

// Error returns the detail.
func (p *problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *problem) GetStatus() int { return p.Status }

// ContentType makes huma answer with the media type of problems.
func (p *problem) ContentType(string) string { return problemType }

// GetHeaders returns the headers that go with the status.
func (p *problem) GetHeaders() http.Header {
	h := http.Header{"Cache-Control": {"no-store"}}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if p.retryAfter > 0 || p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(p.retryAfter.Seconds())))))
	}
	return h
}

// statusOf is the one place that knows the HTTP status of a code.
func statusOf(code callboard.Code) int {
	return cmp.Or(map[callboard.Code]int{
		callboard.CodeMalformed:          http.StatusBadRequest,
		callboard.CodeUnauthenticated:    http.StatusUnauthorized,
		callboard.CodeSecondFactor:       http.StatusUnauthorized,
		callboard.CodeForbidden:          http.StatusForbidden,
		callboard.CodeNotFound:           http.StatusNotFound,
		callboard.CodeConflict:           http.StatusConflict,
		callboard.CodeGone:               http.StatusGone,
		callboard.CodePreconditionFailed: http.StatusPreconditionFailed,
		callboard.CodeTooLarge:           http.StatusRequestEntityTooLarge,
		callboard.CodeUnsupported:        http.StatusUnsupportedMediaType,
		callboard.CodeInvalid:            http.StatusUnprocessableEntity,
		callboard.CodeRateLimited:        http.StatusTooManyRequests,
		callboard.CodeUnavailable:        http.StatusServiceUnavailable,
		callboard.CodeSwitchedOff:        http.StatusServiceUnavailable,
	}[code], http.StatusInternalServerError)
}

// Problem returns the answer to an error. Errors that are not for people become a plain 500.
func Problem(err error) huma.StatusError { return problemOf(err) }

// Refusal is a problem as part of an answer about several things.
type Refusal = problem

// RefusalOf returns why one of them was refused, as a request of its own would have been.
func RefusalOf(err error) *Refusal { return problemOf(err) }

func problemOf(err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	if e, ok := errors.AsType[*callboard.Error](err); ok && e.Code != callboard.CodeInternal {
		p := newProblem(statusOf(e.Code), string(e.Code), e.Message)
		p.retryAfter = e.RetryAfter
		for _, f := range e.Fields {
			p.Errors = append(p.Errors, fieldOf(f.Field, f.Message))
		}
		p.sortErrors()
		return p
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return newProblem(http.StatusServiceUnavailable, string(callboard.CodeUnavailable),
			"the request was not finished in time; try again")
	}
	return newProblem(http.StatusInternalServerError, string(callboard.CodeInternal),
		"something went wrong on the server")
}

func newProblem(status int, code, detail string) *problem {
	return &problem{
		Type: problemPrefix + code, Title: cmp.Or(http.StatusText(status), "Client Closed Request"),
		Status: status, Detail: detail, ErrorText: detail,
	}
}

// sortErrors gives the fields a stable order, since maps have none, and bounds their number.
func (p *problem) sortErrors() {
	slices.SortStableFunc(p.Errors, func(a, b problemField) int {
		return cmp.Or(cmp.Compare(a.Location, b.Location), cmp.Compare(a.Field, b.Field))
	})
	if len(p.Errors) > maxFieldErrors {
		p.Errors = p.Errors[:maxFieldErrors]
	}
}

// fieldOf splits "body.title" into where the field stood and its path. A field that a service names has no location.
func fieldOf(name, message string) problemField {
	for _, where := range []string{"body", "query", "path", "header"} {
		if name == where {
			return problemField{Location: name, Message: message}
		}
		if rest, ok := strings.CutPrefix(name, where); ok && (rest[0] == '.' || rest[0] == '[') {
			return problemField{Field: strings.TrimPrefix(rest, "."), Location: name, Message: message}
		}
	}
	return problemField{Field: name, Message: message}
}

// answer is problemOf for an error of a request. Defects are logged as errors, and what is away as information; what is switched
// off is meant to be, and a caller who has gone away is no error at all.
func (c *core) answer(ctx context.Context, err error) *problem {
	if ctx.Err() == context.Canceled {
		return newProblem(statusClientGone, "client_gone", "the caller went away")
	}
	p := problemOf(err)
	id := callboard.RequestFrom(ctx).ID
	switch {
	case p.Status < http.StatusInternalServerError || errors.Is(err, context.DeadlineExceeded) || callboard.CodeOf(err) == callboard.CodeSwitchedOff:
	case p.Status == http.StatusServiceUnavailable:
		c.logger.InfoContext(ctx, "request not served", "request_id", id, "error", err)
	default:
		c.logger.ErrorContext(ctx, "request failed", "request_id", id, "error", err)
	}
	return p
}

// WriteProblem answers a request with an error, and logs it when it is internal.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	if rec := recorderOf(w); rec != nil {
		rec.api.answer(r.Context(), err).write(w)
		return
	}
	problemOf(err).write(w)
}

func (p *problem) write(w http.ResponseWriter) {
	body, err := json.Marshal(p)
	if err != nil {
		panic("httpapi: a problem that does not encode: " + err.Error()) // strings and numbers only
	}
	h := w.Header()
	maps.Copy(h, p.GetHeaders())
	h.Set("Content-Type", problemType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Del("ETag")
	w.WriteHeader(p.Status)
	_, _ = w.Write(body) // fails only when the caller has gone away
}
