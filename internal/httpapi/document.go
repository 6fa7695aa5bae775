package httpapi

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
)

// documentTags are the groups of operations, in the order in which they are shown.
func documentTags() []*huma.Tag {
	return []*huma.Tag{
		{Name: "Sign-in", Description: "Sessions of browsers, API tokens, and the caller's own account."},
		{Name: "Users", Description: "Accounts, for admins; and who is on the board, for all."},
		{Name: "Shows", Description: "The shows of the production."},
		{Name: "Imports", Description: "Spreadsheets that become episodes: what an import would do, and what it refused. The import itself is a job."},
		{Name: "Episodes", Description: "Episodes, of a show or on their own."},
		{Name: "Files", Description: "What is uploaded or made: stills, cuts, sheets."},
		{Name: "Saved views", Description: "Addresses of the board under a name: one's own, and those of the team."},
		{Name: "Jobs", Description: "Work in the background: imports, exports, thumbnails."},
		{Name: "Activity", Description: "The log of who did what."},
		{Name: "Notifications", Description: "The inbox of each user."},
		{Name: "Presence", Description: "Who looks at what, and who is online."},
		{Name: "Sockets", Description: "Messages to those who are connected. /asyncapi.json describes what sockets carry."},
		{Name: "Events", Description: "Every change in order, and the catalog of their kinds."},
		{Name: "System", Description: "Health and figures of the server."},
	}
}

// completeDocument adds to the document what follows from the routes together, once all are there: refusals, examples, and which
// schemas are those of answers, which may gain fields.
func (c *core) completeDocument() {
	doc := c.OpenAPI()
	doc.Components.Responses = map[string]*huma.Response{}
	doc.Components.Schemas.Schema(reflect.TypeFor[problem](), true, "") // there is one even where only raw routes are
	for _, item := range doc.Paths {
		for _, op := range operationsOf(item) {
			e, ok := op.Metadata[routeKey].(*endpoint)
			if !ok {
				continue
			}
			c.documentRefusals(e, op)
			documentHeaders(e, op)
			documentArguments(op)
		}
	}
	c.openAnswers()
	c.describePatterns()
	for _, item := range doc.Paths {
		for _, op := range operationsOf(item) {
			if e, ok := op.Metadata[routeKey].(*endpoint); ok {
				c.documentExamples(e, op)
			}
		}
	}
}

// describePatterns gives the words of regular expressions a name that readers of the document know not to mind.
func (c *core) describePatterns() {
	bodies, answers := c.rootSchemas()
	all := slices.Concat(bodies, answers)
	for _, item := range c.OpenAPI().Paths {
		for _, op := range operationsOf(item) {
			for _, p := range op.Parameters {
				all = append(all, p.Schema)
			}
		}
	}
	seen := map[string]bool{}
	for _, s := range all {
		c.eachSchema(s, seen, func(s *huma.Schema) {
			if s.PatternDescription != "" {
				s.Extensions = map[string]any{"x-pattern-description": s.PatternDescription}
				s.PatternDescription = "" // what callers are told was made of it already
			}
		})
	}
}

func operationsOf(item *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{item.Get, item.Put, item.Post, item.Delete, item.Options, item.Head, item.Patch, item.Trace}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}

// documentRefusals lists the problems that an operation may answer with, each as a reference.
func (c *core) documentRefusals(e *endpoint, op *huma.Operation) {
	for _, status := range e.refusals(op) {
		op.Responses[strconv.Itoa(status)] = c.refusal(strings.ReplaceAll(http.StatusText(status), " ", ""), status)
	}
	op.Responses["default"] = c.refusal("Problem", http.StatusInternalServerError)
}

// refusals returns the statuses of problems that follow from the route, and those that it names.
func (e *endpoint) refusals(op *huma.Operation) []int {
	statuses := slices.Clone(e.Errors)
	add := func(when bool, list ...int) {
		if when {
			statuses = append(statuses, list...)
		}
	}
	has := func(name string) bool {
		return slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.Name == name })
	}
	add(true, http.StatusBadRequest) // a query that is not well-formed
	add(e.Access != Public, http.StatusUnauthorized)
	add(e.Access != Public || e.Method != http.MethodGet, http.StatusForbidden) // pages of a foreign origin
	add(len(e.params) > 0, http.StatusNotFound)
	add(has(idempotencyHeader), http.StatusConflict)
	add(has("If-Match"), http.StatusConflict, http.StatusPreconditionFailed)
	add(e.schema != nil, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	add(strings.HasPrefix(e.Path, "/api/"), http.StatusUnprocessableEntity) // a query parameter that is not known
	add(e.Heavy || e.PerUser > 0 || e.Rate > 0, http.StatusTooManyRequests)
	add(strings.HasPrefix(e.Path, "/api/"), http.StatusServiceUnavailable)
	return statuses
}

