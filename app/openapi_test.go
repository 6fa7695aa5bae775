package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
)

// openAPI is the document as its readers see it.
type openAPI struct {
	t       *testing.T
	root    obj
	schemas *jsonschema.Compiler
	routes  map[string]httpapi.Route // by ID
}

const documentURL = "callboard:openapi.json"

func readOpenAPI(t *testing.T, s *apptest.Server) *openAPI {
	t.Helper()
	text := s.Do(http.MethodGet, "/openapi.json", "", nil).Body
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := &openAPI{t: t, root: root.(obj), schemas: jsonschema.NewCompiler(), routes: map[string]httpapi.Route{}}
	d.schemas.DefaultDraft(jsonschema.Draft2020)
	d.schemas.AssertFormat()
	if err := d.schemas.AddResource(documentURL, root); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.App.Routes() {
		d.routes[r.ID] = r
	}
	return d
}

// operation is one of the document.
type operation struct {
	obj              obj
	id, method, path string
	pointer          string // to it
}

func (d *openAPI) operations() []operation {
	var all []operation
	for path, item := range d.root["paths"].(obj) {
		for method, op := range item.(obj) {
			pointer := "#/paths/" + escape(path) + "/" + method
			all = append(all, operation{op.(obj), op.(obj)["operationId"].(string), strings.ToUpper(method), path, pointer})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	return all
}

// escape writes a name as part of a JSON pointer.
func escape(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// at returns the value at a path of members, following references, or nil.
func (d *openAPI) at(v any, path ...string) any {
	for _, name := range append(path, "") {
		if ref, ok := d.member(v, "$ref").(string); ok {
			v = d.root
			for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
				v = d.member(v, part)
			}
		}
		if name != "" {
			v = d.member(v, name)
		}
	}
	return v
}

func (d *openAPI) member(v any, name string) any {
	object, _ := v.(obj)
	return object[name]
}

// check holds a JSON text to the schema at a pointer.
func (d *openAPI) check(what, pointer string, text []byte) {
	d.t.Helper()
	schema, err := d.schemas.Compile(documentURL + pointer)
	if err != nil {
		d.t.Fatalf("%s: %v", what, err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err == nil {
		err = schema.Validate(value)
	}
	if err != nil {
		d.t.Errorf("%s: %.600s\n%v", what, text, err)
	}
}

func isJSON(media string) bool {
	return media == "application/json" || media == "application/problem+json"
}

// responsePointer returns where the schema of an answer is, "" where there is none. ok tells whether the answer is documented.
func (d *openAPI) responsePointer(op operation, status, media string) (pointer string, ok bool) {
	response := d.at(op.obj, "responses", status)
	if response == nil {
		return "", false
	}
	base := op.pointer + "/responses/" + status
	if ref, is := d.member(d.member(op.obj["responses"], status), "$ref").(string); is {
		base = ref
	}
	content, _ := d.member(response, "content").(obj)
	if content[media] == nil || d.member(content[media], "schema") == nil {
		return "", len(content) == 0 || content[media] != nil
	}
	return base + "/content/" + escape(media) + "/schema", true
}

// Each route that answers a write with a body says in words what was done, and what is there to be read says it of each field.
func TestDocumentIsComplete(t *testing.T) {
	t.Parallel()
	d := readOpenAPI(t, apptest.Start(t, apptest.Options{}))
	tags := map[string]bool{}
	for _, tag := range d.root["tags"].([]any) {
		tags[tag.(obj)["name"].(string)] = true
	}
	for _, op := range d.operations() {
		route := d.routes[op.id]
		if tag := op.obj["tags"].([]any)[0].(string); !tags[tag] {
			t.Errorf("%s: the tag %s has no description", op.id, tag)
		}
		for status, response := range op.obj["responses"].(obj) {
			example := d.at(response, "content", "application/json", "example")
			write := op.method != http.MethodGet && strings.HasPrefix(status, "2") && example != nil
			if write && (route.Message == "" || d.member(example, "message") != route.Message) {
				t.Errorf("%s: the answer to a write has no message", op.id)
			}
			if text, _ := json.Marshal(example); bytes.Contains(text, []byte(`"example"`)) {
				t.Errorf("%s: a text in the answer %s has no example: %s", op.id, status, text)
			}
		}
		if body := d.at(op.obj, "requestBody", "content"); body != nil {
			for media, content := range body.(obj) {
				if d.member(content, "example") == nil {
					t.Errorf("%s: the %s body has no example", op.id, media)
				}
			}
		}
		params, _ := op.obj["parameters"].([]any)
		for _, p := range params {
			if d.member(p, "description") == nil {
				t.Errorf("%s: the parameter %v has no description", op.id, d.member(p, "name"))
			}
		}
	}
	for name, schema := range d.at(d.root, "components", "schemas").(obj) {
		properties, _ := d.member(schema, "properties").(obj)
		for field, property := range properties {
			if d.member(property, "description") == nil {
				t.Errorf("%s.%s has no description", name, field)
			}
		}
	}
}

// TestExamplesHold sends every example of the document to a server. Each is accepted with the status that is documented, and each
// answer, that of the document and the real one, is as its schema says.
func TestExamplesHold(t *testing.T) {
	t.Parallel()
	own := withEventsFile(t)
	s := apptest.Start(t, apptest.Options{Config: func(cfg *app.Config) {
		own(cfg)
		apptest.WithToil(job.Settings{Concurrency: 1}, apptest.Idler)(cfg)
		cfg.JobStopGrace = time.Millisecond
	}})
	d := readOpenAPI(t, s)
	w := newWorld(t, s)
	s.Settle()
	if err := s.App.Activity.SignCheckpoint(t.Context()); err != nil { // proofs are of what is signed
		t.Fatal(err)
	}
	for _, op := range d.operations() {
		for status := range op.obj["responses"].(obj) {
			content, _ := d.at(op.obj, "responses", status, "content").(obj)
			for media, described := range content {
				pointer, _ := d.responsePointer(op, status, media)
				if example := d.member(described, "example"); isJSON(media) && pointer != "" {
					text, err := json.Marshal(example)
					if err != nil {
						t.Fatal(err)
					}
					d.check(op.id+": the example of "+status, pointer, text)
				}
			}
		}
		if op.id == "setup" { // needs a server without users
			continue
		}
		r := w.send(d, op)
		d.checkAnswer(op, r, !slices.Contains([]string{"start-oidc", "finish-oidc", "show-invitation", "accept-invitation"}, op.id)) // they need a provider, or a link
	}
	d.checkRefusals(s)
	d.checkSetup()
}

// checkAnswer holds an answer to what the document says of it.
func (d *openAPI) checkAnswer(op operation, r apptest.Response, success bool) {
	d.t.Helper()
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	pointer, ok := d.responsePointer(op, fmt.Sprint(r.Status), media)
	if !ok && d.at(op.obj, "responses", fmt.Sprint(r.Status), "content", "application/octet-stream") == nil || (r.Status < 300) != success {
		d.t.Errorf("%s: answer %d %s is not documented: %.300s", op.id, r.Status, media, r.Body)
		return
	}
	if pointer != "" && isJSON(media) {
		d.check(fmt.Sprintf("%s: answer %d", op.id, r.Status), pointer, r.Body)
	}
	headers, _ := d.at(op.obj, "responses", fmt.Sprint(r.Status), "headers").(obj)
	for name := range headers {
		if name != "Idempotency-Replayed" && r.Header.Get(name) == "" {
			d.t.Errorf("%s: answer %d has no header %s", op.id, r.Status, name)
		}
	}
	var body struct{ Message string }
	if route := d.routes[op.id]; success && route.Message != "" && (r.JSON(&body) != nil || body.Message != route.Message) {
		d.t.Errorf("%s: the message of the answer is %q, want %q", op.id, body.Message, route.Message)
	}
}

// checkRefusals asks for everything without a credential, without the rights, with a query and bodies that cannot be read, and of
// things that are not there: each answer is one that the document knows.
func (d *openAPI) checkRefusals(s *apptest.Server) {
	admin := s.Users.Admin.Token
	for _, op := range d.operations() {
		path := strings.NewReplacer("{id}", callboard.NewID(), "{type}", "cut", "{room}", "writers", "{user}", callboard.NewID()).Replace(op.path)
		if op.obj["x-callboard-access"] != "public" {
			d.checkAnswer(op, s.Do(op.method, path, "", nil), false)
		}
		d.checkAnswer(op, s.Do(op.method, path+"?%zz=1", admin, nil), false)
		example := d.at(op.obj, "requestBody", "content", "application/json", "example")
		if example != nil {
			for _, body := range []string{`{"no_such_field":1}`, `{`, `[]`} {
				d.checkAnswer(op, s.Raw(op.method, path, admin, http.Header{"Content-Type": {"application/json"}}, strings.NewReader(body)), false)
			}
			d.checkAnswer(op, s.Raw(op.method, path, admin, http.Header{"Content-Type": {"text/plain"}}, strings.NewReader("x")), false)
		}
		if strings.Contains(op.path, "{") {
			for _, token := range []string{s.Users.Viewer.Token, admin} {
				r := s.Do(op.method, path, token, example)
				d.checkAnswer(op, r, r.Status < http.StatusMultipleChoices)
			}
		}
	}
}

// checkSetup sends the example of the set-up to a server that nobody has set up yet.
func (d *openAPI) checkSetup() {
	d.t.Helper()
	s := apptest.Start(d.t, apptest.Options{})
	for _, table := range []string{"callboard_api_tokens", "callboard_users"} {
		if err := s.DB.Write(d.t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM `+table)
			return err
		}); err != nil {
			d.t.Fatal(err)
		}
	}
	token, err := s.App.Accounts.NewSetup(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, op := range d.operations() {
		if op.id == "setup" {
			body := maps.Clone(d.at(op.obj, "requestBody", "content", "application/json", "example").(obj))
			body["token"] = token
			d.checkAnswer(op, s.Do(op.method, op.path, "", body), true)
		}
	}
}

// world is what the examples are about.
type world struct {
	t *testing.T
	s *apptest.Server
}

const examplePassword = "correct horse battery" // of every example

func newWorld(t *testing.T, s *apptest.Server) *world {
	w := &world{t: t, s: s}
	w.create("/api/v1/users", obj{"email": "ada@example.org", "name": "Ada Quill", "role": "viewer", "password": examplePassword})
	s.AwaitJobStatus(s.QueueToil("keeps others out").ID, "processing")
	return w
}

// create posts a body as an admin, and returns the ID of what was made.
func (w *world) create(path string, body obj) string {
	w.t.Helper()
	r := w.s.Do(http.MethodPost, path, w.s.Users.Admin.Token, body)
	if r.Status >= 300 {
		w.t.Fatalf("%s: answer %d %s", path, r.Status, r.Body)
	}
	return r.ID()
}

// somebody returns the token of a new user with the password of the examples.
func (w *world) somebody() string {
	w.t.Helper()
	id := w.create("/api/v1/users", obj{"email": callboard.NewID() + "@example.org", "name": "Ben", "role": "viewer", "password": examplePassword})
	return w.s.NewToken(id, false)
}

// send sends the example of an operation, with its path filled in.
func (w *world) send(d *openAPI, op operation) apptest.Response {
	w.t.Helper()
	token, header := w.s.Users.Admin.Token, http.Header{}
	switch op.id {
	case "logout", "end-session", "end-sessions", "list-sessions":
		token = ""
		header.Set("Cookie", w.signIn())
	case "change-password":
		token = w.somebody()
	case "begin-second-factor", "confirm-second-factor", "create-recovery-codes", "disable-second-factor":
		token = w.somebody()
		_, code := w.s.BeginSecondFactor(token, examplePassword)
		if op.id == "confirm-second-factor" {
			return w.s.Do(op.method, op.path, token, obj{"code": code})
		}
		if op.id != "begin-second-factor" { // what begins does so once more
			w.s.Want(http.StatusOK, http.MethodPost, op.path[:strings.LastIndex(op.path, "/")]+"/confirm", token, obj{"code": code}, nil)
		}
	}
	path := w.fill(d, op)
	if strings.HasPrefix(op.id, "upload-") {
		return w.s.Upload(path, token, "still-1.txt", strings.NewReader("a still"))
	}
	example := d.at(op.obj, "requestBody", "content", "application/json", "example")
	if example == nil {
		return w.s.Raw(op.method, path, token, header, nil)
	}
	text, err := json.Marshal(example)
	if err != nil {
		w.t.Fatal(err)
	}
	d.check(op.id+": the example of the request", op.pointer+"/requestBody/content/application~1json/schema", text)
	header.Set("Content-Type", "application/json")
	body := strings.ReplaceAll(string(text), "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62", w.create("/api/v1/shows", obj{"title": "Lighthouse Nine"}))
	if op.id == "plan-import" {
		body = strings.ReplaceAll(body, "01890a5d-ac96-774b-bcce-b302099a8057", w.list())
	}
	return w.s.Raw(op.method, path, token, header, strings.NewReader(body))
}

// fill puts things that are there in the place of the parameters of an operation.
func (w *world) fill(d *openAPI, op operation) string {
	path := op.path
	for prefix, id := range map[string]func(op operation) string{
		"/api/v1/shows/{id}":    w.show,
		"/api/v1/imports/{id}":  w.refusing,
		"/api/v1/episodes/{id}": w.episode,
		"/api/v1/saved-views/{id}": func(operation) string {
			return w.create("/api/v1/saved-views", obj{"name": "Drafts", "address": "/episodes?status=draft"})
		},
		"/api/v1/files/{id}": func(operation) string {
			return w.s.UploadFile(apptest.FilesPath, w.s.Users.Admin.Token, "a.txt", strings.NewReader("a")).ID
		},
		"/api/v1/jobs/{id}":          w.job,
		"/api/v1/notifications/{id}": w.notification,
		"/api/v1/events/{id}": func(operation) string {
			return w.create("/api/v1/notifications", obj{"user_id": w.s.Users.Admin.ID, "type": "note", "message": "hello"})
		},
		"/api/v1/users/{id}": func(op operation) string {
			id := w.create("/api/v1/users", obj{"email": callboard.NewID() + "@example.org", "name": "Eve", "role": "viewer"})
			if op.id == "revoke-invitation" {
				w.s.Want(http.StatusCreated, http.MethodPost, "/api/v1/users/"+id+"/invitation", w.s.Users.Admin.Token, nil, nil)
			}
			return id
		},
		"/api/v1/auth/tokens/{id}":        func(operation) string { return w.create("/api/v1/auth/tokens", obj{"name": "one"}) },
		"/api/v1/auth/sessions/{id}":      func(operation) string { return w.session() },
		"/api/v1/socket/notify-user/{id}": func(operation) string { return w.s.Users.Viewer.ID },
	} {
		if strings.HasPrefix(path, prefix) {
			path = strings.Replace(path, "{id}", id(op), 1)
		}
	}
	if strings.Contains(path, "{type}") || op.id == "activity-by-user" {
		path = strings.NewReplacer("{type}", "episode", "{id}", w.episode(op)).Replace(path)
	}
	path = strings.NewReplacer("{user}", w.s.Users.Viewer.ID, "{room}", "writers", "{pos}", "1", "{profile}", "heap").Replace(path)
	var query []string
	params, _ := op.obj["parameters"].([]any)
	for _, p := range params {
		if d.member(p, "in") == "query" && d.member(p, "required") == true {
			values, many := d.member(p, "example").([]any)
			if !many {
				values = []any{d.member(p, "example")}
			}
			for _, value := range values {
				query = append(query, fmt.Sprintf("%v=%v", d.member(p, "name"), value))
			}
		}
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, "&")
	}
	return path
}

func (w *world) show(op operation) string {
	id := w.create("/api/v1/shows", obj{"title": "Lighthouse"})
	if op.id == "get-import-mapping" {
		w.s.Want(http.StatusOK, http.MethodPut, "/api/v1/shows/"+id+"/import-mapping", w.s.Users.Admin.Token, obj{"mapping": obj{"title": []string{"Folge"}}}, nil)
	}
	return id
}

// list uploads a list of which a row cannot be imported.
func (w *world) list() string {
	return w.s.UploadFile(apptest.FilesPath, w.s.Users.Admin.Token, "list.csv", strings.NewReader("title,air_date\nThe Lamp Room,1963-11-23\nLow Water,soon\n")).ID
}

// refusing imports the list.
func (w *world) refusing(operation) string {
	return w.s.AwaitDone(w.s.QueueJob(w.s.Users.Admin.Token, "data-import", obj{"file_id": w.list()}).ID).ID
}

func (w *world) episode(op operation) string {
	id := w.create("/api/v1/episodes", obj{"title": "Pilot"})
	if op.id == "restore-episode" {
		w.s.Want(http.StatusNoContent, http.MethodDelete, "/api/v1/episodes/"+id, w.s.Users.Admin.Token, nil, nil)
	}
	return id
}

func (w *world) job(op operation) string {
	id := w.s.QueueToil("waits").ID
	if op.id == "retry-job" {
		w.s.Want(http.StatusOK, http.MethodPost, apptest.JobsPath+"/"+id+"/cancel", w.s.Users.Admin.Token, nil, nil)
	}
	return id
}

func (w *world) notification(operation) string {
	w.create("/api/v1/notifications", obj{"user_id": w.s.Users.Admin.ID, "type": "note", "message": "hello"})
	var inbox []struct {
		ID string `json:"id"`
	}
	w.s.Want(http.StatusOK, http.MethodGet, "/api/v1/notifications?wait=true&type=note&limit=1", w.s.Users.Admin.Token, nil, &inbox)
	return inbox[0].ID
}

// signIn returns the cookies of a new session of the user of the examples.
func (w *world) signIn() string {
	r := w.s.Do(http.MethodPost, "/api/v1/auth/login", "", obj{"email": "ada@example.org", "password": examplePassword})
	var cookies []string
	for _, c := range (&http.Response{Header: r.Header}).Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	return strings.Join(cookies, "; ")
}

func (w *world) session() string {
	var sessions []struct {
		ID string `json:"id"`
	}
	r := w.s.Raw(http.MethodGet, "/api/v1/auth/sessions", "", http.Header{"Cookie": {w.signIn()}}, nil)
	if err := r.JSON(&struct{ Data any }{&sessions}); err != nil || len(sessions) == 0 {
		w.t.Fatalf("sessions: %s", r.Body)
	}
	return sessions[0].ID
}
