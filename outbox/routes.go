package outbox

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const tag = "Events"

// Routes adds the routes of events to a.
func (l *Log) Routes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-events", Method: http.MethodGet, Path: "/api/v1/events", Tag: tag, Access: httpapi.SignedIn,
		Errors:  []int{http.StatusGone},
		Summary: "Catch up: the events after a position, in order",
		Description: "An admin reads every event, so without gaps; others read what they may hear live. Events are kept for " +
			"EVENT_RETENTION; a position from before that is answered with 410 and the oldest position still there.",
	}, l.getEvents)
	l.healthRoutes(a)
	refs, views := l.catalog(a)
	documentData(a.OpenAPI().Components.Schemas, refs)
	httpapi.Register(a, httpapi.Route{
		ID: "event-catalog", Method: http.MethodGet, Path: "/api/v1/events/catalog", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Every type of event, and what follows from it",
		// Which payload is whose.
		Document: func(op *huma.Operation) { op.Extensions[httpapi.ExtensionPayloads] = refs },
	}, func(context.Context, *struct{}) (*httpapi.Body[[]typeView], error) {
		return httpapi.OK(views), nil
	})
}

type eventsInput struct {
	After  int64 `query:"after" minimum:"0" doc:"The last position that was seen; 0 for the beginning."`
	Latest bool  `query:"latest" doc:"No events, only the newest position: where one begins who has seen none."`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"100" doc:"Events per page."`
}

type eventsBody struct {
	Body struct {
		Data []callboard.Message `json:"data" nullable:"false" doc:"The events that the caller may read, in the order of their positions."`
		Pos  int64               `json:"pos" doc:"The answer is complete up to here: pass it as after next time."`
		Last int64               `json:"last_pos" doc:"The newest position there is. Equal to pos when there is no more."`
	}
}

func (l *Log) getEvents(ctx context.Context, in *eventsInput) (*eventsBody, error) {
	feed, err := l.feed(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &eventsBody{}
	out.Body.Pos, out.Body.Last = feed.Pos, feed.Last
	out.Body.Data = make([]callboard.Message, len(feed.Events))
	for i, e := range feed.Events {
		out.Body.Data[i] = e.Message()
	}
	return out, nil
}

func (l *Log) feed(ctx context.Context, in *eventsInput) (Feed, error) {
	if !in.Latest {
		return l.Events(ctx, in.After, in.Limit)
	}
	last, err := LastPos(ctx, l.cfg.DB)
	return Feed{Pos: last, Last: last}, err
}

// payloadSchema is the JSON Schema of a payload. To the document it is just some object.
type payloadSchema json.RawMessage

// MarshalJSON implements json.Marshaler.
func (p payloadSchema) MarshalJSON() ([]byte, error) { return p, nil }

// Schema implements huma.SchemaProvider.
func (payloadSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// typeView is a line of the registry on the wire.
type typeView struct {
	Name        string        `json:"name" doc:"Name of the event." example:"episode_published"`
	Application bool          `json:"application" doc:"Defined by an application, and not by Callboard itself."`
	Action      string        `json:"action,omitempty" doc:"Action of its activity entry; absent when it leaves none."`
	Channels    []string      `json:"channels" nullable:"false" doc:"Who hears of it live. {resource} is the resource's own channel."`
	Notify      []string      `json:"notify" nullable:"false" doc:"Who is notified, but never the actor. {watchers} are those of the resource."`
	Message     string        `json:"message,omitempty" doc:"Text of the notification; {data.title} stands for the field title of the data."`
	Once        bool          `json:"once" doc:"Meant to happen to a resource once at most: its notifications are not counted together. Nothing enforces it."`
	Watch       bool          `json:"watch" doc:"Who does it watches the resource from then on."`
	Private     bool          `json:"private" doc:"About a user, and only for that user and admins, in the log too."`
	Ephemeral   bool          `json:"ephemeral" doc:"Sent once to those who are connected: no position, no catching up."`
	Summary     string        `json:"summary" doc:"What happened." example:"The status of an episode became published."`
	Payload     payloadSchema `json:"payload" doc:"JSON Schema of its data."`
}

// catalog adds the payload types to the OpenAPI document. It returns references to their schemas by event name, and the lines of
// the catalog.
func (l *Log) catalog(a huma.API) (refs map[string]*huma.Schema, views []typeView) {
	refs = map[string]*huma.Schema{}
	for _, t := range l.cfg.Events.Types() {
		shape := httpapi.PayloadOf(a, t)
		refs[t.Name] = shape.Reference()
		views = append(views, typeView{
			Name: t.Name, Application: !l.cfg.Events.BuiltIn(t.Name), Action: t.Action, Channels: orEmpty(t.Channels),
			Notify: orEmpty(t.Notify), Message: t.Message, Once: t.Once, Watch: t.Watch, Private: t.Private, Ephemeral: t.Ephemeral,
			Summary: t.Summary, Payload: payloadSchema(shape.Whole(l.cfg.Events.BuiltIn(t.Name))),
		})
	}
	return refs, views
}

func orEmpty(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}

// documentData says in the document that the data of a message is one of the payloads, or an application's own.
func documentData(registry huma.Registry, refs map[string]*huma.Schema) {
	named := map[string]bool{}
	message := registry.SchemaFromRef(registry.Schema(reflect.TypeFor[callboard.Message](), true, "").Ref)
	data := message.Properties["data"]
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		if s := refs[name]; !named[s.Ref] {
			named[s.Ref] = true
			data.AnyOf = append(data.AnyOf, s)
		}
	}
	data.AnyOf = append(data.AnyOf, &huma.Schema{Type: huma.TypeObject})
}