// refusal returns a reference to a problem that is described once.
func (c *core) refusal(name string, status int) *huma.Response {
	doc := c.OpenAPI()
	if doc.Components.Responses[name] == nil {
		p := exampleProblem(status)
		r := &huma.Response{
			Description: p.Detail, Headers: map[string]*huma.Header{},
			Content: map[string]*huma.MediaType{problemType: {Schema: &huma.Schema{Ref: schemaPrefix + "Problem"}, Example: p}},
		}
		if name == "Problem" {
			r.Description = "Any other problem"
		}
		if status == http.StatusUnauthorized {
			r.Headers["WWW-Authenticate"] = header("How to authenticate: Bearer.", huma.TypeString)
		}
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			r.Headers["Retry-After"] = header("Seconds to wait before the next attempt.", huma.TypeInteger)
		}
		doc.Components.Responses[name] = r
	}
	return &huma.Response{Ref: "#/components/responses/" + name}
}

func header(description, typ string) *huma.Header {
	return &huma.Header{Description: description, Schema: &huma.Schema{Type: typ}}
}

// exampleProblem is the problem of a status as the document shows it.
func exampleProblem(status int) *problem {
	examples := map[int]*callboard.Error{
		http.StatusBadRequest:            callboard.Errorf(callboard.CodeMalformed, "The request cannot be read"),
		http.StatusUnauthorized:          callboard.Errorf(callboard.CodeUnauthenticated, "Nobody is signed in, or the credential does not hold"),
		http.StatusForbidden:             callboard.Errorf(callboard.CodeForbidden, "The caller may not do this"),
		http.StatusNotFound:              callboard.Errorf(callboard.CodeNotFound, "There is no such thing, or the caller may not know of it"),
		http.StatusConflict:              callboard.Errorf(callboard.CodeConflict, "It clashes with what is there"),
		http.StatusGone:                  callboard.Errorf(callboard.CodeGone, "It was there, and is no longer kept"),
		http.StatusPreconditionFailed:    callboard.Errorf(callboard.CodePreconditionFailed, "It was changed since it was read"),
		http.StatusRequestEntityTooLarge: callboard.Errorf(callboard.CodeTooLarge, "The body is too large"),
		http.StatusUnsupportedMediaType:  callboard.Errorf(callboard.CodeUnsupported, "The body is not of a media type that is understood"),
		http.StatusTooManyRequests:       callboard.Errorf(callboard.CodeRateLimited, "Too much at a time; try again later"),
		http.StatusServiceUnavailable:    callboard.Errorf(callboard.CodeUnavailable, "A part is full, away or switched off; try again later"),
		http.StatusUnprocessableEntity: {
			Code: callboard.CodeInvalid, Message: "The input can be read, and breaks a rule",
			Fields: []callboard.FieldError{{Field: "body.title", Message: "must have at least 1 characters"}},
		},
	}
	if e, ok := examples[status]; ok {
		return problemOf(e)
	}
	return newProblem(status, string(callboard.CodeInternal), "something went wrong on the server")
}

// Streamed documents an answer that is no JSON: its media types, the first of which the example is of; the header that names the file.
func Streamed(example string, media ...string) func(*huma.Operation) {
	return func(op *huma.Operation) {
		content := map[string]*huma.MediaType{}
		for i, name := range media {
			content[name] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
			if i == 0 {
				content[name] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}, Example: example}
			}
		}
		op.Responses = map[string]*huma.Response{"200": {Description: http.StatusText(http.StatusOK), Content: content}}
	}
}

// Answers documents the answers of a raw route: a value of the given type for each status.
func Answers(a *API, value reflect.Type, statuses ...int) func(*huma.Operation) {
	schema := a.OpenAPI().Components.Schemas.Schema(value, true, value.Name())
	return func(op *huma.Operation) {
		op.Responses = map[string]*huma.Response{}
		for _, status := range statuses {
			op.Responses[strconv.Itoa(status)] = &huma.Response{
				Description: http.StatusText(status), Content: map[string]*huma.MediaType{"application/json": {Schema: schema}},
			}
		}
	}
}

// documentHeaders tells what the headers of an answer are for.
func documentHeaders(e *endpoint, op *huma.Operation) {
	descriptions := map[string]string{
		"ETag":       "Version of what is answered, for If-Match and If-None-Match.",
		"Set-Cookie": "The session of a browser, or its end.",
	}
	for status, r := range op.Responses {
		for name, h := range r.Headers {
			h.Description = cmp.Or(h.Description, descriptions[name])
		}
		if e.Method == http.MethodPost && e.Access != Public && strings.HasPrefix(status, "2") {
			r.Headers = withHeader(r.Headers, replayedHeader, header("true where the answer is that of an earlier request with the same Idempotency-Key.", huma.TypeString))
		}
	}
}

// documentArguments tells what the arguments of each kind of jobs are. The body is checked without: which kind it is decides.
func documentArguments(op *huma.Operation) {
	kinds := extraSchemas(op, ExtensionArgs)
	if len(kinds) == 0 {
		return
	}
	args := &huma.Schema{AnyOf: append(kinds, &huma.Schema{Type: huma.TypeObject}), Description: "As the schema of the kind says."}
	media := op.RequestBody.Content["application/json"]
	media.Schema = &huma.Schema{AllOf: []*huma.Schema{
		media.Schema, {Type: huma.TypeObject, Properties: map[string]*huma.Schema{"args": args}},
	}}
}

func withHeader(headers map[string]*huma.Header, name string, h *huma.Header) map[string]*huma.Header {
	if headers == nil {
		headers = map[string]*huma.Header{}
	}
	headers[name] = h
	return headers
}
