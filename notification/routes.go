package notification

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const tag = "Notifications"

// Routes adds the routes of notifications to a.
func (s *Service) Routes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "create-notification", Method: http.MethodPost, Path: "/api/v1/notifications", Tag: tag,
		Message: "Notification created successfully", Errors: []int{http.StatusNotFound},
		Example: `{"user_id":"role:editor","type":"cut_ready","message":"Cut 3 is ready","priority":"high","resource_type":"cut","resource_id":"v3"}`,
		Access:  httpapi.AdminOrService, Status: http.StatusCreated, Emits: []string{callboard.NotificationCreated.Name},
		Summary: "Send a notification",
		Description: "Durable when answered; the inboxes follow a moment later, and reads of them with wait see it at once. Unread repeats of a type about the same " +
			"resource become one entry with a count.",
	}, s.postNotification)
	httpapi.Register(a, route("list-notifications", http.MethodGet, "", "The caller's inbox, newest first", ""), s.getInbox)
	httpapi.Register(a, route("count-unread-notifications", http.MethodGet, "/unread-count",
		"How many notifications the caller has not read, counted up to 1,000", ""), s.getUnreadCount)
	httpapi.Register(a, route("read-notification", http.MethodPost, "/{id}/read", "Mark one as read", "Notification marked as read"), s.postRead)
	httpapi.Register(a, route("unread-notification", http.MethodPost, "/{id}/unread",
		"Mark one as not read; one that is archived comes back to the inbox", "Notification marked as unread"), s.postUnread)
	readAll := route("read-all-notifications", http.MethodPost, "/read-all", "Mark all as read", "All notifications marked as read")
	readAll.Example = `{"up_to_pos":1042}`
	httpapi.Register(a, readAll, s.postReadAll)
	httpapi.Register(a, route("archive-notification", http.MethodPost, "/{id}/archive",
		"Move one out of the inbox; it counts as read", "Notification archived"), s.postArchive)
	httpapi.Register(a, route("unarchive-notification", http.MethodPost, "/{id}/unarchive",
		"Move one back into the inbox; it stays read", "Notification moved back to the inbox"), s.postUnarchive)
	many := route("change-notifications", http.MethodPost, "/change", "Mark, archive or delete many by their IDs", "Notifications changed successfully")
	many.Description = "All in one step, with one new unread count for all of the user's connections. Those that are not there are passed over."
	many.Example = `{"change":"archive","ids":["0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62"]}`
	httpapi.Register(a, many, s.postChange)
	httpapi.Register(a, route("delete-notification", http.MethodDelete, "/{id}", "Delete one", ""), s.deleteNotification)
	httpapi.Register(a, route("get-notification-preferences", http.MethodGet, "/preferences",
		"What the caller wants to hear of", ""), s.getPreferences)
	replace := route("put-notification-preferences", http.MethodPut, "/preferences",
		"Replace what the caller wants to hear of", "Notification preferences updated successfully")
	replace.Example = `{"mute_all":false,"types":{"episode_updated":{"in_app":true,"live":false}},` +
		`"quiet_hours":{"start":"22:00","end":"07:00","time_zone":"Europe/Berlin"}}`
	httpapi.Register(a, replace, s.putPreferences)
	s.whyRoutes(a)
	s.watchRoutes(a)
}

// route is a route on the caller's own inbox.
func route(id, method, path, summary, message string) httpapi.Route {
	return httpapi.Route{
		ID: id, Method: method, Path: "/api/v1/notifications" + path, Tag: tag, Access: httpapi.SignedIn, Summary: summary, Message: message,
	}
}

// recipients is one recipient or a list of them.
type recipients []string

// UnmarshalJSON takes a text or an array of texts.
func (r *recipients) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*r = make(recipients, 1)
		return json.Unmarshal(b, &(*r)[0])
	}
	return json.Unmarshal(b, (*[]string)(r))
}

// Schema describes both forms.
func (recipients) Schema(huma.Registry) *huma.Schema {
	maxLength, minItems, maxItems := 256, 1, MaxRecipients
	one := &huma.Schema{Type: huma.TypeString, MaxLength: &maxLength}
	return &huma.Schema{
		Description: "A user ID, role:<role>, group:<name>, watchers:<type>:<id> or all; or a list of these. The sender is among the " +
			"recipients only when named by ID.",
		OneOf: []*huma.Schema{one, {Type: huma.TypeArray, Items: one, MinItems: &minItems, MaxItems: &maxItems}},
	}
}

