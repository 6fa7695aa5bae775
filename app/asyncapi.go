package app

import (
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/presence"
	"github.com/callboard/callboard/realtime"
)

// object is a JSON object of the AsyncAPI document.
type object = map[string]any

// ownMessage is what the document calls a message of an application, whose name and data are its own.
const ownMessage = "own_message"

// socketRoutes adds the AsyncAPI document, which describes the sockets as the OpenAPI document describes the rest.
func (a *App) socketRoutes(api *httpapi.API) {
	document := a.asyncAPI(api)
	encoded := sync.OnceValue(func() []byte {
		text, err := json.MarshalIndent(document, "", "  ")
		if err != nil {
			panic("app: an AsyncAPI document that does not encode: " + err.Error()) // found by any test that asks for it
		}
		return text
	})
	httpapi.Raw(api, httpapi.Route{
		ID: "asyncapi", Method: http.MethodGet, Path: "/asyncapi.json", Access: httpapi.Public, Hidden: true,
	}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(encoded()) // fails only when the caller has gone away
	}))
}

// asyncAPI returns the AsyncAPI 3 document: where the sockets are, their channels, and what each carries, from the registry of
// events.
func (a *App) asyncAPI(api *httpapi.API) object {
	payloads := map[string]*huma.Schema{
		ownMessage:            schemaOf(api, callboard.Message{}),
		presence.ViewersEvent: schemaOf(api, presence.ViewerList{}),
	}
	for name, payload := range notification.LivePayloads() {
		payloads[name] = schemaOf(api, payload)
	}
	carried := map[string][]string{
		chanUser:    slices.Sorted(maps.Keys(notification.LivePayloads())),
		chanViewers: {presence.ViewersEvent},
	}
	summaries := map[string]string{
		notification.EventNotification: "An entry of the user's inbox is new, or has been added to.",
		notification.EventUnreadCount:  "How many entries the user has not read has changed. It has no position.",
		presence.ViewersEvent:          "Who looks at the resource. It has no position.",
		ownMessage:                     "A message of an application, with a name and data of its own; direct is true. It may be called like an event.",
	}
	for _, t := range a.Outbox.Registry().Types() {
		payloads[t.Name], summaries[t.Name] = httpapi.PayloadOf(api, t).Reference(), t.Summary
		for _, channel := range channelsOf(t) {
			carried[channel] = append(carried[channel], t.Name)
		}
	}
	for _, channel := range []string{chanBroadcast, chanUser, chanRoom} {
		carried[channel] = append(carried[channel], ownMessage)
	}
	messages := object{}
	for name, payload := range payloads {
		messages[name] = messageOf(name, summaries[name], payloads[ownMessage], payload)
	}
	channels, operations := channelObjects(carried)
	return object{
		"asyncapi": "3.1.0", "id": "urn:callboard:sockets", "defaultContentType": "application/json",
		"info": a.socketInfo(), "servers": a.socketServers(), "channels": channels, "operations": operations,
		"components": object{"messages": messages, "schemas": api.OpenSchemas(payloads), "securitySchemes": securitySchemes()},
	}
}

func schemaOf(api huma.API, value any) *huma.Schema {
	t := reflect.TypeOf(value)
	return api.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
}

// Names of the channels in the document.
const (
	chanBroadcast = "broadcast"
	chanUser      = "user"
	chanRoom      = "room"
	chanResource  = "resource"
	chanViewers   = "viewers"
)

