package realtime

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const tag = "Sockets"

// sendDescription is the part of the description that the three routes share.
const sendDescription = "The message is durable: it gets a position, appears in GET /events, and reaches clients that reconnect " +
	"in time. With ephemeral it goes once to those who are connected now, and nowhere else. " +
	"The name is your own, also where an event of the catalog has it too: nothing of Callboard's follows from the message, and clients " +
	"tell it from the event by its member direct, which is true. It may not be one that clients use for other things: notification, unread_count, " +
	"viewers, event, connected, disconnected, subscribed, unsubscribed, gap, caught-up, reset, error."

// Routes registers the routes of the sockets.
func (s *Service) Routes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "socket-broadcast", Method: http.MethodPost, Path: "/api/v1/socket/broadcast", Tag: tag,
		Message: "Message sent to every client", Example: `{"event":"screening_started","data":{"room":"A"}}`,
		Summary: "Send a message to every client", Description: sendDescription,
		Access: httpapi.AdminOrService, Status: http.StatusAccepted,
	}, s.routeBroadcast)
	httpapi.Register(a, httpapi.Route{
		ID: "socket-notify-user", Method: http.MethodPost, Path: "/api/v1/socket/notify-user/{id}", Tag: tag,
		Message: "Message sent to the user", Example: `{"event":"cut_ready","data":{"cut":"v3"}}`,
		Summary: "Send a message to all sockets of a user", Description: sendDescription,
		Access: httpapi.AdminOrService, Status: http.StatusAccepted,
	}, s.routeNotifyUser)
	httpapi.Register(a, httpapi.Route{
		ID: "socket-notify-room", Method: http.MethodPost, Path: "/api/v1/socket/notify-room/{room}", Tag: tag,
		Message: "Message sent to the room", Example: `{"event":"typing","data":{"name":"Ada"},"ephemeral":true}`,
		Summary: "Send a message to a room", Description: sendDescription,
		Access: httpapi.AdminOrService, Status: http.StatusAccepted,
	}, s.routeNotifyRoom)
	httpapi.Register(a, httpapi.Route{
		ID: "socket-disconnect", Method: http.MethodPost, Path: "/api/v1/socket/disconnect/{user}", Tag: tag,
		Message:     "Connections ended successfully",
		Summary:     "End all connections of a user",
		Description: "Clients do not come back by themselves. It revokes nothing: disable the user to keep them out. A user who is unknown, such as one whom the application has deleted, is no error.",
		Access:      httpapi.Admin, Status: http.StatusAccepted, Emits: []string{callboard.ConnectionsEnded.Name},
	}, s.routeDisconnect)
	httpapi.Register(a, httpapi.Route{
		ID: "socket-stats", Method: http.MethodGet, Path: "/api/v1/socket/stats", Tag: tag,
		Summary: "Count connections and channels", Access: httpapi.Admin,
	}, s.routeStats)
	httpapi.Register(a, httpapi.Route{
		ID: "socket-connections", Method: http.MethodGet, Path: "/api/v1/socket/connections", Tag: tag,
		Summary: "List the connections of the node that answers", Access: httpapi.Admin,
	}, s.routeConnections)
	httpapi.Register(a, httpapi.Route{
		ID: "socket-address", Method: http.MethodGet, Path: "/api/v1/socket/address", Tag: tag,
		Summary: "Find out where the sockets are",
		Description: "Where both are empty they are where the API is. A port is of the host that was called; behind a proxy none is " +
			"told, since the proxy has the addresses: set SOCKET_URL there.",
		Access: httpapi.Public,
	}, s.routeAddress)
	httpapi.Register(a, httpapi.Route{
		ID: "socket-token", Method: http.MethodGet, Path: "/api/v1/socket/token", Tag: tag,
		Summary:     "Get a short-lived token to connect with",
		Description: "For pages of another origin, whose sockets cannot send the session cookie.",
		Access:      httpapi.SignedIn, SecretAnswer: true,
	}, s.routeToken)
}

// object is a JSON object of the caller's own making, kept as it was sent.
type object json.RawMessage

// UnmarshalJSON implements json.Unmarshaler.
func (o *object) UnmarshalJSON(b []byte) error {
	*o = append((*o)[:0], b...)
	return nil
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) { return json.RawMessage(o).MarshalJSON() }

