package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// maxEventsBody bounds the body of a call with many events, in bytes.
const maxEventsBody = 8 << 20

const aboutEvents = "Of a type that the application has registered, in EVENTS_FILE or in Go; all that its definition says follows from it, as from " +
	"events of Callboard itself, which only Callboard emits. Durable when answered. Without user_id the application is who acts."

// eventRoutes adds what applications append events with.
func (a *App) eventRoutes(api huma.API) {
	intake := &eventIntake{app: a, shapes: map[string]httpapi.Shape{}}
	var emits []string
	for _, t := range a.Outbox.Registry().Types() {
		if a.Outbox.Registry().BuiltIn(t.Name) {
			continue
		}
		intake.shapes[t.Name] = httpapi.InputOf(api, t)
		emits = append(emits, t.Name)
	}
	httpapi.Register(api, httpapi.Route{
		ID: "append-event", Method: http.MethodPost, Path: "/api/v1/events", Tag: "Events", Access: httpapi.AdminOrService,
		Message: "Event appended successfully",
		Example: `{"event":"cut_approved","resource_type":"cut","resource_id":"v3","resource_name":"Cut 3","data":{"title":"The Long Night"}}`,
		Status:  http.StatusAccepted, Emits: emits, Summary: "Append an event", Description: aboutEvents,
	}, intake.postOne)
	httpapi.Register(api, httpapi.Route{
		ID: "append-events", Method: http.MethodPost, Path: "/api/v1/events/bulk", Tag: "Events", Access: httpapi.AdminOrService,
		Message: "Events appended successfully",
		Example: `{"events":[{"event":"cut_approved","resource_type":"cut","resource_id":"v3","data":{"title":"The Long Night"}}]}`,
		Status:  http.StatusAccepted, Emits: emits, MaxBody: maxEventsBody,
		Summary: "Append up to 1,000 events in order, all or none", Description: aboutEvents,
	}, intake.postMany)
}

// eventBody is an event of an application on the wire.
type eventBody struct {
	Event        string    `json:"event" maxLength:"64" doc:"Name of a registered type."`
	ResourceType string    `json:"resource_type,omitempty" maxLength:"64" doc:"Type of what it is about."`
	ResourceID   string    `json:"resource_id,omitempty" maxLength:"128" doc:"What it is about. It may be left out where nothing of the type refers to the resource."`
	ResourceName string    `json:"resource_name,omitempty" maxLength:"255" doc:"Name of what it is about, for people."`
	Data         eventData `json:"data,omitempty" doc:"As the payload of the type says, and at most 256 KB."`
	UserID       string    `json:"user_id,omitempty" maxLength:"128" doc:"Who did it. Default: the caller."`
	ParentType   string    `json:"parent_type,omitempty" maxLength:"64" doc:"Type of what the resource belongs to."`
	ParentID     string    `json:"parent_id,omitempty" maxLength:"128" doc:"What the resource belongs to, where the type refers to {parent}."`
	OwnerID      string    `json:"owner_id,omitempty" maxLength:"128" doc:"The user whose it is, where the type refers to {owner}."`
}

// eventData is a JSON object, kept as it was sent.
type eventData json.RawMessage

// UnmarshalJSON implements json.Unmarshaler.
func (d *eventData) UnmarshalJSON(b []byte) error {
	*d = append((*d)[:0], b...)
	return nil
}

// MarshalJSON implements json.Marshaler.
func (d eventData) MarshalJSON() ([]byte, error) { return json.RawMessage(d).MarshalJSON() }

// Schema implements huma.SchemaProvider.
func (eventData) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

type appended struct {
	ID string `json:"id" doc:"ID of the event."`
}

type appendedMany struct {
	IDs []string `json:"ids" nullable:"false" doc:"IDs of the events, in their order."`
}

type manyEvents struct {
	Body struct {
		Events []eventBody `json:"events" minItems:"1" maxItems:"1000" doc:"The events, in their order."`
	}
}

// eventIntake takes events of applications.
type eventIntake struct {
	app    *App
	shapes map[string]httpapi.Shape // of their data, by name
}

func (in *eventIntake) postOne(ctx context.Context, input *struct{ Body eventBody }) (*httpapi.Body[appended], error) {
	ids, err := in.append(ctx, []eventBody{input.Body}, func(int) string { return "" })
	if err != nil {
		return nil, err
	}
	return httpapi.OK(appended{ID: ids[0]}), nil
}

func (in *eventIntake) postMany(ctx context.Context, input *manyEvents) (*httpapi.Body[appendedMany], error) {
	ids, err := in.append(ctx, input.Body.Events, func(i int) string { return fmt.Sprintf("events[%d].", i) })
	if err != nil {
		return nil, err
	}
	return httpapi.OK(appendedMany{IDs: ids}), nil
}

