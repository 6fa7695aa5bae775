package httpapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// exampleID is the ID by which the document shows what is not told apart otherwise.
const exampleID = "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17"

// exampleTime is the time that the document shows.
const exampleTime = "2026-03-14T09:26:53.589793Z"

// exampleValues are what the document shows for members and parameters of these names, unless they have an example of their own.
// Members of the same name mean the same everywhere.
func exampleValues() map[string]any {
	const user, show, episode = "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b", "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62", exampleID
	return map[string]any{
		"id": episode, "user_id": user, "owner_id": user, "actor_id": user, "created_by": user, "user": user, "created_by_name": "Ada Quill",
		"show_id": show, "episode_id": episode, "event_id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
		"ids":  []any{"0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94", "0198f4c3-0c56-7f10-9b3d-2c8e4a6d1f05"},
		"name": "Ada Quill", "user_name": "Ada Quill", "actor_name": "Ada Quill", "owner_name": "Ada Quill", "email": "ada@example.org",
		"time_zone": "Europe/Berlin", "ip": "192.0.2.17", "user_agent": "Mozilla/5.0", "token": "cb_example-of-a-token", "role": "editor",
		"title": "Dead Reckoning", "description": "Six keepers, one lamp.", "air_date": "2026-03-14", "version": 2, "season_number": 1,
		"episode_number": 4, "categories": []any{"drama"}, "thumbnail_url": nil, "viewers_total": 1,
		"content_type": "image/jpeg", "sha256": strings.Repeat("9f86d081", 8), "url": "/api/v1/files/" + exampleID + "/content", "size": 48211,
		"total": 16, "statuses": map[string]any{"draft": 4, "pending": 2, "approved": 3, "rejected": 0, "published": 7, "archived": 0},
		"kind": "bulk-export", "args": map[string]any{"what": "episodes", "format": "csv"}, "result": nil, "error": nil, "line": "42 rows written",
		"level": "info", "summary": "Writes episodes or the log to a file.", "args_schema": map[string]any{"type": "object"},
		"estimated_end": nil, "next_run_at": nil, "started_at": nil, "finished_at": nil, "p50_seconds": 1.5, "p95_seconds": 4.25, "progress": 0,
		"max_attempts": 3, "counts": map[string]any{"pending": 0, "processing": 1, "completed": 12, "failed": 0, "cancelled": 0},
		"action": "published_episode", "resource_type": "episode", "resource_id": episode, "resource_name": "Dead Reckoning",
		"metadata": map[string]any{"changes": map[string]any{"status": map[string]any{"old": "draft", "new": "published"}}},
		"key":      "published_episode", "count": 1, "days": 7, "old": "draft", "new": "published",
		"type": "episode", "message": "Ada Quill published Dead Reckoning", "unread_count": 3, "marked": 3,
		"types":   map[string]any{"episode_updated": map[string]any{"in_app": true, "live": false}},
		"event":   "episode_published",
		"data":    map[string]any{"title": "Dead Reckoning", "status": "published", "version": 2},
		"payload": map[string]any{"type": "object"}, "channels": []any{"broadcast"}, "notify": []any{"all"}, "status": "online",
		"text": "in the edit suite", "pos": 1042, "last_pos": 1042, "limit": 50, "next_cursor": "", "room": "writers", "q": "dead",
		"transport": "websocket", "start": "22:00", "end": "07:00", "port": 0,
	}
}

// documentExamples adds the examples of an operation: that of its route for the body, and what follows from the schemas for the rest.
func (c *core) documentExamples(e *endpoint, op *huma.Operation) {
	values := exampleValues()
	for _, p := range op.Parameters {
		if p.Required || p.In == "path" {
			p.Example = c.exampleOf(p.Schema, p.Name, values)
		}
	}
	if op.RequestBody != nil && e.Example != "" {
		op.RequestBody.Content["application/json"].Example = json.RawMessage(e.Example)
	}
	for _, r := range op.Responses {
		for _, media := range r.Content {
			if media.Example != nil || media.Schema == nil || media.Schema.Format == "binary" {
				continue
			}
			media.Example = c.exampleOf(media.Schema, "", values)
			if object, ok := media.Example.(map[string]any); ok && e.Message != "" {
				object["message"] = e.Message
			}
		}
	}
}

// exampleOf makes an example of a schema: that of the schema itself, that of its name, or one that follows from its parts. Members
// that may be absent are, unless the schema shows them.
func (c *core) exampleOf(s *huma.Schema, name string, values map[string]any) any {
	if len(s.Examples) > 0 {
		return s.Examples[0]
	}
	if s.Ref != "" {
		return c.exampleOf(c.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref), name, values)
	}
	value, known := values[name]
	switch {
	case known && (value != nil || s.Nullable || s.Type == "") && fits(s, value):
		return value
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Default != nil:
		return s.Default
	case len(s.OneOf) > 0:
		return c.exampleOf(s.OneOf[0], name, values)
	}
	switch s.Type {
	case huma.TypeObject:
		return c.exampleObject(s, values)
	case huma.TypeArray:
		return []any{c.exampleOf(s.Items, name, values)}
	case huma.TypeBoolean:
		return false
	case huma.TypeInteger, huma.TypeNumber:
		return 1
	case huma.TypeString:
		return exampleText(s.Format)
	}
	return map[string]any{}
}

func (c *core) exampleObject(s *huma.Schema, values map[string]any) any {
	object := map[string]any{}
	for name, property := range s.Properties {
		if slices.Contains(s.Required, name) || len(property.Examples) > 0 {
			object[name] = c.exampleOf(property, name, values)
		}
	}
	return object
}

func exampleText(format string) string {
	switch format {
	case "date-time":
		return exampleTime
	case "date":
		return exampleTime[:len("2026-03-14")]
	case "uuid":
		return exampleID
	}
	return noExample
}

// noExample stands where nobody has thought of an example; a test finds it.
const noExample = "example"

// fits reports whether a value is of the type of the schema.
func fits(s *huma.Schema, value any) bool {
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, value) {
		return false
	}
	switch value.(type) {
	case string:
		return s.Type == huma.TypeString || s.Type == ""
	case int, float64:
		return s.Type == huma.TypeInteger || s.Type == huma.TypeNumber
	case []any:
		return s.Type == huma.TypeArray
	case map[string]any:
		return s.Type == "" || s.Type == huma.TypeObject && len(s.Properties) == 0
	}
	return true
}