// channelsOf returns the channels that carry an event, by their names in the document.
func channelsOf(t callboard.EventType) []string {
	var names []string
	for _, c := range t.Channels {
		switch {
		case t.Private && c == "{resource}": // the resource is the user
			names = append(names, chanUser)
		case c == callboard.BroadcastChannel:
			names = append(names, chanBroadcast)
		case c == "{owner}", strings.HasPrefix(c, callboard.UserChannel("")):
			names = append(names, chanUser)
		case strings.HasPrefix(c, callboard.RoomChannel("")):
			names = append(names, chanRoom)
		default: // {resource}, {parent}, or the channel of one resource
			names = append(names, chanResource)
		}
	}
	switch t.Payload.(type) {
	case callboard.UserData, callboard.TokenData, callboard.SignInData, callboard.ConnectionsData:
		names = []string{chanUser} // the resource is the user
	case callboard.FileData:
		names = append(names, chanUser) // of a file of one's own
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func messageOf(name, summary string, envelope, payload *huma.Schema) object {
	message := object{"name": name, "title": name, "summary": summary, "payload": envelope}
	if name != ownMessage {
		message["payload"] = object{"allOf": []any{envelope, object{
			"type": "object", "properties": object{"event": object{"const": name}, "direct": object{"const": false}, "data": payload},
		}}}
	}
	return message
}

func channelObjects(carried map[string][]string) (channels, operations object) {
	channels, operations = object{}, object{}
	for name, c := range socketChannels() {
		messages := object{}
		for _, message := range carried[name] {
			messages[message] = reference("components", "messages", message)
		}
		c["messages"] = messages
		channels[name] = c
		operations["send_"+name] = object{"action": "send", "channel": reference("channels", name), "summary": c["summary"]}
	}
	return channels, operations
}

func reference(path ...string) object { return object{"$ref": "#/" + strings.Join(path, "/")} }

// socketChannels describes the kinds of channels. Who may listen is decided in realtime/viewers.go.
func socketChannels() map[string]object {
	some := callboard.Resource{Type: "{type}", ID: "{id}"}
	resource := object{
		"type": object{"description": "Type of the resource: one of Callboard's (episode, show, file, job), or your own."},
		"id":   object{"description": "ID of the resource."},
	}
	return map[string]object{
		chanBroadcast: {
			"address": callboard.BroadcastChannel, "summary": "What all who are signed in hear.",
			"description": "The server subscribes every connection to it.",
		},
		chanUser: {
			"address": callboard.UserChannel("{user_id}"), "summary": "What one user hears alone.",
			"description": "The server subscribes every connection to that of its own user; nobody may subscribe to another.",
			"parameters":  object{"user_id": object{"description": "ID of the user who is signed in, as the reply to connect names the channel."}},
		},
		chanRoom: {
			"address": callboard.RoomChannel("{room}"), "summary": "What applications send to a room.",
			"description": "Whoever is signed in may subscribe.",
			"parameters":  object{"room": object{"description": "Name of the room: 1–64 letters, digits, _ - or ."}},
		},
		chanResource: {
			"address": some.Channel(), "summary": "What happens to one resource.",
			"description": "Those who may read the resource may subscribe.", "parameters": resource,
		},
		chanViewers: {
			"address": callboard.ViewersChannel(some), "summary": "Who looks at a resource.",
			"description": "Those who may read the resource may subscribe, and are viewers from then on unless the subscription's data " +
				`is {"track": false}. The answer to the subscription holds the list; it has no history.`,
			"parameters": resource,
		},
	}
}

func (a *App) socketInfo() object {
	return object{
		"title": "Callboard sockets", "version": a.cfg.Version,
		"description": "Live events over Centrifuge's protocol in JSON: WebSocket, HTTP streaming or SSE. docs/realtime.md has every frame. " +
			"A payload here is the data of a publication. What has a position (pos) is kept, and can be read again with GET /api/v1/events.",
		"contact": object{"name": "Callboard", "url": "https://github.com/callboard/callboard"},
		"license": object{"name": "MIT", "url": "https://spdx.org/licenses/MIT.html"},
		"tags":    []any{object{"name": "sockets", "description": "Live events."}},
	}
}

func (a *App) socketServers() object {
	servers := object{}
	for name, s := range map[string]struct{ protocol, path, description string }{
		"websocket":     {"ws", realtime.PathWebSocket, "WebSocket, on the address of the API unless GET /api/v1/socket/address says otherwise."},
		"websocket_tls": {"wss", realtime.PathWebSocket, "The same behind TLS."},
		"http_stream":   {"http", realtime.PathHTTPStream, "HTTP streaming, for networks without WebSocket; commands go to " + a.cfg.PathPrefix + realtime.PathEmulation + "."},
		"sse":           {"http", realtime.PathSSE, "Server-sent events, likewise."},
	} {
		servers[name] = object{
			"host": "{host}", "pathname": a.cfg.PathPrefix + s.path, "protocol": s.protocol, "description": s.description,
			"variables": object{"host": object{"default": a.socketHost(), "description": "Host and port of the server."}},
			"security":  []any{reference("components", "securitySchemes", "token"), reference("components", "securitySchemes", "session")},
		}
	}
	return servers
}

// socketHost is where clients find the sockets, as far as the settings tell.
func (a *App) socketHost() string {
	if address, err := url.Parse(a.cfg.SocketURL); err == nil && address.Host != "" {
		return address.Host
	}
	host, port, err := net.SplitHostPort(a.cfg.HTTPAddr)
	if err != nil {
		return "127.0.0.1:8080"
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "127.0.0.1" // all addresses of this machine, of which this is one
	}
	if a.cfg.SocketPort != 0 {
		port = strconv.Itoa(a.cfg.SocketPort)
	}
	return net.JoinHostPort(host, port)
}

func securitySchemes() object {
	return object{
		"token": object{"type": "http", "scheme": "bearer", "description": "An API token, a JWT, or the token of GET /api/v1/socket/token: " +
			"as token of the connect command, or in the Authorization header of the request."},
		"session": object{"type": "httpApiKey", "in": "cookie", "name": account.CookieName, "description": "The session of a browser."},
	}
}