// append checks events and appends them, all or none. Ephemeral ones go to the sockets once the others are durable.
func (in *eventIntake) append(ctx context.Context, bodies []eventBody, prefix func(int) string) ([]string, error) {
	var v callboard.Validator
	for i := range bodies {
		if err := in.check(&v, prefix(i), &bodies[i]); err != nil {
			return nil, err
		}
	}
	names, err := in.names(ctx, &v, bodies, prefix)
	if err != nil {
		return nil, err
	}
	if err := v.Err(); err != nil {
		return nil, err
	}
	var durable, ephemeral []callboard.Event
	ids := make([]string, len(bodies))
	for i := range bodies {
		t, _ := in.app.Outbox.Registry().Lookup(bodies[i].Event)
		e := bodies[i].event(ctx, t, names)
		ids[i] = e.ID
		if t.Ephemeral {
			ephemeral = append(ephemeral, e)
		} else {
			durable = append(durable, e)
		}
	}
	if err := in.write(ctx, durable); err != nil {
		return nil, err
	}
	for _, e := range ephemeral {
		if err := in.app.Realtime.Ephemeral(ctx, e); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (in *eventIntake) write(ctx context.Context, events []callboard.Event) error {
	if len(events) == 0 {
		return nil
	}
	return in.app.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return in.app.Outbox.Append(ctx, tx, events...) })
}

// check notes what is wrong with an event by itself.
func (in *eventIntake) check(v *callboard.Validator, prefix string, b *eventBody) error {
	registry := in.app.Outbox.Registry()
	t, known := registry.Lookup(b.Event)
	if !known || registry.BuiltIn(b.Event) {
		v.Check(known, prefix+"event", "is not the name of a registered event; GET /api/v1/events/catalog lists them")
		v.Check(!known, prefix+"event", "is an event of Callboard itself, which nobody else may append")
		return nil
	}
	b.checkResource(v, prefix, t)
	v.Check(len(b.Data) <= outbox.MaxPayload, prefix+"data", "must be at most %d KB", outbox.MaxPayload>>10)
	if len(b.Data) == 0 {
		b.Data = eventData("{}")
	}
	err := in.shapes[t.Name].Check(prefix+"data", json.RawMessage(b.Data))
	if invalid, ok := errors.AsType[*callboard.Error](err); ok && invalid.Code == callboard.CodeInvalid {
		for _, f := range invalid.Fields {
			v.Add(f.Field, "%s", f.Message)
		}
		return nil
	}
	return err
}

// checkResource checks what the event is about, and what that belongs to, which only a type that refers to it has.
func (b *eventBody) checkResource(v *callboard.Validator, prefix string, t callboard.EventType) {
	refers := func(placeholders ...string) bool {
		return slices.ContainsFunc(placeholders, func(p string) bool {
			return slices.Contains(t.Channels, p) || slices.Contains(t.Notify, p)
		})
	}
	if t.NeedsResource() || b.ResourceType != "" || b.ResourceID != "" {
		v.Resource(prefix, callboard.Resource{Type: b.ResourceType, ID: b.ResourceID})
		v.Check(!callboard.ReservedType(b.ResourceType), prefix+"resource_type", "is reserved for channels")
	}
	v.Check(!t.Private || b.ResourceType == "user" || !refers("{resource}"), prefix+"resource_type", "must be user: the event is private")
	b.checkHeard(v, prefix, t)
	if b.ParentType != "" || b.ParentID != "" {
		v.Check(refers("{parent}", "{parent watchers}"), prefix+"parent_id", "has no use: the type does not refer to a parent")
		v.Name(prefix+"parent_type", b.ParentType)
		v.Check(!callboard.ReservedType(b.ParentType), prefix+"parent_type", "is reserved for channels")
		v.ResourceID(prefix+"parent_id", b.ParentID)
	}
	v.Check(b.OwnerID == "" || refers("{owner}"), prefix+"owner_id", "has no use: the type does not refer to an owner")
}

// checkHeard refuses an event that nobody would hear of, as all who could are those of a parent or an owner that it does not name.
func (b *eventBody) checkHeard(v *callboard.Validator, prefix string, t callboard.EventType) {
	var parent, owner bool
	for _, to := range slices.Concat(t.Channels, t.Notify) {
		switch {
		case to == "{owner}" && b.OwnerID == "":
			owner = true
		case (to == "{parent}" || to == "{parent watchers}") && b.ParentID == "":
			parent = true
		default:
			return // this one hears of it
		}
	}
	const missing = "is required: the type has nobody else hear of the event"
	v.Check(!parent, prefix+"parent_id", missing)
	v.Check(!owner, prefix+"owner_id", missing)
}

// names returns the names of all users that the events name, and notes those who are none.
func (in *eventIntake) names(
	ctx context.Context, v *callboard.Validator, bodies []eventBody, prefix func(int) string,
) (map[string]string, error) {
	var ids []string
	for _, b := range bodies {
		for _, id := range []string{b.UserID, b.OwnerID} {
			if id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	users, err := in.app.Accounts.Resolve(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(users))
	for id, user := range users {
		names[id] = user.Name
	}
	for i, b := range bodies {
		for field, id := range map[string]string{"user_id": b.UserID, "owner_id": b.OwnerID} {
			_, known := names[id]
			v.Check(known || id == "", prefix(i)+field, "no such user")
		}
	}
	return names, nil
}

func (b *eventBody) event(ctx context.Context, t callboard.EventType, names map[string]string) callboard.Event {
	res := callboard.Resource{Type: b.ResourceType, ID: b.ResourceID, Name: b.ResourceName}
	around := callboard.Relations{Parent: callboard.Resource{Type: b.ParentType, ID: b.ParentID}, Owner: b.OwnerID}
	e := t.Event(ctx, res, around, json.RawMessage(b.Data))
	if b.UserID != "" {
		e.Actor = callboard.UserRef{ID: b.UserID, Name: names[b.UserID]}
	}
	return e
}