// Schema implements huma.SchemaProvider.
func (object) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// callBody keeps its name, from which the OpenAPI document and so the clients name their type.
type callBody struct {
	Event     string    `json:"event" minLength:"1" maxLength:"64" doc:"Your own name for what happened."`
	Data      object    `json:"data,omitempty" doc:"At most 64 KB."`
	Timestamp time.Time `json:"timestamp,omitzero" required:"false" doc:"When it happened: within the last 24 hours. Default: now."`
	Ephemeral bool      `json:"ephemeral,omitempty" doc:"Only for those who are connected now: no position, no catching up."`
}

func (b callBody) request() SendRequest {
	return SendRequest{Event: b.Event, Data: json.RawMessage(b.Data), Timestamp: b.Timestamp, Ephemeral: b.Ephemeral}
}

type sent struct {
	ID string `json:"id" doc:"ID of the message, as clients see it."`
}

func answerSent(id string, err error) (*httpapi.Body[sent], error) {
	return httpapi.OK(sent{ID: id}), err
}

func (s *Service) routeBroadcast(ctx context.Context, in *struct{ Body callBody }) (*httpapi.Body[sent], error) {
	return answerSent(s.Broadcast(ctx, in.Body.request()))
}

type notifyUserInput struct {
	ID   string `path:"id" maxLength:"128" doc:"ID of the user: the UUID of an account, or one of an application's own."`
	Body callBody
}

func (s *Service) routeNotifyUser(ctx context.Context, in *notifyUserInput) (*httpapi.Body[sent], error) {
	return answerSent(s.SendToUser(ctx, in.ID, in.Body.request()))
}

type notifyRoomInput struct {
	Room string `path:"room" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]*$" patternDescription:"letters, digits, _ - or ., beginning with a letter or digit" doc:"Name of the room."`
	Body callBody
}

func (s *Service) routeNotifyRoom(ctx context.Context, in *notifyRoomInput) (*httpapi.Body[sent], error) {
	return answerSent(s.SendToRoom(ctx, in.Room, in.Body.request()))
}

type userInput struct {
	User string `path:"user" maxLength:"128" doc:"ID of the user: the UUID of an account, or one of an application's own."`
}

type disconnected struct {
	UserID string `json:"user_id" doc:"Whose connections are ended."`
}

func (s *Service) routeDisconnect(ctx context.Context, in *userInput) (*httpapi.Body[disconnected], error) {
	return httpapi.OK(disconnected{UserID: in.User}), s.Disconnect(ctx, in.User)
}

func (s *Service) routeStats(ctx context.Context, _ *struct{}) (*httpapi.Body[Stats], error) {
	st, err := s.Stats(ctx)
	return httpapi.OK(st), err
}

func (s *Service) routeConnections(ctx context.Context, in *httpapi.PageInput) (*httpapi.ListBody[Connection], error) {
	list, err := s.Connections(ctx, in.Page())
	return httpapi.ListOf(list, in.Page()), err
}

type address struct {
	URL  string `json:"url" doc:"Such as wss://sockets.example; the path is that of the transport: /connection/websocket." example:""`
	Port int    `json:"port" doc:"0: that of the API."`
}

// addressInput holds what proxies add.
type addressInput struct {
	ForwardedFor string `header:"X-Forwarded-For" hidden:"true"`
	Forwarded    string `header:"Forwarded" hidden:"true"`
}

func (s *Service) routeAddress(_ context.Context, in *addressInput) (*httpapi.Body[address], error) {
	if s.cfg.URL != "" {
		return httpapi.OK(address{URL: s.cfg.URL}), nil
	}
	if in.ForwardedFor != "" || in.Forwarded != "" {
		return httpapi.OK(address{}), nil
	}
	return httpapi.OK(address{Port: s.cfg.Port}), nil
}

type socketToken struct {
	Token     string    `json:"token" doc:"To be sent as token in the connect command."`
	ExpiresAt time.Time `json:"expires_at" doc:"When it no longer lets anybody in."`
}

func (s *Service) routeToken(ctx context.Context, _ *struct{}) (*httpapi.Body[socketToken], error) {
	if s.cfg.Tokens == nil {
		return nil, callboard.Errorf(callboard.CodeUnavailable, "this server issues no socket tokens")
	}
	token, expires, err := s.cfg.Tokens.IssueSocketToken(ctx, callboard.ActorFrom(ctx))
	return httpapi.OK(socketToken{Token: token, ExpiresAt: expires}), err
}