type createInput struct {
	Body struct {
		UserID       recipients     `json:"user_id"`
		Type         string         `json:"type" maxLength:"64" doc:"The sender's own, or the name of an event."`
		Message      string         `json:"message" minLength:"1" maxLength:"1000" doc:"With something in it that can be seen."`
		Data         map[string]any `json:"data,omitempty" doc:"At most 16 KB."`
		Priority     Priority       `json:"priority,omitempty" enum:"low,normal,high,urgent" default:"normal" doc:"Urgent ones come through in quiet hours."`
		ResourceType string         `json:"resource_type,omitempty" maxLength:"64" doc:"Type of the resource that it is about."`
		ResourceID   string         `json:"resource_id,omitempty" maxLength:"128" doc:"ID of that resource."`
		ExpiresAt    *time.Time     `json:"expires_at,omitempty" doc:"When the entry disappears by itself."`
	}
}

type created struct {
	ID string `json:"id" doc:"ID of the event that the entries follow from."`
}

func (s *Service) postNotification(ctx context.Context, in *createInput) (*httpapi.Body[created], error) {
	b := in.Body
	id, err := s.Create(ctx, Input{
		To: b.UserID, Type: b.Type, Message: b.Message, Data: b.Data, Priority: b.Priority, ExpiresAt: b.ExpiresAt,
		Resource: callboard.Resource{Type: b.ResourceType, ID: b.ResourceID},
	})
	if err != nil {
		return nil, err
	}
	return httpapi.OK(created{id}), nil
}

type inboxInput struct {
	httpapi.PageInput
	httpapi.WaitInput
	Unread   bool   `query:"unread" doc:"Only those that were not read."`
	Type     string `query:"type" maxLength:"64" doc:"Only those of this type."`
	Archived bool   `query:"archived" doc:"Those that are archived, instead of those that are not."`
}

func (s *Service) getInbox(ctx context.Context, in *inboxInput) (*httpapi.ListBody[Notification], error) {
	if err := in.Await(ctx, s.await); err != nil {
		return nil, err
	}
	filter := Filter{Unread: in.Unread, Type: in.Type, Archived: in.Archived}
	inbox, err := s.List(ctx, callboard.ActorFrom(ctx).ID, filter, in.Page())
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(inbox, in.Page()), nil
}

func (s *Service) getUnreadCount(ctx context.Context, in *httpapi.WaitInput) (*httpapi.Body[unreadData], error) {
	if err := in.Await(ctx, s.await); err != nil {
		return nil, err
	}
	n, err := s.UnreadCount(ctx, callboard.ActorFrom(ctx).ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(unreadData{n}), nil
}

func (s *Service) postRead(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[Notification], error) {
	n, err := s.MarkRead(ctx, callboard.ActorFrom(ctx).ID, in.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(n), nil
}

func (s *Service) postUnread(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[Notification], error) {
	n, err := s.MarkUnread(ctx, callboard.ActorFrom(ctx).ID, in.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(n), nil
}

func (s *Service) postUnarchive(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[Notification], error) {
	n, err := s.Unarchive(ctx, callboard.ActorFrom(ctx).ID, in.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(n), nil
}

func (s *Service) postArchive(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[Notification], error) {
	n, err := s.Archive(ctx, callboard.ActorFrom(ctx).ID, in.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(n), nil
}

type readAllInput struct {
	Body *struct {
		UpToPos int64 `json:"up_to_pos,omitempty" minimum:"1" doc:"Only those up to this position. Default: all."`
	}
}

type marked struct {
	Marked int64 `json:"marked" doc:"How many were marked."`
}

func (s *Service) postReadAll(ctx context.Context, in *readAllInput) (*httpapi.Body[marked], error) {
	var upTo int64
	if in.Body != nil {
		upTo = in.Body.UpToPos
	}
	n, err := s.MarkAllRead(ctx, callboard.ActorFrom(ctx).ID, upTo)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(marked{n}), nil
}

type changeInput struct {
	Body struct {
		Change Change   `json:"change" enum:"read,unread,archive,unarchive,delete" doc:"What to do with them: unread brings those back that are archived, and what is archived counts as read."`
		IDs    []string `json:"ids" nullable:"false" minItems:"1" maxItems:"200" format:"uuid" doc:"IDs of entries of the caller's inbox."`
	}
}

type changed struct {
	Changed int64 `json:"changed" doc:"How many of them are there, or were until they were deleted."`
}

func (s *Service) postChange(ctx context.Context, in *changeInput) (*httpapi.Body[changed], error) {
	n, err := s.ChangeMany(ctx, callboard.ActorFrom(ctx).ID, in.Body.Change, in.Body.IDs)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(changed{n}), nil
}

func (s *Service) deleteNotification(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
	return nil, s.Delete(ctx, callboard.ActorFrom(ctx).ID, in.ID)
}

func (s *Service) getPreferences(ctx context.Context, _ *struct{}) (*httpapi.Body[Preferences], error) {
	p, err := s.Preferences(ctx, callboard.ActorFrom(ctx).ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(p), nil
}

type preferencesInput struct{ Body Preferences }

func (s *Service) putPreferences(ctx context.Context, in *preferencesInput) (*httpapi.Body[Preferences], error) {
	p, err := s.SetPreferences(ctx, callboard.ActorFrom(ctx).ID, in.Body)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(p), nil
}
