package httpapi

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

const ifNoneMatch = "If-None-Match"

// conditionalWriter answers a GET with 304 when the caller has what would be sent.
type conditionalWriter struct {
	http.ResponseWriter
	tags    []string // of If-None-Match
	matched bool
}

// conditional returns w, or a writer that answers 304 where If-None-Match asks for it.
func conditional(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	tags := r.Header.Values(ifNoneMatch)
	if len(tags) == 0 || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return w
	}
	return &conditionalWriter{ResponseWriter: w, tags: tags}
}

// WriteHeader replaces a success whose ETag the caller named.
func (w *conditionalWriter) WriteHeader(status int) {
	h := w.Header()
	if tag := h.Get("ETag"); status == http.StatusOK && tag != "" && matchesAny(w.tags, tag) {
		w.matched, status = true, http.StatusNotModified
		h.Del("Content-Type")
		h.Del("Content-Length")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *conditionalWriter) Write(b []byte) (int, error) {
	if w.matched {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *conditionalWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// matchesAny compares weakly, as RFC 9110, section 13.1.2, says: whether a tag is weak makes no difference. What is no entity
// tag matches nothing.
func matchesAny(lists []string, tag string) bool {
	opaque := strings.TrimPrefix(tag, "W/")
	for _, list := range lists {
		rest := strings.TrimSpace(list)
		if rest == "*" {
			return true
		}
		for rest != "" {
			rest = strings.TrimPrefix(strings.TrimLeft(rest, ", \t"), "W/")
			if !strings.HasPrefix(rest, `"`) {
				break
			}
			end := strings.IndexByte(rest[1:], '"') + 2
			if end < 2 {
				break
			}
			if rest[:end] == opaque {
				return true
			}
			rest = rest[end:]
		}
	}
	return false
}

// documentConditional adds If-None-Match and 304 to an operation whose output has an ETag.
func documentConditional(op *huma.Operation, output reflect.Type) {
	if field, ok := output.FieldByName("ETag"); !ok || field.Tag.Get("header") != "ETag" {
		return
	}
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: ifNoneMatch, In: "header", Schema: &huma.Schema{Type: huma.TypeString},
		Description: "ETags that the caller has, or *. When one is current: 304, without a body.",
	})
	op.Responses["304"] = &huma.Response{Description: "Not changed"}
}
