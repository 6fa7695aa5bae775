package callboard_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	roles := callboard.Roles()
	for i, r := range roles {
		for j, other := range roles {
			if got := r.Includes(other); got != (i <= j) {
				t.Errorf("%s includes %s: %v", r, other, got)
			}
		}
		if r.Includes("root") || callboard.Role("root").Includes(r) || callboard.Role("").Includes("") {
			t.Errorf("an unknown role is included, or includes %s", r)
		}
	}
}

func TestCanActFor(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		actor callboard.Actor
		user  string
		want  bool
	}{
		{"nobody for nobody", callboard.Actor{}, "", false},
		{"a nobody that claims to be admin", callboard.Actor{Role: callboard.RoleAdmin}, "b", false},
		{"oneself", callboard.Actor{ID: "a", Role: callboard.RoleViewer}, "a", true},
		{"another", callboard.Actor{ID: "a", Role: callboard.RoleEditor}, "b", false},
		{"another, as an admin", callboard.Actor{ID: "a", Role: callboard.RoleAdmin}, "b", true},
		{"another, as an application", callboard.Actor{ID: "a", Role: callboard.RoleViewer, Service: true}, "b", true},
	} {
		if got := tt.actor.CanActFor(tt.user); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestParseAudience(t *testing.T) {
	t.Parallel()
	id := callboard.NewID()
	for text, want := range map[string]callboard.Audience{
		"all":                    {All: true},
		"role:editor":            {Role: callboard.RoleEditor},
		"role:Head of Camera":    {Role: "Head of Camera"},
		"group:unit 2":           {Group: "unit 2"},
		"watchers:episode:" + id: {Watched: callboard.Resource{Type: "episode", ID: id}},
		"watchers:cut:v3.1":      {Watched: callboard.Resource{Type: "cut", ID: "v3.1"}},
		id:                       {UserID: id},
		"auth0|abc":              {UserID: "auth0|abc"},
	} {
		got, err := callboard.ParseAudience(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q, %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, text := range []string{"", "role:", "role: ", "role:a\n", "group:", "group:\x00", "watchers:", "watchers:episode", "watchers::x",
		"watchers:a:b:c", "system", "app", "app-" + id, id + " "} {
		if _, err := callboard.ParseAudience(text); callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// hostileIDs are texts that are not the ID of a user. Their names say why.
func hostileIDs() map[string]string {
	return map[string]string{
		"empty": "", "a space": " ", "spaces around": " 42 ", "a wide space behind": "42\u3000", "too long": strings.Repeat("ä", 129),
		"NUL": "4\x002", "a line break": "4\n2", "a tab": "4\t2", "delete": "4\x7f2", "a C1 control": "4\u00852", "an escape": "\x1b[31m42",
		"not UTF-8": "4\xff2", "a surrogate": "4\xed\xa0\x802", "turned round": "\u202e42", "without a width": "4\u200b2",
		"a byte order mark": "\ufeff42", "a line separator": "4\u20282", "nothing to see": "\u3164",
		"everybody": "all", "Callboard": "system", "applications": "app", "an application": "app-0197", "a role": "role:admin",
		"no role": "role:", "a group": "group:camera", "watchers": "watchers:episode:1", "this folder": ".", "the one above": "..",
	}
}

func TestValidUserID(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		callboard.NewID(), "42", "auth0|abc", "me@example.org", "Ada Quill", "A/B/../c", "user:7", "$a#b&c,d;e", "=1+1", "%2F", `"'\`, "ALL",
		"application", "ada", "Ada", "é", "e\u0301", strings.Repeat("ä", 128), "<script>", "日本",
	} {
		if !callboard.ValidUserID(id) {
			t.Errorf("%q is refused", id)
		}
	}
	for why, id := range hostileIDs() {
		var v callboard.Validator
		v.UserID("user_id", id)
		if callboard.ValidUserID(id) || callboard.CodeOf(v.Err()) != callboard.CodeInvalid {
			t.Errorf("%s: %q is taken", why, id)
		}
	}
}

func TestUserInfo(t *testing.T) {
	t.Parallel()
	director := callboard.UserInfo{Role: callboard.RoleEditor, Roles: []string{"director", "admin"}, Groups: []string{"unit 2"}}
	for audience, want := range map[string]bool{
		"all": true, "role:director": true, "role:editor": true, "role:admin": false, "role:viewer": false,
		"group:unit 2": true, "group:unit": false, "42": false,
	} {
		a, err := callboard.ParseAudience(audience)
		if got := director.In(a); got != want || err != nil {
			t.Errorf("in %s: %v, %v", audience, got, err)
		}
	}
	want := callboard.Actor{ID: "42", Name: "42", Role: callboard.RoleViewer}
	if got := (callboard.UserInfo{Role: "root", Roles: []string{"admin"}}).Actor("42"); got != want {
		t.Errorf("acts as %+v, want %+v", got, want)
	}
}

func TestValidNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"episode": true, "published_episode": true, "v3.1-b": true, "0": true, strings.Repeat("a", 64): true,
		"": false, "_a": false, ".a": false, "a:b": false, "a b": false, "ä": false, "a\x00": false, "a/b": false,
		strings.Repeat("a", 65): false,
	} {
		if got := callboard.ValidName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// The rule is told whole: each part of it that a name can break is in the message.
func TestNamesAreExplained(t *testing.T) {
	t.Parallel()
	var v callboard.Validator
	v.Name("type", "_a")
	v.ResourceID("id", ".a")
	v.Name("fine", "a")
	v.ResourceID("fine", "7")
	const rest = " letters, digits, _ - or ., beginning with a letter or digit"
	want := []callboard.FieldError{{Field: "type", Message: "must be 1 to 64" + rest}, {Field: "id", Message: "must be 1 to 128" + rest}}
	err, _ := errors.AsType[*callboard.Error](v.Err())
	if diff := cmp.Diff(want, err.Fields); diff != "" {
		t.Error(diff)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk on fire")
	err := fmt.Errorf("save: %w", callboard.Wrap(cause, callboard.CodeUnavailable, "try again later"))
	if callboard.CodeOf(err) != callboard.CodeUnavailable || !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}
	if callboard.CodeOf(nil) != "" || callboard.CodeOf(cause) != callboard.CodeInternal {
		t.Error("codes of no error, and of one from elsewhere")
	}
	var v callboard.Validator
	if v.Err() != nil {
		t.Error("nothing is wrong, and yet there is an error")
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	changes := callboard.Changes{}
	changes.Compare("same", new("x"), new("x"))
	changes.Compare("nil", (*string)(nil), (*string)(nil))
	changes.Compare("list", []string{"a"}, []string{"a"})
	changes.Compare("set", (*string)(nil), new("x"))
	changes.Compare("number", new(1), new(2))
	b, err := json.Marshal(changes)
	if want := `{"number":{"old":1,"new":2},"set":{"old":null,"new":"x"}}`; string(b) != want || err != nil {
		t.Errorf("%s, %v; want %s", b, err, want)
	}
}

// The registry is complete and consistent: every event has what its kind needs, and no name is there twice.
func TestBuiltInEvents(t *testing.T) {
	t.Parallel()
	registry := newRegistry(t)
	seen := map[string]bool{}
	for _, e := range registry.Types() {
		if err := e.Validate(); err != nil || seen[e.Name] || !registry.BuiltIn(e.Name) {
			t.Errorf("%q: doubled or wrong: %v", e.Name, err)
		}
		seen[e.Name] = true
		if kind := reflect.TypeOf(e.Payload); kind == nil || kind.Kind() != reflect.Struct {
			t.Errorf("%s has no payload type", e.Name)
		}
		if len(e.Notify) > 0 && !strings.Contains(e.Message, "{resource}") {
			t.Errorf("%s notifies with the message %q", e.Name, e.Message)
		}
		if found, ok := registry.Lookup(e.Name); !ok || found.Action != e.Action {
			t.Errorf("%s cannot be looked up", e.Name)
		}
		if e.Action != "" && registry.PublicAction(e.Action) == e.Private {
			t.Errorf("%s: the wrong people may read its entries", e.Name)
		}
	}
	files, err := filepath.Glob("event_*.go")
	if err != nil {
		t.Fatal(err)
	}
	defined := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		defined += strings.Count(string(text), "= Define[")
	}
	if defined != len(seen) {
		t.Errorf("%d events are defined, and %d registered", defined, len(seen))
	}
}

func newRegistry(t *testing.T, own ...callboard.EventType) *callboard.Registry {
	t.Helper()
	registry, err := callboard.NewRegistry(own...)
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

type cutData struct {
	Title string `json:"title"`
	Round int    `json:"round,omitempty"`
}

func cutApproved() callboard.EventDef[cutData] {
	return callboard.Define[cutData](callboard.EventType{
		Name: "cut_approved", Action: "approved_cut", Channels: []string{"broadcast", "{resource}"}, Notify: []string{"{watchers}", "role:admin"},
		Message: "{actor} approved {data.title}", Watch: true, Summary: "A cut was approved.",
	})
}

// An application's event is like one of Callboard's own. What could not work is refused, with a field that names it.
func TestRegistryOfAnApplication(t *testing.T) {
	t.Parallel()
	registry := newRegistry(t, cutApproved().EventType)
	if own, ok := registry.Lookup("cut_approved"); !ok || registry.BuiltIn("cut_approved") || !registry.PublicAction(own.Action) {
		t.Error("it is not registered, or like those of Callboard")
	}
	if registry.PublicAction("of_an_event_that_was_removed") {
		t.Error("all may read what nobody knows to be public")
	}
	secret := callboard.EventType{Name: "raise_granted", Action: "granted_raise", Private: true, Summary: "A raise.", Channels: []string{"{resource}", "{owner}"}}
	if newRegistry(t, secret).PublicAction(secret.Action) {
		t.Error("all may read the entries of a private event")
	}
	for field, change := range map[string]func(*callboard.EventType){
		"events[0].name":           func(t *callboard.EventType) { t.Name = "cut approved" },
		"episode_created.name":     func(t *callboard.EventType) { t.Name = "episode_created" },
		"notification.name":        func(t *callboard.EventType) { t.Name = "notification" },
		"cut_approved.action":      func(t *callboard.EventType) { t.Action = "created_episode" },
		"cut_approved.summary":     func(t *callboard.EventType) { t.Summary = " " },
		"cut_approved.channels[1]": func(t *callboard.EventType) { t.Channels = []string{"broadcast", "{resources}"} },
		"cut_approved.channels[0]": func(t *callboard.EventType) { t.Channels = []string{"viewers:cut:1"} },
		"cut_approved.notify[0]":   func(t *callboard.EventType) { t.Notify = []string{"watchers"} },
		"cut_approved.notify[2]":   func(t *callboard.EventType) { t.Notify = []string{"42", "auth0|abc", "{editors}"} },
		"cut_approved.notify[1]":   func(t *callboard.EventType) { t.Private, t.Channels, t.Notify = true, nil, []string{"{owner}", "all"} },
		"cut_approved.message":     func(t *callboard.EventType) { t.Message = "{actor} approved {data.name}" },
		"cut_approved.ephemeral":   func(t *callboard.EventType) { t.Ephemeral = true },
		"cut_approved.payload":     func(t *callboard.EventType) { t.Payload = struct{ F func() }{}; t.Message = "{actor} did" },
		"cut_approved.payload.required": func(t *callboard.EventType) {
			properties := map[string]*callboard.Schema{"title": {Type: "string"}}
			t.Payload, t.Schema = nil, &callboard.Schema{Properties: properties, Required: []string{"title", "title"}}
		},
		"cut_approved.payload.title.type": func(t *callboard.EventType) {
			t.Payload, t.Schema = nil, &callboard.Schema{Properties: map[string]*callboard.Schema{"title": {Type: "text"}}}
		},
	} {
		bad := cutApproved().EventType
		change(&bad)
		_, err := callboard.NewRegistry(bad)
		e, _ := errors.AsType[*callboard.Error](err)
		if e == nil || e.Code != callboard.CodeInvalid || len(e.Fields) != 1 || e.Fields[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := callboard.NewRegistry(cutApproved().EventType, cutApproved().EventType); callboard.CodeOf(err) != callboard.CodeInvalid {
		t.Errorf("twice: %v", err)
	}
}

func TestMessagesOfEvents(t *testing.T) {
	t.Parallel()
	text := callboard.EventType{Message: "{actor} {{data.title}} } {resource} {"}.Text(func(name string) string {
		return "<" + strings.Trim(name, "{}") + "{actor}>"
	})
	if want := "<actor{actor}> {<title{actor}>} } <resource{actor}> {"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

// What is not registered, or goes to others than its type says, is refused. Nothing follows from a message of the socket calls,
// whatever its name.
func TestRegistryChecksEvents(t *testing.T) {
	t.Parallel()
	secret := callboard.Define[cutData](callboard.EventType{
		Name: "raise_granted", Action: "granted_raise", Private: true, Summary: "A raise.", Channels: []string{"{resource}"},
	})
	shift := callboard.EventType{Name: "shift_ended", Summary: "A shift ended.", Channels: []string{"broadcast"}}
	registry := newRegistry(t, cutApproved().EventType, secret.EventType, shift)
	ctx, cut := callboard.WithActor(t.Context(), callboard.Actor{ID: "42", Name: "Ada"}), callboard.Resource{Type: "cut", ID: "42"}
	direct := callboard.NewEvent(ctx, "episode_published", callboard.Resource{Type: "room", ID: "writers"}, nil)
	direct.Direct = true
	for what, c := range map[string]struct {
		event       callboard.Event
		fits, known bool
	}{
		"registered":                        {cutApproved().New(ctx, cut, cutData{}), true, true},
		"about nothing":                     {shift.Event(ctx, callboard.Resource{}, callboard.Relations{}, nil), true, true},
		"about nothing, which others watch": {cutApproved().New(ctx, callboard.Resource{}, cutData{}), false, true},
		"about no type":                     {cutApproved().New(ctx, callboard.Resource{ID: "42"}, cutData{}), false, true},
		"about no ID":                       {cutApproved().New(ctx, callboard.Resource{Type: "cut"}, cutData{}), false, true},
		"Callboard's own":                   {callboard.EpisodeRestored.New(ctx, cut, callboard.EpisodeData{}), true, true},
		"a message":                         {direct, true, false},
		"unknown":                           {callboard.NewEvent(ctx, "curtain_up", cut, nil), false, false},
		"of a reserved type":                {cutApproved().New(ctx, callboard.Resource{Type: "viewers", ID: "1"}, cutData{}), false, true},
		"private to nobody":                 {secret.New(ctx, cut, cutData{}), false, true},
		"private":                           {secret.New(ctx, callboard.Resource{Type: "user", ID: "auth0|abc"}, cutData{}), true, true},
	} {
		if err := registry.Check(&c.event); (err == nil) != c.fits || err != nil && callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("%s: %v", what, err)
		}
		if kind, known := registry.TypeOf(&c.event); known != c.known || known && kind.Name != c.event.Name {
			t.Errorf("%s is known as %q", what, kind.Name)
		}
		if c.event.Actor = (callboard.UserRef{}); callboard.CodeOf(registry.Check(&c.event)) != callboard.CodeForbidden {
			t.Errorf("%s, by nobody: %v", what, registry.Check(&c.event))
		}
	}
}

// What an event type refers to, its events must have.
func TestTypesThatNeedAResource(t *testing.T) {
	t.Parallel()
	for what, typ := range map[string]callboard.EventType{
		"its channel": {Channels: []string{"{resource}"}}, "its watchers": {Notify: []string{"{watchers}"}},
		"a watch": {Watch: true}, "its name": {Message: "{actor} saw {resource}"},
	} {
		if !typ.NeedsResource() {
			t.Errorf("%s needs none", what)
		}
	}
	others := callboard.EventType{Channels: []string{"broadcast", "{parent}", "{owner}"}, Notify: []string{"{parent watchers}", "all"}, Message: "{actor} did"}
	if others.NeedsResource() {
		t.Error("one that refers to others needs one")
	}
}

// An application is who acts, and not the user whose token it has.
func TestApplicationsActThemselves(t *testing.T) {
	t.Parallel()
	actor := callboard.Actor{ID: callboard.NewID(), Name: "Ada", Role: callboard.RoleAdmin, Credential: callboard.NewID()}
	event := func() callboard.UserRef {
		ctx := callboard.WithActor(t.Context(), actor)
		return callboard.NewEvent(ctx, "curtain_up", callboard.Resource{}, nil).Actor
	}
	if got := event(); got != (callboard.UserRef{ID: actor.ID, Name: "Ada"}) {
		t.Errorf("a user acts as %v", got)
	}
	actor.Service, actor.Application = true, "Render farm"
	if got := event(); got.Name != "Render farm" || callboard.ValidID(got.ID) || !strings.HasSuffix(got.ID, actor.Credential) {
		t.Errorf("an application acts as %v", got)
	}
}

func TestBlank(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " \t\n", "\u00a0\u2003", "\u200b", "\u200d\ufeff \u2060", "\u00ad", "\u3164", "\u2800", "\ufe0f", "\x00"} {
		if !callboard.Blank(text) {
			t.Errorf("%q is not blank", text)
		}
	}
	for _, text := range []string{"a", " . ", "\u200bb", "ไทย", "👩\u200d🚀", "한"} {
		if callboard.Blank(text) {
			t.Errorf("%q is blank", text)
		}
	}
}

// What a resource belongs to hears of it and is notified; where it belongs to nothing, nobody is.
func TestKindsOfWhatBelongsToOthers(t *testing.T) {
	t.Parallel()
	ctx, owner := context.Background(), callboard.NewID()
	res, episode := callboard.Resource{Type: "job", ID: "j1"}, callboard.Resource{Type: "episode", ID: "e1"}
	around := callboard.Relations{Parent: episode, Owner: owner}
	queued := callboard.JobQueued.NewRelated(ctx, res, around, callboard.JobData{})
	completed := callboard.JobCompleted.NewRelated(ctx, res, around, callboard.JobData{})
	created := callboard.FileCreated.NewRelated(ctx, res, around, callboard.FileData{})
	alone := callboard.JobCompleted.New(ctx, res, callboard.JobData{})
	got := [][]string{queued.Channels, completed.Audience, created.Audience, alone.Channels, alone.Audience}
	want := [][]string{
		{"job:j1", "episode:e1", "user:" + owner}, {owner}, {"watchers:episode:e1"}, {"broadcast", "job:j1"}, {},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("channels and audiences (-want +got):\n%s", diff)
	}
}

func TestKindFillsFromTheRegistry(t *testing.T) {
	t.Parallel()
	ctx := callboard.WithActor(context.Background(), callboard.Actor{ID: "u1", Name: "Ada"})
	ctx = callboard.WithRequest(ctx, callboard.Request{IP: "192.0.2.1", UserAgent: "test"})
	e := callboard.EpisodeDeleted.New(ctx, callboard.Resource{Type: "episode", ID: "e1", Name: "Pilot"}, callboard.EpisodeData{Title: "Pilot"})
	if e.Err() != nil || !callboard.ValidID(e.ID) || e.Actor.Name != "Ada" || e.IP != "192.0.2.1" {
		t.Errorf("%+v", e)
	}
	if want := []string{"broadcast", "episode:e1"}; !slices.Equal(e.Channels, want) {
		t.Errorf("channels %v, want %v", e.Channels, want)
	}
	if want := []string{"role:admin", "watchers:episode:e1"}; !slices.Equal(e.Audience, want) {
		t.Errorf("audience %v, want %v", e.Audience, want)
	}
	if bad := callboard.NewEvent(ctx, "x", callboard.Resource{}, func() {}); bad.Err() == nil {
		t.Error("a payload that does not encode is no error")
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{-1: 50, 0: 50, 1: 1, 200: 200, 201: 200} {
		if got := (callboard.Page{Limit: limit}).Size(); got != want {
			t.Errorf("limit %d gives %d", limit, got)
		}
	}
	list := callboard.NewList([]int{1, 2, 3}, 2, func(n int) any { return n })
	var last int
	if err := callboard.DecodeCursor(list.NextCursor, &last); err != nil || last != 2 || len(list.Items) != 2 {
		t.Errorf("%+v, %d, %v", list, last, err)
	}
	if list := callboard.NewList([]int{1, 2}, 2, func(n int) any { return n }); list.NextCursor != "" {
		t.Errorf("the last page has the cursor %q", list.NextCursor)
	}
}

func FuzzDecodeCursor(f *testing.F) {
	type key struct {
		Title string `json:"t"`
		ID    int64  `json:"i"`
	}
	f.Add(callboard.EncodeCursor(key{"a", 1}))
	f.Add("")
	f.Add("bnVsbA")
	f.Add("eyJ0IjoiYSJ9eyJ0IjoiYSJ9")
	f.Fuzz(func(t *testing.T, cursor string) {
		var k key
		err := callboard.DecodeCursor(cursor, &k)
		if err == nil {
			var again key
			if err := callboard.DecodeCursor(callboard.EncodeCursor(k), &again); err != nil || again != k {
				t.Errorf("%+v comes back as %+v, %v", k, again, err)
			}
			return
		}
		if callboard.CodeOf(err) != callboard.CodeInvalid || len(cursor) > 8 && strings.Contains(err.Error(), cursor) {
			t.Errorf("%q: %v", cursor, err)
		}
	})
}

func ExampleEventDef_New() {
	ctx := callboard.WithActor(context.Background(), callboard.Actor{ID: "u1", Name: "Ada"})
	pilot := callboard.Resource{Type: "episode", ID: "e1", Name: "Pilot"}
	event := callboard.EpisodePublished.New(ctx, pilot, callboard.EpisodeData{Title: "Pilot", Status: "published"})
	fmt.Println(event.Name, event.Channels, event.Audience)
	// Output: episode_published [broadcast episode:e1] [all]
}

// An application defines an event of its own: who hears of it, whom it notifies, and what it holds.
func ExampleDefine() {
	type cutData struct {
		Title string `json:"title"`
	}
	approved := callboard.Define[cutData](callboard.EventType{
		Name: "cut_approved", Summary: "A cut was approved.", Action: "approved_cut",
		Channels: []string{"broadcast", "{resource}"}, Notify: []string{"{watchers}"}, Message: "{actor} approved {data.title}",
	})
	if _, err := callboard.NewRegistry(approved.EventType); err != nil { // app.Config.Events does so for a server
		fmt.Println(err)
	}
	event := approved.New(context.Background(), callboard.Resource{Type: "cut", ID: "42"}, cutData{Title: "Third cut"})
	fmt.Println(event.Name, event.Channels, event.Audience, string(event.Data))
	// Output: cut_approved [broadcast cut:42] [watchers:cut:42] {"title":"Third cut"}
}
